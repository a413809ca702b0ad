"""Whether a TIFF is all there: decoders show what is cut off as white, or leave whole pages out.

TIFF 6.0, section 2; BigTIFF has the same parts in wider fields. Nothing is decoded.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

STRIPS, STRIP_SIZES, TILES, TILE_SIZES = 273, 279, 324, 325
MOST_DIRECTORIES = 10_000
_FORMATS: Mapping[int, str] = {3: "H", 4: "I", 16: "Q"}
_PAIRS = ((STRIPS, STRIP_SIZES), (TILES, TILE_SIZES))


def is_whole(path: Path) -> bool:
    """Tell whether every page that the file speaks of lies within it."""
    size = path.stat().st_size
    with path.open("rb") as source:
        try:
            return _Tiff(source, size).is_whole()
        except (struct.error, ValueError):
            return False


class _Tiff:
    def __init__(self, source: BinaryIO, size: int) -> None:
        self._source, self._size = source, size
        head = source.read(16)
        self._order = "<" if head[:2] == b"II" else ">"
        (magic,) = struct.unpack(f"{self._order}H", head[2:4])
        self._big = magic == 43
        self._offset = "Q" if self._big else "I"
        place = head[8:16] if self._big else head[4:8]
        (self._first,) = struct.unpack(self._order + self._offset, place)

    def is_whole(self) -> bool:
        """Follow the directories, each of which is a page."""
        place, passed = self._first, set[int]()
        while place:
            if place in passed or place >= self._size or len(passed) > MOST_DIRECTORIES:
                return False
            passed.add(place)
            tags, place = self._directory(place)
            if not all(self._lies_within(tags, *pair) for pair in _PAIRS):
                return False
        return bool(passed)

    def _directory(self, place: int) -> tuple[Mapping[int, tuple[int, int, bytes]], int]:
        """Return the type, count and value of each tag, and where the next directory lies."""
        (count,) = self._read(place, "Q" if self._big else "H")
        width = 20 if self._big else 12
        begin = place + (8 if self._big else 2)
        if count * width > self._size:
            raise ValueError("a directory longer than the file")
        tags = {}
        for number in range(count):
            entry = self._bytes(begin + number * width, width)
            tag, kind, values = struct.unpack_from(f"{self._order}HH{self._offset}", entry)
            tags[tag] = (kind, values, entry[12 if self._big else 8 :])
        (after,) = self._read(begin + count * width, self._offset)
        return tags, after

    def _lies_within(
        self, tags: Mapping[int, tuple[int, int, bytes]], places: int, sizes: int
    ) -> bool:
        if places not in tags:
            return True
        starts = self._values(*tags[places])
        lengths = self._values(*tags[sizes]) if sizes in tags else [0] * len(starts)
        return all(
            start + length <= self._size for start, length in zip(starts, lengths, strict=True)
        )

    def _values(self, kind: int, count: int, inline: bytes) -> list[int]:
        if kind not in _FORMATS:
            raise ValueError("a place that is no number")
        shape = f"{self._order}{count}{_FORMATS[kind]}"
        length = struct.calcsize(shape)
        if length > self._size:
            raise ValueError("more places than bytes")
        if length <= len(inline):
            return list(struct.unpack_from(shape, inline))
        (place,) = struct.unpack_from(self._order + self._offset, inline)
        return list(struct.unpack(shape, self._bytes(place, length)))

    def _read(self, place: int, shape: str) -> tuple[int, ...]:
        found = self._order + shape
        return struct.unpack(found, self._bytes(place, struct.calcsize(found)))

    def _bytes(self, place: int, length: int) -> bytes:
        self._source.seek(place)
        return self._source.read(length)
