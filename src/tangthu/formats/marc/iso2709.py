"""ISO 2709 in the dialect of MARC: cut a stream into records and read the sound ones fast.

A record is a 24-byte leader, a directory of 12-byte entries (tag, length, start), and the
fields, each ended by 1E, the whole by 1D. What does not hold to that goes to `salvage`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from tangthu.formats.marc.charset import AUTO, UTF_8
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
    Field,
    MarcRecord,
    Subfield,
    normal_leader,
)
from tangthu.formats.marc.salvage import Refused, salvage
from tangthu.formats.marc.source import Source

RECORD_END = 0x1D
_CHUNK = 262_144
# Line ends, ends of files glued together, byte order marks, terminators without a record.
_BETWEEN = re.compile(rb"[\r\n\t\x00\x1a\x1d\x1e\xef\xbb\xbf]+")
_PADDING = b"\r\n\t\x00\x1a "
_INNER_LEADER = re.compile(rb"\d{5}[acdnpos][a-z][a-z ][ -~]{2}22\d{5}[ -~]{3}4500")
_SOUND_LEADER = re.compile(rb"[ -~]{4}a22[ -~]{3}45(?:00|0 )")
_subfield = partial(tuple.__new__, Subfield)
_control_field = partial(tuple.__new__, ControlField)
_data_field = partial(tuple.__new__, DataField)


class Frame(NamedTuple):
    """The bytes of one record without its terminator, and what framing had to repair."""

    offset: int
    length: int
    data: bytes
    repairs: tuple[Repair, ...] = ()
    truncated: bool = False
    oversized: bool = False


class _Window:
    """The part of the stream under the eye: never more than a record and a chunk."""

    def __init__(self, stream: Source, offset: int) -> None:
        self._stream = stream
        self.data = b""
        self.at = 0
        self.offset = offset
        self.ended = False

    def grow(self) -> bool:
        """Read one more chunk behind what is left; false at the end of the stream."""
        chunk = b"" if self.ended else self._stream.read(_CHUNK)
        self.ended = not chunk
        self.data = self.data[self.at :] + chunk
        self.offset += self.at
        self.at = 0
        return not self.ended

    def ensure(self, size: int) -> bool:
        """Read until `size` bytes lie ahead; false where the stream ends before."""
        while len(self.data) - self.at < size:
            if not self.grow():
                return False
        return True

    def skip_between(self) -> bool:
        """Pass over line ends and other padding between records; false at the end."""
        while self.ensure(1):
            padding = _BETWEEN.match(self.data, self.at)
            if padding is None:
                return True
            self.at = padding.end()
        return False

    @property
    def ahead(self) -> int:
        """How many bytes are at hand."""
        return len(self.data) - self.at

    def declared(self) -> int:
        """Return the length that the leader declares, or 0."""
        head = self.data[self.at : self.at + 5]
        return int(head) if len(head) == 5 and head.isdigit() else 0

    def next_leader(self, declared: int) -> tuple[int, int]:
        """Return where another leader begins although no terminator stood before it.

        The distance, and how many bytes before it are not the record's; zeros if there is none.
        """
        self.ensure(declared + 24)
        for size, ends in ((declared, 1), (declared - 1, 0)):
            if _INNER_LEADER.match(self.data, self.at + size):
                return size, ends
        return 0, 0

    def take(
        self, size: int, *, ends: int, repairs: tuple[Repair, ...] = (), cut: bool = False
    ) -> Frame:
        """Step over `size` bytes and return them without the last `ends`."""
        data = self.data[self.at : self.at + size - ends]
        frame = Frame(self.offset + self.at, size, data, repairs, truncated=cut)
        self.at += size
        return frame

    def take_oversized(self, limits: Limits) -> Frame:
        """Step over a record past the limit, keeping its beginning only."""
        start, kept = self.offset + self.at, self.data[self.at : self.at + limits.raw_bytes]
        while (found := self.data.find(RECORD_END, self.at)) < 0:
            self.at = len(self.data)
            if not self.grow():
                found = len(self.data) - 1
                break
        self.at = found + 1
        return Frame(start, self.offset + self.at - start, kept, oversized=True)

    def find_end(self, limit: int) -> int:
        """Return the distance to the next terminator, or -1 if none is within the limit."""
        searched = 0
        while True:
            found = self.data.find(RECORD_END, self.at + searched)
            if found >= 0:
                return found - self.at
            searched = len(self.data) - self.at
            if searched > limit or not self.grow():
                return -1


def outcomes(
    stream: Source, *, offset: int, index: int, encoding: str, limits: Limits
) -> Iterator[Outcome]:
    """Yield what each record of the stream gives, the first of which begins at `offset`."""
    window = _Window(stream, offset)
    while (frame := _next_frame(window, limits)) is not None:
        for piece in _pieces(frame):
            position = Position(index, piece.offset, piece.length)
            yield _judge(piece, position, encoding=encoding, limits=limits)
            index += 1


def _judge(frame: Frame, position: Position, *, encoding: str, limits: Limits) -> Outcome:
    raw = frame.data[: limits.raw_bytes]
    if frame.oversized:
        return Rejected(position, Reason.TOO_LARGE, f"over {limits.record_bytes} bytes", raw)
    if not frame.repairs and not frame.truncated and encoding in (AUTO, UTF_8):
        record = parse_sound(frame.data, limits)
        if record is not None:
            return Read(record, position)
    if frame.truncated:
        reason = _end_reason(frame.data)
        return Rejected(position, reason, "the file ends inside the record", raw)
    try:
        record, repairs = salvage(frame.data, encoding=encoding, limits=limits)
    except Refused as refusal:
        return Rejected(position, refusal.reason, refusal.detail, raw)
    return Read(record, position, (*frame.repairs, *repairs))


def _end_reason(data: bytes) -> Reason:
    return Reason.TRUNCATED if data[:5].isdigit() else Reason.NOT_A_RECORD


def _pieces(frame: Frame) -> Iterator[Frame]:
    """Part a whole record from the remains of another before it, if its length proves it."""
    if not frame.repairs or frame.oversized:
        yield frame
        return
    for found in _INNER_LEADER.finditer(frame.data, 1):
        at = found.start()
        if int(frame.data[at : at + 5]) == frame.length - at:
            if frame.data[:at].strip():
                yield Frame(frame.offset, at, frame.data[:at], frame.repairs)
            yield Frame(frame.offset + at, frame.length - at, frame.data[at:])
            return
    yield frame


def _next_frame(window: _Window, limits: Limits) -> Frame | None:
    """Return the bytes of the next record, or None at the end of the stream."""
    if not window.skip_between():
        return None
    window.ensure(5)
    declared = window.declared()
    if 0 < declared <= limits.record_bytes and window.ensure(declared):
        end = window.at + declared - 1
        inner = window.data.find(RECORD_END, window.at, end)
        whole = window.data[end] == RECORD_END
        if whole and (inner < 0 or _accounts_for(window.data[window.at : end])):
            return window.take(declared, ends=1)
        size, ends = (0, 0) if whole or inner >= 0 else window.next_leader(declared)
        if size:
            return window.take(size, ends=ends, repairs=(Repair(RepairCode.TERMINATOR),))
    size = window.find_end(limits.record_bytes)
    if size > limits.record_bytes or (size < 0 and window.ahead > limits.record_bytes):
        return window.take_oversized(limits)
    if size >= 0:
        return window.take(size + 1, ends=1, repairs=(Repair(RepairCode.RECORD_LENGTH),))
    return _last_frame(window, declared)


def _last_frame(window: _Window, declared: int) -> Frame | None:
    """Return what stands at the end of the stream without a terminator."""
    rest = window.data[window.at :].rstrip(_PADDING)
    if not rest:
        return None
    whole = declared - len(rest) in (0, 1) and rest.endswith(b"\x1e")
    repairs = (Repair(RepairCode.TERMINATOR),) if whole else ()
    return window.take(window.ahead, ends=window.ahead - len(rest), repairs=repairs, cut=not whole)


def _accounts_for(data: bytes) -> bool:
    """Tell whether a record that holds a terminator inside says so in its directory."""
    head = data.find(b"\x1e", 24)
    last = data[head - 9 : head]
    return last.isdigit() and head + 1 + int(last[:4]) + int(last[4:]) == len(data)


def parse_sound(data: bytes, limits: Limits) -> MarcRecord | None:
    """Return the record if it is in Unicode and everything in it agrees, else None."""
    leader = _sound_leader(data[5:12] + data[17:24])
    if leader is None:
        return None
    try:
        base = int(data[12:17])
        directory = data[24 : base - 1].decode("ascii")
        text = data[base:].decode()
        parts = text.split("\x1e")
        if parts.pop() or data[base - 1 : base] != b"\x1e":
            return None
        if len(parts) > limits.fields or text.count("\x1f") > limits.subfields or "\x1d" in text:
            return None
        _check_directory(directory, parts if len(text) == len(data) - base else _sizes(data, base))
        return MarcRecord(leader, _fields(directory, parts))
    except (ValueError, IndexError):
        return None


def _sizes(data: bytes, base: int) -> list[bytes]:
    return data[base:].split(b"\x1e")[:-1]


def _check_directory(directory: str, parts: list[str] | list[bytes]) -> None:
    """Raise ValueError unless the directory tells the fields one after another, in order."""
    if len(directory) != 12 * len(parts) or not directory.isalnum():
        raise ValueError
    start, at = 0, 3
    for part in parts:
        size = len(part) + 1
        # Four digits of length and five of start, compared as one number.
        if int(directory[at : at + 9]) != size * 100_000 + start:
            raise ValueError
        start += size
        at += 12


def _fields(directory: str, parts: list[str]) -> tuple[Field, ...]:
    """Raise ValueError or IndexError at the first field that is not sound."""
    fields: list[Field] = []
    at = 0
    for part in parts:
        tag = directory[at : at + 3]
        at += 12
        if tag[:2] == "00":
            if "\x1f" in part:
                raise ValueError
            fields.append(_control_field((tag, part)))
            continue
        pieces = part.split("\x1f")
        head = pieces[0]
        if len(pieces) == 1 and not tag.isdigit():
            # Aleph's FMT and its like: local control fields under letters.
            fields.append(_control_field((tag, part)))
            continue
        if len(head) != 2:
            raise ValueError
        del pieces[0]
        subfields = tuple([_subfield((text[0], text[1:])) for text in pieces])
        fields.append(_data_field((tag, head[0], head[1], subfields)))
    return tuple(fields)


@lru_cache(maxsize=4096)
def _sound_leader(meaning: bytes) -> str | None:
    """Return the normal leader for the 14 bytes that differ by more than lengths."""
    if not _SOUND_LEADER.fullmatch(meaning):
        return None
    text = meaning.decode("ascii")
    return normal_leader(f"00000{text[:7]}00000{text[7:]}")
