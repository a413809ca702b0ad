"""A layout in few bytes, for a million pages in a database: about a third of packed ALTO.

Numbers stand in columns (all lefts, all tops …), each as the difference from the one before, in
as many bytes as it needs; then the words. zlib does the rest. The first byte is the format's.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from tangthu.formats.alto.layout import Block, Layout, Line, Word

_FORMAT = 1
_UNKNOWN = 101
_REPAIRED, _CORRECTED = 1, 2
_WORD, _ORIGINAL = "\n", "\t"
_PARTED = str.maketrans(dict.fromkeys("\n\t\r", " "))

T = TypeVar("T")


def pack(layout: Layout) -> bytes:
    """Return the layout packed; confidences keep two digits. `unpack` reads it."""
    words = list(layout.words())
    columns = [
        [layout.width, layout.height, len(words)],
        [len(block.lines) for block in layout.blocks],
        [len(line.words) for line in layout.lines()],
        *([word.box[side] for word in words] for side in range(4)),
        [_percent(word.confidence) for word in words],
        [_REPAIRED * word.repaired + _CORRECTED * word.corrected for word in words],
    ]
    numbers = b"".join(map(_column, columns))
    texts = _WORD.join(map(_texts, words))
    body = _varint(len(numbers)) + numbers + texts.encode()
    return bytes([_FORMAT]) + zlib.compress(body, 9)


def unpack(packed: bytes) -> Layout:
    """Return the layout that was packed. Raises ValueError for anything else."""
    if not packed or packed[0] != _FORMAT:
        raise ValueError("not a packed layout")
    body = memoryview(zlib.decompress(packed[1:]))
    length, start = _read_varint(body, 0)
    columns = list(_columns(body[start : start + length]))
    text = bytes(body[start + length :]).decode()
    (width, height, count), in_blocks, in_lines, lefts, tops, widths, heights, sure, marks = columns
    texts = text.split(_WORD) if count else []
    words = [
        _word(*row)
        for row in zip(
            texts, zip(lefts, tops, widths, heights, strict=True), sure, marks, strict=True
        )
    ]
    lines = [Line(tuple(part)) for part in _parts(words, in_lines)]
    return Layout(width, height, tuple(Block(tuple(part)) for part in _parts(lines, in_blocks)))


def _texts(word: Word) -> str:
    text = word.text.translate(_PARTED)
    return f"{text}{_ORIGINAL}{word.original.translate(_PARTED)}" if word.original else text


def _word(text: str, box: tuple[int, int, int, int], sure: int, marks: int) -> Word:
    shown, _, original = text.partition(_ORIGINAL)
    return Word(
        shown,
        box,
        confidence=None if sure == _UNKNOWN else sure / 100,
        repaired=bool(marks & _REPAIRED),
        original=original,
        corrected=bool(marks & _CORRECTED),
    )


def _percent(confidence: float | None) -> int:
    return _UNKNOWN if confidence is None else round(confidence * 100)


def _parts(rows: Sequence[T], sizes: Iterable[int]) -> Iterator[Sequence[T]]:
    start = 0
    for size in sizes:
        yield rows[start : start + size]
        start += size


def _column(numbers: Sequence[int]) -> bytes:
    """Write how many numbers there are, then each as its difference from the one before."""
    written = bytearray(_varint(len(numbers)))
    last = 0
    for number in numbers:
        step = number - last
        # Zigzag: small steps back are as short as small steps forward.
        written += _varint(2 * step if step >= 0 else -2 * step - 1)
        last = number
    return bytes(written)


def _columns(data: memoryview) -> Iterator[list[int]]:
    at = 0
    while at < len(data):
        count, at = _read_varint(data, at)
        column: list[int] = []
        last = 0
        for _ in range(count):
            coded, at = _read_varint(data, at)
            last += coded >> 1 if not coded & 1 else -((coded + 1) >> 1)
            column.append(last)
        yield column


def _varint(number: int) -> bytes:
    """Write a number in bytes of seven bits, the lowest first (LEB128)."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def _read_varint(data: memoryview, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return number, at
        shift += 7
