"""MARC-in-JSON: an array of records, one record a line, or one after another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import orjson

from tangthu.formats.marc.outcome import (
    Limits,
    Outcome,
    Position,
    Read,
    Reason,
    Rejected,
    Repair,
    RepairCode,
)
from tangthu.formats.marc.record import (
    ControlField,
    DataField,
    MarcRecord,
    is_same_leader,
    normal_leader,
)
from tangthu.formats.marc.shape import is_normal, normal_field
from tangthu.formats.marc.source import Source
from tangthu.formats.marc.storage import from_json

_CHUNK = 262_144
_BETWEEN = b" \t\r\n,[]\xef\xbb\xbf"
# A whole string, a string that is cut off, or a brace.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["{}]', re.DOTALL)


class _Piece(NamedTuple):
    offset: int
    data: bytes
    length: int
    problem: Reason | None = None


def outcomes(source: Source, *, limits: Limits) -> Iterator[Outcome]:
    """Yield what each object of the stream gives."""
    window = _Window(source, limits)
    pieces = window.lines() if window.is_lines() else window.objects()
    for index, piece in enumerate(pieces):
        position = Position(index, piece.offset, piece.length)
        yield _judge(piece, position, limits)


def _judge(piece: _Piece, position: Position, limits: Limits) -> Outcome:
    raw = piece.data[: limits.raw_bytes]
    if piece.problem is not None:
        return Rejected(position, piece.problem, "", raw)
    try:
        document = orjson.loads(piece.data)
    except orjson.JSONDecodeError as error:
        return Rejected(position, Reason.JSON_MALFORMED, str(error), raw)
    try:
        record = from_json(document)
        _check_shape(record)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return Rejected(position, Reason.JSON_SHAPE, f"{type(error).__name__}: {error}", raw)
    if len(record.fields) > limits.fields or _count_subfields(record) > limits.subfields:
        return Rejected(position, Reason.TOO_MANY_FIELDS, f"{len(record.fields)} fields", raw)
    if not record.fields:
        return Rejected(position, Reason.NO_FIELDS, "the record is empty", raw)
    leader, repairs = normal_leader(record.leader), list[Repair]()
    if not is_same_leader(record.leader, leader):
        repairs.append(Repair(RepairCode.LEADER, detail=repr(record.leader)))
    fields = record.fields
    # JSON writes control characters, and so delimiters, as escapes only.
    if b"\\u001" in piece.data or not all(map(is_normal, fields)):
        fields = tuple([normal_field(field, repairs) for field in fields])
    return Read(MarcRecord(leader, fields), position, tuple(repairs))


def _check_shape(record: MarcRecord) -> None:
    """Raise TypeError where JSON gave a number, a list or null for text."""
    if not isinstance(record.leader, str):
        raise TypeError("leader")
    for field in record.fields:
        if isinstance(field, ControlField):
            continue
        # Joining tells strings from all else without a loop in Python.
        codes = [field.ind1, field.ind2, *(pair[0] for pair in field.subfields)]
        "".join([*codes, *(pair[1] for pair in field.subfields)])
        if set(map(len, codes)) != {1}:
            raise ValueError(f"indicators or codes of {field.tag}")


def _count_subfields(record: MarcRecord) -> int:
    return sum(len(field.subfields) for field in record.fields if isinstance(field, DataField))


class _Window:
    """The part of the stream under the eye: never more than a record and a chunk."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._data = b""
        self._at = 0
        self._offset = 0

    def _grow(self) -> bool:
        chunk = self._source.read(_CHUNK)
        self._data = self._data[self._at :] + chunk
        self._offset += self._at
        self._at = 0
        return bool(chunk)

    def _skip_between(self) -> bool:
        """Pass over what separates objects; false at the end."""
        while True:
            left = self._data[self._at :].lstrip(_BETWEEN)
            self._at = len(self._data) - len(left)
            if left:
                return True
            if not self._grow():
                return False

    def is_lines(self) -> bool:
        """Tell whether the first line is an object by itself."""
        if not self._skip_between():
            return False
        end = self._line_end()
        line = self._data[self._at : self._at + max(end, 0)].rstrip()
        return line.startswith(b"{") and line.endswith(b"}")

    def _line_end(self) -> int:
        """Return the distance to the line's end, or -1 if it is past the limit."""
        searched = 0
        while (found := self._data.find(b"\n", self._at + searched)) < 0:
            searched = len(self._data) - self._at
            if searched > self._limits.record_bytes:
                return -1
            if not self._grow():
                return len(self._data) - self._at
        return found - self._at

    def lines(self) -> Iterator[_Piece]:
        """Yield each line; one broken line costs no other."""
        while self._skip_between():
            size = self._line_end()
            if size < 0 or size > self._limits.record_bytes:
                yield self._oversized(b"\n")
            else:
                yield self._take(size)

    def objects(self) -> Iterator[_Piece]:
        """Yield each object between balanced braces; after one without an end, nothing."""
        while self._skip_between():
            if self._data[self._at] != ord("{"):
                yield self._oversized(b"{", Reason.JSON_SHAPE)
                continue
            size = self._object_end()
            if size < 0:
                reason = Reason.TOO_LARGE if self._is_past_limit() else Reason.TRUNCATED
                yield self._oversized(None, reason)
                return
            yield self._take(size)

    def _is_past_limit(self) -> bool:
        return len(self._data) - self._at > self._limits.record_bytes

    def _object_end(self) -> int:
        """Return the length of the object ahead, or -1 if it has no end within the limit."""
        depth = at = 0
        while True:
            for token in _TOKEN.finditer(self._data, self._at + at):
                mark = token[0]
                if mark == b'"':
                    break
                at = token.end() - self._at
                depth += (mark == b"{") - (mark == b"}")
                if not depth:
                    return at
            if self._is_past_limit() or not self._grow():
                return -1

    def _take(self, size: int) -> _Piece:
        data = self._data[self._at : self._at + size]
        piece = _Piece(self._offset + self._at, data.rstrip(b" \t\r\n,]"), size)
        self._at += size
        return piece

    def _oversized(self, until: bytes | None, reason: Reason = Reason.TOO_LARGE) -> _Piece:
        """Step over all before the next `until`, or over the rest."""
        start = self._offset + self._at
        kept = self._data[self._at : self._at + self._limits.raw_bytes]
        self._at += 1
        while until is None or (found := self._data.find(until, self._at)) < 0:
            self._at = len(self._data)
            if not self._grow():
                found = len(self._data)
                break
        self._at = found
        return _Piece(start, kept, self._offset + found - start, reason)
