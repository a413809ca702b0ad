"""What can be wrong with a MARC file or record as a whole.

MarcError
├── NotMarc            the file is none of ISO 2709, MARCXML, MARC-in-JSON
│   ├── EmptyFile
│   └── IsisFile       ISO 2709 as CDS/ISIS writes it: not MARC
├── UnknownEncoding    the caller named a character set that does not exist
├── Unreadable         a stored or single record does not parse
└── Unwritable         a record cannot be put into the format asked for
    └── TooLong        ISO 2709 cannot hold a record or field of that length
"""

from __future__ import annotations


class MarcError(Exception):
    """The root: a stable `code` for programs and a `detail` that names the place."""

    code = "marc_error"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.detail = detail


class NotMarc(MarcError):
    """The file is in none of the formats this package reads."""

    code = "not_marc"


class EmptyFile(NotMarc):
    """The file holds no bytes but white space."""

    code = "empty_file"


class IsisFile(NotMarc):
    """The file is a CDS/ISIS export: ISO 2709, but without indicators and subfield codes."""

    code = "isis_file"


class UnknownEncoding(MarcError):
    """No such character set."""

    code = "unknown_encoding"


class Unreadable(MarcError):
    """The text is not a record in the storage form."""

    code = "unreadable"


class Unwritable(MarcError):
    """The record holds something that the format cannot express."""

    code = "unwritable"

    def __init__(self, detail: str, *, record_id: str | None = None) -> None:
        super().__init__(f"{detail} (record {record_id})" if record_id else detail)
        self.record_id = record_id


class TooLong(Unwritable):
    """The record passes 99,999 bytes, or one of its fields 9,999."""

    code = "too_long"
