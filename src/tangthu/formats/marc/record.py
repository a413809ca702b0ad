"""The MARC record as an immutable value.

All text is Unicode, whatever the record was read from. The leader is kept in one normal
form: 24 printable ASCII characters, lengths as zeros (a writer computes them), character
coding `a` (Unicode), two indicators and two-character subfield codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

DEFAULT_LEADER = "00000nam a2200000 a 4500"
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")


# Fields and subfields are tuples, not dataclasses: a record holds a hundred of them, and tuples
# are built three times faster. Reading a file is bound by that.


class ControlField(NamedTuple):
    """A field of one value: 001 to 009."""

    tag: str
    value: str


class Subfield(NamedTuple):
    """One coded value of a data field."""

    code: str
    value: str


class DataField(NamedTuple):
    """A field of two indicators and its subfields in order."""

    tag: str
    ind1: str
    ind2: str
    subfields: tuple[Subfield, ...]

    def get(self, code: str) -> str | None:
        """Return the first value of the subfield."""
        for subfield in self.subfields:
            if subfield[0] == code:
                return subfield[1]
        return None

    def all(self, code: str) -> list[str]:
        """Return every value of the subfield, in order."""
        return [value for found, value in self.subfields if found == code]

    def text(self, codes: str | None = None, *, separator: str = " ") -> str:
        """Join the values of the named subfields (of all, by default) in the field's order."""
        if codes is None:
            return separator.join([value for _, value in self.subfields])
        return separator.join([value for code, value in self.subfields if code in codes])


Field: TypeAlias = ControlField | DataField


@dataclass(frozen=True, slots=True)
class MarcRecord:
    """A leader and the fields in the order in which they were read."""

    leader: str
    fields: tuple[Field, ...]

    def control(self, tag: str) -> str | None:
        """Return the value of the first control field with the tag."""
        for field in self.fields:
            if field.tag == tag and isinstance(field, ControlField):
                return field.value
        return None

    def data(self, *tags: str) -> Iterator[DataField]:
        """Yield the data fields with one of the tags, in record order."""
        for field in self.fields:
            if field.tag in tags and isinstance(field, DataField):
                yield field

    def first(self, *tags: str) -> DataField | None:
        """Return the first data field with one of the tags, in record order."""
        return next(self.data(*tags), None)

    def value(self, tag: str, code: str) -> str | None:
        """Return the first value of the subfield in any field with the tag."""
        for field in self.data(tag):
            found = field.get(code)
            if found is not None:
                return found
        return None

    def replace(self, old: Field, new: Field) -> MarcRecord:
        """Return the record with the first field equal to `old` exchanged in its place.

        Unchanged where the record does not hold `old`.
        """
        if old not in self.fields:
            return self
        at = self.fields.index(old)
        return MarcRecord(self.leader, (*self.fields[:at], new, *self.fields[at + 1 :]))

    def with_leader(self, leader: str) -> MarcRecord:
        """Return the record under another leader, in normal form."""
        return MarcRecord(normal_leader(leader), self.fields)

    def with_field(self, field: Field) -> MarcRecord:
        """Return the record with the field added after the last of equal or lower tag."""
        at = len(self.fields)
        while at and self.fields[at - 1].tag > field.tag:
            at -= 1
        return MarcRecord(self.leader, (*self.fields[:at], field, *self.fields[at:]))

    def with_fields(self, fields: Iterable[Field]) -> MarcRecord:
        """Return the record with each field added as by `with_field`."""
        record = self
        for field in fields:
            record = record.with_field(field)
        return record

    def without_tags(self, *tags: str) -> MarcRecord:
        """Return the record without the fields of these tags."""
        return MarcRecord(self.leader, tuple(f for f in self.fields if f.tag not in tags))


def normal_leader(text: str) -> str:
    """Return the leader in normal form: 24 printable characters, lengths as zeros.

    Positions 05-08 and 17-19 carry the cataloguer's meaning and are kept; what is missing or
    unprintable becomes a blank. MARC 21 allows nothing but `4500` at the end; UNIMARC writes
    `450 `, which is kept.
    """
    text = _UNPRINTABLE.sub(" ", text)[:24].ljust(24)
    end = "450 " if text[20:24] == "450 " else "4500"
    return f"00000{text[5:9]}a2200000{text[17:20]}{end}"


def is_same_leader(leader: str, normal: str) -> bool:
    """Compare a leader with its normal form but for what any writer fills in anew."""
    return len(leader) == 24 and leader[5:9] + leader[17:] == normal[5:9] + normal[17:]
