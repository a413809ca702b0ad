"""Decode the fields of one record, believing its bytes more than its leader.

Leaders lie in both directions: UTF-8 flagged as MARC-8 and MARC-8 or Windows text flagged as
Unicode. UTF-8 is hard to meet by accident, so it is tried first on every field; what is left
is MARC-8 where it reads as such, else Windows-1252, in which any 8-bit Vietnamese coding keeps
its bytes apart and can be recognised later.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from tangthu.formats.marc.errors import UnknownEncoding
from tangthu.formats.marc.marc8 import UNKNOWN, decode_marc8, is_plausible_marc8
from tangthu.formats.marc.outcome import Repair, RepairCode

AUTO = "auto"
UTF_8 = "utf-8"
MARC_8 = "marc-8"
_DELIMITER = b"\x1f"
_ESCAPE = b"\x1b"


class RawField(NamedTuple):
    """A field as the directory found it."""

    tag: str
    data: bytes


class DecodedField(NamedTuple):
    """A field in Unicode, its subfields still in one string."""

    tag: str
    text: str


_Outcome: TypeAlias = tuple[DecodedField, tuple[Repair, ...]]


def checked_encoding(name: str) -> str:
    """Return the name in one spelling. Raises `UnknownEncoding`."""
    name = name.lower().replace("_", "-")
    if name in (AUTO, MARC_8):
        return name
    if name == "marc8":
        return MARC_8
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        raise UnknownEncoding(name) from error


def decode_fields(
    fields: Sequence[RawField], *, encoding: str, says_unicode: bool
) -> tuple[list[DecodedField], list[Repair]]:
    """Decode the fields of a record; report each field that is not what the leader says."""
    if encoding == AUTO:
        outcome = list(_guess(fields, says_unicode=says_unicode))
    elif encoding == MARC_8:
        outcome = [_reported(tag, _from_marc8(data), None) for tag, data in fields]
    elif encoding == UTF_8:
        outcome = [_from_utf8(tag, data, None) for tag, data in fields]
    else:
        outcome = [
            _reported(tag, data.decode(encoding, errors="replace"), None) for tag, data in fields
        ]
    texts = [field for field, _ in outcome]
    return texts, [repair for _, repairs in outcome for repair in repairs]


def _guess(fields: Sequence[RawField], *, says_unicode: bool) -> Iterator[_Outcome]:
    legacy = _legacy_coding([data for _, data in fields], says_unicode=says_unicode)
    for tag, data in fields:
        if data.isascii():
            escaped = _ESCAPE in data and not says_unicode
            yield _reported(tag, _from_marc8(data) if escaped else data.decode("ascii"), None)
        elif _has_utf8(data):
            flag = None if says_unicode else Repair(RepairCode.ENCODING_FLAG, tag, UTF_8)
            yield _from_utf8(tag, data, flag)
        elif legacy == MARC_8:
            wrong = Repair(RepairCode.ENCODING, tag, MARC_8) if says_unicode else None
            yield _reported(tag, _from_marc8(data), wrong)
        else:
            yield _reported(tag, _from_windows(data), Repair(RepairCode.ENCODING, tag, legacy))


def _reported(tag: str, text: str, repair: Repair | None) -> _Outcome:
    repairs = () if repair is None else (repair,)
    if UNKNOWN in text:
        repairs = (*repairs, Repair(RepairCode.CHARACTER, tag, "U+FFFD"))
    return DecodedField(tag, text), repairs


def _legacy_coding(values: Sequence[bytes], *, says_unicode: bool) -> str:
    """Return which coding the fields that are not UTF-8 share."""
    odd = b"\n".join(value for value in values if not value.isascii() and not _has_utf8(value))
    return MARC_8 if odd and is_plausible_marc8(odd, declared=not says_unicode) else "cp1252"


def _has_utf8(data: bytes) -> bool:
    """Tell whether the field is UTF-8, or was before a few bytes of it were damaged.

    `ứơ` in MARC-8 happens to be one good UTF-8 character: among bad bytes it proves nothing.
    """
    kept = data.decode(UTF_8, errors="ignore")
    bad = len(data.decode(UTF_8, errors="replace")) - len(kept)
    good = sum(character > "\x7f" for character in kept)
    return good >= bad


def _from_utf8(tag: str, data: bytes, flag: Repair | None) -> _Outcome:
    try:
        return _reported(tag, data.decode(UTF_8), flag)
    except UnicodeDecodeError as error:
        repairs = () if flag is None else (flag,)
        stray = Repair(RepairCode.CHARACTER, tag, str(error))
        text = data.decode(UTF_8, errors="tangthu.windows")
        return DecodedField(tag, text), (*repairs, stray)


def _from_windows(data: bytes) -> str:
    return "".join(map(_windows_character, data))


def _from_marc8(data: bytes) -> str:
    """Decode each subfield by itself: the working sets start anew with each."""
    return "\x1f".join([decode_marc8(part).text for part in data.split(_DELIMITER)])


def _windows_character(byte: int) -> str:
    try:
        return bytes((byte,)).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _mend(error: UnicodeError) -> tuple[str, int]:
    """Read one stray byte as Windows text; several are a cut-off UTF-8 character."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return (_windows_character(stray[0]) if len(stray) == 1 else UNKNOWN), error.end


codecs.register_error("tangthu.windows", _mend)
