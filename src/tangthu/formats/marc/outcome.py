"""What comes out of reading a file: records, refusals, and what was repaired."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from tangthu.formats.marc.record import MarcRecord


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one record may hold before it is refused, and how much of it is kept then.

    The longest true record met in practice, a serial with a thousand holdings, has 234,000
    bytes and 1,400 fields.
    """

    record_bytes: int = 1_048_576
    fields: int = 5_000
    subfields: int = 50_000
    raw_bytes: int = 131_072


class RepairCode(StrEnum):
    """What was put right in a record that was read."""

    RECORD_LENGTH = "record_length"
    LEADER = "leader"
    BASE_ADDRESS = "base_address"
    DIRECTORY = "directory"
    FIELD_LENGTH = "field_length"
    FIELD_MISSING = "field_missing"
    TERMINATOR = "terminator"
    TAG = "tag"
    INDICATORS = "indicators"
    SUBFIELD = "subfield"
    ENCODING_FLAG = "encoding_flag"
    ENCODING = "encoding"
    CHARACTER = "character"


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair, with the tag of the field or an empty tag for the whole record."""

    code: RepairCode
    tag: str = ""
    detail: str = ""


class Reason(StrEnum):
    """Why a record was refused."""

    NOT_A_RECORD = "not_a_record"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    TOO_MANY_FIELDS = "too_many_fields"
    LEADER = "leader"
    DIRECTORY = "directory"
    NO_FIELDS = "no_fields"
    XML_MALFORMED = "xml_malformed"
    XML_FORBIDDEN = "xml_forbidden"
    JSON_MALFORMED = "json_malformed"
    JSON_SHAPE = "json_shape"


@dataclass(frozen=True, slots=True)
class Position:
    """Where in the file: the how-manieth from 0, the first byte, and the length in bytes."""

    index: int
    offset: int
    length: int

    @property
    def end(self) -> int:
        """The byte after the record: where reading resumes."""
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class Read:
    """A record that was read, and what had to be put right."""

    record: MarcRecord
    position: Position
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A stretch of the file that gave no record: why, where, and its bytes as far as kept."""

    position: Position
    reason: Reason
    detail: str
    raw: bytes


Outcome: TypeAlias = Read | Rejected
