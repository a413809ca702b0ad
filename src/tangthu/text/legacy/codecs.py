"""Reading and writing the encodings that Vietnamese computers used before Unicode."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from tangthu.text.legacy import tables
from tangthu.text.normal import compose
from tangthu.text.syllables import TONED


class Encoding(StrEnum):
    """An encoding in which Vietnamese text may have been written, or mangled."""

    TCVN3 = "tcvn3"
    VNI = "vni"
    VIQR = "viqr"
    VISCII = "viscii"
    CP1258 = "cp1258"
    UTF8 = "utf-8"
    MARC8_LOW_BYTE = "marc-8-low-byte"


# Windows shows these for the bytes 0x80-0x9F; Latin-1 shows control characters.
_WINDOWS = {
    ord(bytes([byte]).decode("cp1252")): byte
    for byte in range(0x80, 0xA0)
    if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_TCVN3_TABLE = str.maketrans(tables.TCVN3)
_VISCII_TABLE = str.maketrans(tables.VISCII)
_LOW_BYTE_TABLE = {ord(sign): letter for sign, letter in tables.MARC8_LOW_BYTE.items()}
_MINUS_FOR_U_HORN = re.compile(r"(?<=[^\W\d_])\u2212|\u2212(?=[^\W\d_])")
_VNI_UNIT = re.compile(
    "|".join(sorted(map(re.escape, tables.VNI), key=len, reverse=True)) + "|[AEOUYaeouyÔÖôö]"
)
_VIQR_UNIT = re.compile(
    r"\\(?P<literal>.)|(?P<d>[dD])[dD]|(?P<vowel>[AEIOUYaeiouy])(?P<hat>[(^+*])?(?P<tone>[`?~'.])?",
    re.DOTALL,
)
_VIQR_HATTED = {"(": "aA", "^": "aeoAEO", "+": "ouOU", "*": "ouOU"}
_VIQR_AMBIGUOUS = re.compile(r"(?<=[^\W\d_])[(^+*`?~'.]|[dD](?=[dDđĐ])|\\")
_FROM_TCVN3 = {letter: sign for sign, letter in tables.TCVN3.items()}
_FROM_VISCII = {letter: sign for sign, letter in tables.VISCII.items()}
_FROM_VNI = {letter: sign for sign, letter in tables.VNI.items()}
_VIQR_SIGN = {mark: sign for sign, mark in (tables.VIQR_HATS | tables.VIQR_TONES).items()} | {
    "\u031b": "+"
}


def decode(data: bytes, encoding: Encoding) -> str:
    """Return the text of `data`; a byte that the encoding does not know is read as Latin-1."""
    if encoding in {Encoding.UTF8, Encoding.MARC8_LOW_BYTE}:
        return data.decode("utf-8", "replace")
    return reread(data.decode("latin-1"), encoding) or data.decode("latin-1")


def encode(text: str, encoding: Encoding) -> bytes:
    """Return `text` in the encoding.

    Raises UnicodeEncodeError where the encoding has no place for a letter: TCVN3
    has no capitals with tones, no encoding but UTF-8 has the letters of Ê Đê.
    """
    text = compose(text)
    match encoding:
        case Encoding.TCVN3:
            return _encode_by(text, _FROM_TCVN3, encoding)
        case Encoding.VISCII:
            return _encode_by(text, _FROM_VISCII, encoding)
        case Encoding.VNI:
            return _encode_by(text, _FROM_VNI, encoding)
        case Encoding.VIQR:
            return _encode_viqr(text)
        case Encoding.CP1258:
            return "".join("".join(TONED.get(c, c)) for c in text).encode("cp1258")
        case _:
            return text.encode("utf-8")


def reread(s: str, encoding: Encoding) -> str | None:
    """Read again, in `encoding`, text that was read as Latin-1 or Windows-1252.

    None where `s` cannot have come about so. A word of TCVN3 may hold U+2212 for
    its soft hyphen, the letter ư.
    """
    return _READERS[encoding](s)


def _reread_tcvn3(s: str) -> str:
    return _MINUS_FOR_U_HORN.sub("ư", s.translate(_TCVN3_TABLE))


def _reread_viscii(s: str) -> str:
    return s.translate(_WINDOWS).translate(_VISCII_TABLE)


def _reread_vni(s: str) -> str:
    return _VNI_UNIT.sub(lambda unit: tables.VNI.get(unit[0], unit[0]), s)


def _reread_viqr(s: str) -> str:
    return compose(_VIQR_UNIT.sub(_viqr_letter, s))


def _reread_cp1258(s: str) -> str | None:
    try:
        return compose(s.translate(_WINDOWS).encode("latin-1").decode("cp1258"))
    except UnicodeError:
        return None


def _reread_utf8(s: str) -> str | None:
    try:
        return s.translate(_WINDOWS).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def _reread_low_byte(s: str) -> str:
    return s.translate(_LOW_BYTE_TABLE)


_READERS: dict[Encoding, Callable[[str], str | None]] = {
    Encoding.TCVN3: _reread_tcvn3,
    Encoding.VNI: _reread_vni,
    Encoding.VIQR: _reread_viqr,
    Encoding.VISCII: _reread_viscii,
    Encoding.CP1258: _reread_cp1258,
    Encoding.UTF8: _reread_utf8,
    Encoding.MARC8_LOW_BYTE: _reread_low_byte,
}


def _viqr_letter(unit: re.Match[str]) -> str:
    if unit["literal"]:
        return unit["literal"]
    if unit["d"]:
        return "Đ" if unit["d"] == "D" else "đ"
    vowel, hat, tone = unit["vowel"], unit["hat"] or "", unit["tone"] or ""
    if hat and vowel not in _VIQR_HATTED[hat]:
        return unit[0]
    return vowel + tables.VIQR_HATS.get(hat, "") + tables.VIQR_TONES.get(tone, "")


def _encode_viqr(text: str) -> bytes:
    escaped = _VIQR_AMBIGUOUS.sub(r"\\\g<0>", text)
    return "".join(map(_viqr_signs, escaped)).encode("ascii")


def _viqr_signs(letter: str) -> str:
    if letter in "đĐ":
        return "dd" if letter == "đ" else "DD"
    vowel, tone = TONED.get(letter, (letter, ""))
    base, hat = _HAT.get(vowel, (vowel, ""))
    return base + "".join(_VIQR_SIGN[mark] for mark in hat + tone)


_HAT = {
    compose(vowel + mark): (vowel, mark)
    for sign, mark in tables.VIQR_HATS.items()
    for vowel in _VIQR_HATTED[sign]
}


def _encode_by(text: str, signs: dict[str, str], encoding: Encoding) -> bytes:
    written: list[str] = []
    taken = frozenset("".join(signs.values()))
    for at, letter in enumerate(text):
        if letter not in signs and (letter in taken or letter > "\xff") and not letter.isascii():
            raise UnicodeEncodeError(str(encoding), text, at, at + 1, "no such letter")
        written.append(signs.get(letter, letter))
    return "".join(written).encode("latin-1")
