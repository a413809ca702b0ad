"""The coded field 008 and the codes of the leader, as far as a form decides them."""

from __future__ import annotations

import re
from datetime import date

from tangthu.formats.marc.materials import MaterialType
from tangthu.formats.marc.record import ControlField, MarcRecord

_LENGTH = 40
_BOOK = "           000 0 "
_OTHER = "|" * 17
_YEAR = re.compile(r"(?<!\d)(1\d{3}|20\d\d)(?!\d)")
_ELECTRONIC_FORMS = frozenset("oqs")
_TYPE_AND_LEVEL = {
    MaterialType.BOOK: "am",
    MaterialType.SERIAL: "as",
    MaterialType.ARTICLE: "aa",
    MaterialType.MAP: "em",
    MaterialType.MUSIC: "cm",
    MaterialType.SOUND: "im",
    MaterialType.VIDEO: "gm",
    MaterialType.PICTURE: "km",
    MaterialType.ELECTRONIC: "am",
    MaterialType.MANUSCRIPT: "tm",
    MaterialType.KIT: "om",
    MaterialType.OBJECT: "rm",
    MaterialType.OTHER: " m",
}
_SPOKEN_IN_VIETNAM = frozenset({"vie", "rad", "jra", "mnn", "cmo", "bdq", "khm", "tyz", "nut"})


def blank_fixed(*, entered_on: date | None, material: MaterialType, language: str) -> str:
    """Return an 008 that says nothing but the day of entry, and Vietnam for its languages."""
    entered = entered_on.strftime("%y%m%d") if entered_on else "000000"
    country = "vm " if language in _SPOKEN_IN_VIETNAM else "xx "
    kind = _TYPE_AND_LEVEL[material]
    return f"{entered}nuuuu    {country}{_BOOK if kind == 'am' else _OTHER}und d"


def year_in(text: str) -> str:
    """Return the first four-digit year in a statement of date, or nothing."""
    found = _YEAR.search(text)
    return found[1] if found else ""


def coded_year(record: MarcRecord) -> str:
    """Return the first date of 008 if it is a year."""
    year = (record.control("008") or "")[7:11]
    return year if _YEAR.fullmatch(year) else ""


def with_year(record: MarcRecord, statement: str) -> MarcRecord:
    """Return the record with the year of the statement as the first date of 008.

    The type of date is kept where it says more than one year can.
    """
    fixed = _fixed(record)
    year = year_in(statement)
    kind = fixed[6]
    if not year:
        return _with_fixed(record, f"{fixed[:6]}nuuuu{fixed[11:]}")
    kind = "s" if kind in "nb| " else kind
    return _with_fixed(record, f"{fixed[:6]}{kind}{year}{fixed[11:]}")


def with_language(record: MarcRecord, code: str) -> MarcRecord:
    """Return the record with a language in 008."""
    fixed = _fixed(record)
    return _with_fixed(record, f"{fixed[:35]}{code or 'und'}{fixed[38:]}")


def with_material(record: MarcRecord, material: MaterialType) -> MarcRecord:
    """Return the record with the kind in leader 06-07 and the form of item in 008/23."""
    leader = record.leader
    record = record.with_leader(f"{leader[:6]}{_TYPE_AND_LEVEL[material]}{leader[8:]}")
    fixed = _fixed(record)
    if material is MaterialType.ELECTRONIC:
        return _with_fixed(record, f"{fixed[:23]}o{fixed[24:]}")
    if fixed[23] in _ELECTRONIC_FORMS:
        return _with_fixed(record, f"{fixed[:23]} {fixed[24:]}")
    return record


def _fixed(record: MarcRecord) -> str:
    """Return the 008 in its full length, or one that says nothing."""
    found = record.control("008")
    if found is None:
        return blank_fixed(entered_on=None, material=MaterialType.OTHER, language="")
    return found[:_LENGTH].ljust(_LENGTH)


def _with_fixed(record: MarcRecord, fixed: str) -> MarcRecord:
    for field in record.fields:
        if isinstance(field, ControlField) and field.tag == "008":
            return record.replace(field, ControlField("008", fixed))
    return record.with_field(ControlField("008", fixed))
