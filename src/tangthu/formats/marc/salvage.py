"""Read an ISO 2709 record that is not sound: find its fields by every sign that is left.

A record says three times where its fields are: by the lengths in the directory, by the starts
in it, and by the terminators in the data. Any one of them is often enough. Fields whose tag is
lost are reported with their text, never guessed; a record that lost more than half is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tangthu.formats.marc.charset import DecodedField, RawField, decode_fields
from tangthu.formats.marc.outcome import Limits, Reason, Repair, RepairCode
from tangthu.formats.marc.record import (
    ControlField,
    DataField,
    Field,
    MarcRecord,
    Subfield,
    normal_leader,
)
from tangthu.formats.marc.shape import normal_tag

_FIELD_END = b"\x1e"
_DELIMITER = "\x1f"
_ENTRY = re.compile(rb"[0-9A-Za-z]{3}\d{9}")
_SOUND_LEADER = re.compile(rb"[ -~]{10}22[ -~]{8}45(?:00|0 )")
_INNER_END = re.compile("[\x1d\x1e]")
_ANOTHER = re.compile("[\x1d\x1e](?=..\x1f)")
_INDICATORS = re.compile("[0-9 #|][0-9 #|]")


class Refused(Exception):
    """No record can be made of the bytes."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class _Entry(NamedTuple):
    """A directory entry; length and start are -1 where they are not numbers."""

    tag: bytes
    length: int
    start: int


class _Cut(NamedTuple):
    """The fields as bytes, in the order of the directory where there is one."""

    fields: list[RawField]
    repairs: list[Repair]


def salvage(data: bytes, *, encoding: str, limits: Limits) -> tuple[MarcRecord, tuple[Repair, ...]]:
    """Return the record in `data` (without its terminator) and what had to be repaired.

    Raises `Refused`.
    """
    head = data.find(_FIELD_END, 24)
    if head < 0:
        raise Refused(Reason.NOT_A_RECORD, "no leader and directory")
    _check_limits(data, head, limits)
    start = _directory_start(data, head)
    leader, repairs = _read_leader(data[:start], base=head + 1)
    cut = _cut(data[start:head], data[head + 1 :])
    if not cut.fields:
        raise Refused(Reason.NO_FIELDS, "the record is empty")
    says_unicode = leader[9:10] == b"a"
    texts, coding = decode_fields(cut.fields, encoding=encoding, says_unicode=says_unicode)
    indicators = leader[10:11]
    builder = _Builder(int(indicators) if b"1" <= indicators <= b"9" else 2)
    fields = tuple(field for text in texts for field in builder.build(text))
    record = MarcRecord(normal_leader(leader.decode("ascii", errors="replace")), fields)
    return record, (*repairs, *cut.repairs, *coding, *builder.repairs)


def _check_limits(data: bytes, head: int, limits: Limits) -> None:
    if data.count(_FIELD_END) > limits.fields + 1 or head > 12 * limits.fields + 24:
        raise Refused(Reason.TOO_MANY_FIELDS, f"more than {limits.fields} fields")
    if data.count(b"\x1f") > limits.subfields:
        raise Refused(Reason.TOO_MANY_FIELDS, f"more than {limits.subfields} subfields")


def _directory_start(data: bytes, head: int) -> int:
    """Return where the directory starts: 24, unless the leader lost or gained bytes."""
    if (head - 24) % 12 == 0 and _ENTRY.match(data, 24):
        return 24
    at = head
    while at >= 12 and _ENTRY.fullmatch(data, at - 12, at):
        at -= 12
        if data[at + 7 : at + 12] == b"00000":
            return at
    return 24


def _read_leader(leader: bytes, *, base: int) -> tuple[bytes, list[Repair]]:
    repairs = []
    if not _SOUND_LEADER.fullmatch(leader):
        repairs.append(Repair(RepairCode.LEADER, detail=repr(leader)))
    elif leader[12:17] != b"%05d" % base:
        repairs.append(Repair(RepairCode.BASE_ADDRESS, detail=repr(leader[12:17])))
    return leader, repairs


def _cut(directory: bytes, body: bytes) -> _Cut:
    """Divide the body into fields, by the strongest agreement between directory and body."""
    parts = body.split(_FIELD_END)
    if not parts[-1]:
        parts.pop()
    entries = [_entry(directory[at : at + 12]) for at in range(0, len(directory), 12)]
    repairs = [] if body.endswith(_FIELD_END) else [Repair(RepairCode.TERMINATOR)]
    return (
        _by_addresses(entries, body, parts, repairs)
        or _by_characters(entries, body, repairs)
        or _by_order(entries, parts, repairs)
        or _by_needles(directory, parts, repairs)
    )


def _entry(data: bytes) -> _Entry:
    length, start = data[3:7], data[7:12]
    return _Entry(
        data[:3],
        int(length) if length.isdigit() and len(data) == 12 else -1,
        int(start) if start.isdigit() and len(data) == 12 else -1,
    )


def _by_addresses(
    entries: list[_Entry], body: bytes, parts: list[bytes], repairs: list[Repair]
) -> _Cut | None:
    """Trust the addresses if each begins after a terminator and ends with one."""
    if not entries or not all(_is_exact(entry, body) for entry in entries):
        return None
    values = [body[start : start + length - 1] for _, length, start in entries]
    covered = sum(map(len, values)) + len(values)
    if len(entries) < len(parts) and covered < len(body):
        repairs = [*repairs, Repair(RepairCode.FIELD_MISSING, detail="no directory entry")]
    return _Cut(list(_tagged(entries, values, repairs)), repairs)


def _is_exact(entry: _Entry, body: bytes) -> bool:
    end = entry.start + entry.length
    return (
        entry.length > 0
        and entry.start >= 0
        and body[end - 1 : end] == _FIELD_END
        and (entry.start == 0 or body[entry.start - 1] == _FIELD_END[0])
    )


def _by_characters(entries: list[_Entry], body: bytes, repairs: list[Repair]) -> _Cut | None:
    """Trust addresses that were counted in characters by a system that wrote UTF-8."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    values = []
    for _, length, start in entries:
        before, end = text[start - 1 : start] if start > 0 else "\x1e", start + length
        if length <= 0 or start < 0 or before != "\x1e" or text[end - 1 : end] != "\x1e":
            return None
        values.append(text[start : end - 1].encode())
    repairs = [*repairs, Repair(RepairCode.FIELD_LENGTH, detail="counted in characters")]
    return _Cut(list(_tagged(entries, values, repairs)), repairs)


def _by_order(entries: list[_Entry], parts: list[bytes], repairs: list[Repair]) -> _Cut | None:
    """Trust the terminators if there is one entry for each field."""
    if not entries or len(entries) != len(parts):
        return None
    offsets, at = [], 0
    for part in parts:
        offsets.append(at)
        at += len(part) + 1
    if sorted(entry.start for entry in entries) == offsets:
        entries = sorted(entries, key=lambda entry: entry.start)
    repairs = [*repairs, Repair(RepairCode.FIELD_LENGTH, detail="by terminators")]
    return _Cut(list(_tagged(entries, parts, repairs)), repairs)


def _by_needles(directory: bytes, parts: list[bytes], repairs: list[Repair]) -> _Cut:
    """Look for the length and start that each field must have, wherever the entry slipped to."""
    fields: list[RawField] = []
    repairs = [*repairs, Repair(RepairCode.DIRECTORY, detail="entries searched")]
    cursor = offset = skipped = 0
    for part in parts:
        size = len(part) + 1
        at = directory.find(b"%04d%05d" % (size, offset), cursor)
        offset += size
        tag = directory[at - 3 : at]
        # Where more is gone than part of the entries passed over, the tag may be part of another.
        gone = cursor + 12 * skipped + 3 - at
        if at >= 3 and (gone == 0 or (skipped and 0 < gone < 9) or (gone < 0 and not skipped)):
            fields.append(RawField(_tag(tag, repairs), part))
        else:
            repairs.append(Repair(RepairCode.FIELD_MISSING, detail=_shown(part)))
        cursor, skipped = (at + 9, 0) if at >= 0 else (cursor, skipped + 1)
    if len(fields) * 2 < max(len(parts), len(directory) // 12):
        raise Refused(Reason.DIRECTORY, f"tags found for {len(fields)} of {len(parts)} fields")
    return _Cut(fields, repairs)


def _tagged(
    entries: list[_Entry], values: list[bytes], repairs: list[Repair]
) -> Iterator[RawField]:
    for entry, value in zip(entries, values, strict=True):
        yield RawField(_tag(entry.tag, repairs), value)


def _tag(data: bytes, repairs: list[Repair]) -> str:
    """Return the tag with an `x` for what is neither letter nor digit."""
    tag = data.decode("latin-1")
    normal = normal_tag(tag)
    if normal != tag:
        repairs.append(Repair(RepairCode.TAG, normal, repr(data)))
    return normal


def _shown(data: bytes) -> str:
    return data.decode("utf-8", errors="replace").replace(_DELIMITER, "$")[:200]


class _Builder:
    """Make fields of texts, and remember what had to be put right."""

    def __init__(self, indicators: int) -> None:
        self._indicators = indicators
        self.repairs: list[Repair] = []

    def build(self, field: DecodedField) -> Iterator[Field]:
        """Yield the field; several of one tag where a terminator inside begins another."""
        tag, text = field
        if _INNER_END.search(text) is None:
            yield self._build(tag, text)
            return
        self._report(RepairCode.TERMINATOR, tag, "inside the field")
        for part in _ANOTHER.split(text):
            yield self._build(tag, _INNER_END.sub(" ", part))

    def _build(self, tag: str, text: str) -> Field:
        """Return the control or data field that the tag and the delimiters speak for."""
        if tag.startswith("00"):
            if _DELIMITER in text:
                text = text.replace(_DELIMITER, " ")
                self._report(RepairCode.SUBFIELD, tag, "subfields in a control field")
            return ControlField(tag, text)
        if _DELIMITER not in text and not tag.isdigit():
            # Aleph's FMT and its like: local control fields under letters.
            return ControlField(tag, text)
        head, *rest = text.split(_DELIMITER)
        ind1, ind2, stray = self._split_head(tag, head)
        subfields = [Subfield("a", stray)] if stray else []
        subfields += [Subfield(part[0], part[1:]) for part in rest if part]
        if stray or len(subfields) != len(rest):
            self._report(RepairCode.SUBFIELD, tag, "delimiter or code missing")
        return DataField(tag, ind1, ind2, tuple(subfields))

    def _split_head(self, tag: str, head: str) -> tuple[str, str, str]:
        """Return two indicators, and the text that stands where a delimiter is missing."""
        if len(head) == 2:
            return head[0], head[1], ""
        self._report(RepairCode.INDICATORS, tag, repr(head[:20]))
        if len(head) == self._indicators > 2 or _INDICATORS.match(head):
            return head[0], head[1], head[self._indicators :]
        if len(head) < 2:
            return (head or " "), " ", ""
        return " ", " ", head

    def _report(self, code: RepairCode, tag: str, detail: str) -> None:
        self.repairs.append(Repair(code, tag, detail))
