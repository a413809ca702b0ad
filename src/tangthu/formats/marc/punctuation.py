"""Take off the ISBD punctuation that MARC keeps at the ends of subfields, and put it there."""

from __future__ import annotations

import re

from tangthu.formats.marc.record import DataField, Subfield

_SEPARATORS = " \t/:;,=+"
# A full stop that belongs to the word: an initial, a known abbreviation, three points.
_OWN_STOP = re.compile(
    r"(?:\b[^\W\d_]|\b(?:Jr|Sr|Dr|Mr|Mrs|St|Inc|Ltd|Co|Corp|etc|vv|Nxb|ed|tr|pp|vol|ill|col|TP)"
    r"|\.\.)\.$"
)
_BRACKETS = str.maketrans("", "", "[]<>")
# The sign that stands at the end of a subfield, by the code of the next one.
_SIGNS = {
    "020": {"c": " :"},
    "245": {"b": " :", "c": " /", "n": ".", "p": "."},
    "250": {"b": " /"},
    "260": {"a": " ;", "b": " :", "c": ","},
    "264": {"a": " ;", "b": " :", "c": ","},
    "300": {"b": " :", "c": " ;", "e": " +"},
    "490": {"v": " ;", "x": ","},
}


def trim(text: str) -> str:
    """Return the text without the separators and the full stop that end a subfield."""
    text = text.rstrip(_SEPARATORS)
    while text.endswith(".") and not _OWN_STOP.search(text):
        text = text[:-1].rstrip(_SEPARATORS)
    return text


def trim_separators(text: str) -> str:
    """Return the text without the separators that announce the next subfield."""
    return text.rstrip(_SEPARATORS)


def unbracket(text: str) -> str:
    """Return text without the brackets of what a cataloguer supplied."""
    return text.translate(_BRACKETS).strip() if "[" in text or "<" in text else text


def punctuated(field: DataField) -> DataField:
    """Return the field with the signs of ISBD before each subfield that has one."""
    signs = _SIGNS.get(field.tag)
    if signs is None:
        return field
    subfields = []
    for at, (code, value) in enumerate(field.subfields):
        following = field.subfields[at + 1].code if at + 1 < len(field.subfields) else ""
        subfields.append(Subfield(code, _joined(value, signs.get(following, ""), after=code)))
    return DataField(field.tag, field.ind1, field.ind2, tuple(subfields))


def _joined(value: str, sign: str, *, after: str) -> str:
    value = trim_separators(value)
    if sign == "." and after == "n":
        sign = ","
    return value if sign == "." and value.endswith(".") else value + sign
