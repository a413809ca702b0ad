"""Small records for the tests of the catalogue, written the short way."""

from __future__ import annotations

from tangthu.formats.marc.record import (
    DEFAULT_LEADER,
    ControlField,
    DataField,
    Field,
    MarcRecord,
    Subfield,
)


def field(tag: str, *subfields: str, ind1: str = " ", ind2: str = " ") -> Field:
    """Return a field: `field("245", "a", "Truyện Kiều")`, or `field("001", "42")`."""
    if tag < "010":
        return ControlField(tag, subfields[0])
    pairs = zip(subfields[::2], subfields[1::2], strict=True)
    return DataField(tag, ind1, ind2, tuple(Subfield(code, value) for code, value in pairs))


def marc(*fields: Field, leader: str = DEFAULT_LEADER) -> MarcRecord:
    return MarcRecord(leader, tuple(fields))


def book(title: str = "Truyện Kiều", *more: Field, author: str = "Nguyễn Du") -> MarcRecord:
    """Return a book of 2020 with further fields, in the order of their tags."""
    base = marc(
        field("008", "260101s2020    vm            000 1 vie d"),
        field("100", "a", author, ind1="0"),
        field("245", "a", title, ind1="1", ind2="0"),
        field("260", "a", "H.", "b", "Văn học", "c", "2020"),
    )
    return base.with_fields(more)
