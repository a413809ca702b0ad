"""The text of one page as values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

Box = tuple[int, int, int, int]
"""Left, top, width, height."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box. `confidence` is the engine's own, None where nobody measured it.

    `repaired`: our program put letters in that the engine cannot read; `original` is what it read.
    `corrected`: a person has looked at the word (ALTO's CS).
    """

    text: str
    box: Box
    confidence: float | None = None
    repaired: bool = False
    original: str = ""
    corrected: bool = False

    def is_doubtful(self, below: float) -> bool:
        """Tell whether a person should look at the word: unsure, and nobody has yet."""
        unsure = self.confidence is not None and self.confidence < below
        return unsure and not self.corrected


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one line, in the order in which they are read."""

    words: tuple[Word, ...]

    @property
    def box(self) -> Box:
        return around([word.box for word in self.words])

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: a paragraph, a heading, a column's piece."""

    lines: tuple[Line, ...]

    @property
    def box(self) -> Box:
        return around([line.box for line in self.lines])

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Layout:
    """All text of one page, in the order in which it is read, and the size its boxes refer to."""

    width: int
    height: int
    blocks: tuple[Block, ...] = ()

    def lines(self) -> Iterator[Line]:
        for block in self.blocks:
            yield from block.lines

    def words(self) -> Iterator[Word]:
        for line in self.lines():
            yield from line.words

    def each_word(self, change: Callable[[Word], Word]) -> Layout:
        """Return the layout with every word changed by a function."""
        blocks = tuple(
            Block(tuple(Line(tuple(map(change, line.words))) for line in block.lines))
            for block in self.blocks
        )
        return replace(self, blocks=blocks)

    @property
    def confidence(self) -> float | None:
        """Return the mean confidence of the words that have one."""
        found = [word.confidence for word in self.words() if word.confidence is not None]
        return sum(found) / len(found) if found else None


EMPTY = Layout(0, 0)


def plain(layout: Layout) -> str:
    """Return the text alone: a line a line, an empty line between blocks."""
    return "\n\n".join(block.text for block in layout.blocks)


def around(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around these; an empty one around none."""
    if not boxes:
        return (0, 0, 0, 0)
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right = max(box[0] + box[2] for box in boxes)
    bottom = max(box[1] + box[3] for box in boxes)
    return (left, top, right - left, bottom - top)
