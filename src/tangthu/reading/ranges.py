"""Parts of a file by HTTP: which bytes were asked for (RFC 9110, section 14). Knows no Django."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

MOST_RANGES = 8
"""Of one request. Who asks for more, or for parts that overlap, gets the whole file instead."""

_SPEC = re.compile(r"(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a file, from `start` up to and without `end`."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start

    def content_range(self, size: int) -> str:
        """Return the span as the header Content-Range says it: its last byte is counted in."""
        return f"bytes {self.start}-{self.end - 1}/{size}"


class Unsatisfiable(Exception):
    """Every part that was asked for lies behind the end of the file (416)."""


def spans(header: str, size: int) -> list[Span]:
    """Return the parts that the header Range asks for; none where the whole file is to be sent.

    What is no range at all, in another unit, or too much of it, is ignored as the standard wants
    (14.2). Raises Unsatisfiable.
    """
    unit, sign, wanted = header.partition("=")
    if unit.strip().lower() != "bytes" or not sign:
        return []
    specs = [spec.strip() for spec in wanted.split(",") if spec.strip()]
    if not specs or len(specs) > MOST_RANGES:
        return []
    found: list[Span] = []
    for spec in specs:
        match = _SPEC.fullmatch(spec)
        if match is None or not _is_range(match[1], match[2]):
            return []
        span = _span(match[1], match[2], size)
        if span is not None:
            found.append(span)
    if not found:
        raise Unsatisfiable
    return [] if _overlap(found) else found


def _is_range(first: str, last: str) -> bool:
    if first and last:
        return int(first) <= int(last)
    return bool(first or last)


def _span(first: str, last: str, size: int) -> Span | None:
    """Return the bytes that exist of a range; nothing where none does."""
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    return Span(start, end) if start < end else None


def _overlap(found: list[Span]) -> bool:
    ordered = sorted(found, key=lambda span: span.start)
    return any(one.end > other.start for one, other in pairwise(ordered))
