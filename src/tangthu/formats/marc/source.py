"""A stream of bytes whose beginning was looked at already."""

from __future__ import annotations

from typing import Protocol


class Source(Protocol):
    """What a reader asks of a stream."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""


class Prefixed:
    """A stream with the bytes that were read ahead put back before it."""

    def __init__(self, head: bytes, stream: Source) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        """Return the bytes read ahead first, then the stream's."""
        if self._head:
            piece, self._head = self._head[:size], self._head[size:]
            return piece
        return self._stream.read(size)

    def skip(self, size: int) -> None:
        """Pass over `size` bytes, or as many as there are."""
        while size > 0 and (piece := self.read(min(size, 1 << 20))):
            size -= len(piece)
