"""What a correction did to a page's words, and how it is undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from tangthu.formats.alto import Block, Box, Layout, Line, Word
from tangthu.formats.alto.layout import around

_SAME_LINE = 0.5


@dataclass(frozen=True, slots=True)
class Change:
    """A run of words on one line became another; either may be empty, not both."""

    before: tuple[Word, ...]
    after: tuple[Word, ...]

    @property
    def box(self) -> Box:
        """Return where on the page it was."""
        return around([word.box for word in (*self.before, *self.after)])

    @property
    def is_confirmation(self) -> bool:
        """Whether the words stayed as they were, and were found right."""
        return _texts(self.before) == _texts(self.after)


def changes_between(before: Layout, after: Layout) -> list[Change]:
    """Return what is different, line by line of the page as it was and as it is."""
    old, new = list(before.lines()), list(after.lines())
    matcher = SequenceMatcher(None, [_place(line) for line in old], [_place(line) for line in new])
    found: list[Change] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            pairs = zip(old[i1:i2], new[j1:j2], strict=True)
            found += [change for a, b in pairs for change in _in_line(a.words, b.words)]
        else:
            found += _of_lines(old[i1:i2], new[j1:j2])
    return found


def undone(layout: Layout, change: Change) -> Layout | None:
    """Return the layout with the words as they were before; None where they are not there now."""
    if not change.after:
        return _put_back(layout, change)
    wanted = [_same(word) for word in change.after]
    for b, block in enumerate(layout.blocks):
        for n, line in enumerate(block.lines):
            at = _found([_same(word) for word in line.words], wanted)
            if at is not None:
                end = at + len(wanted)
                words = (*line.words[:at], *change.before, *line.words[end:])
                return _with_line(layout, b, n, words)
    return None


def _of_lines(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Change]:
    """Pair lines that stand at the same height; one without a partner is gone, or is new."""
    rest = list(new)
    for line in old:
        if rest and _overlap(line.box, rest[0].box) >= _SAME_LINE:
            yield from _in_line(line.words, rest.pop(0).words)
        elif line.words:
            yield Change(line.words, ())
    yield from (Change((), line.words) for line in rest if line.words)


def _in_line(before: Sequence[Word], after: Sequence[Word]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            continue
        # Words that are taken out are found again by the one they stood beside.
        if kind == "delete" and j1:
            i1, j1 = i1 - 1, j1 - 1
        elif kind == "delete" and j2 < len(after):
            i2, j2 = i2 + 1, j2 + 1
        yield Change(tuple(before[i1:i2]), tuple(after[j1:j2]))


def _place(line: Line) -> tuple[int, int]:
    """Return what a line is known by again after an edit: its height on the page."""
    _, top, _, height = line.box
    return top, height


def _same(word: Word) -> tuple[str, Box]:
    return word.text, word.box


def _texts(words: Sequence[Word]) -> list[str]:
    return [word.text for word in words]


def _found(words: Sequence[tuple[str, Box]], wanted: Sequence[tuple[str, Box]]) -> int | None:
    count = len(wanted)
    starts = range(len(words) - count + 1)
    return next((at for at in starts if words[at : at + count] == wanted), None)


def _put_back(layout: Layout, change: Change) -> Layout:
    """Return the layout with a line that had been taken out whole."""
    line = Line(change.before)
    for b, block in enumerate(layout.blocks):
        if _is_around(block.box, change.box):
            lines = tuple(sorted((*block.lines, line), key=lambda each: each.box[1]))
            return _with_block(layout, b, Block(lines))
    later = (at for at, each in enumerate(layout.blocks) if each.box[1] > change.box[1])
    at = next(later, len(layout.blocks))
    blocks = (*layout.blocks[:at], Block((line,)), *layout.blocks[at:])
    return replace(layout, blocks=blocks)


def _overlap(one: Box, other: Box) -> float:
    """Return how much of the lower one's height the two share."""
    top, bottom = max(one[1], other[1]), min(one[1] + one[3], other[1] + other[3])
    return (bottom - top) / max(min(one[3], other[3]), 1)


def _is_around(block: Box, box: Box) -> bool:
    """Tell whether the box stands between the lines of the block, or a line above or below."""
    reach = 2 * max(box[3], 1)
    over = min(block[0] + block[2], box[0] + box[2]) - max(block[0], box[0])
    near = block[1] - reach <= box[1] <= block[1] + block[3] + reach
    return near and over > min(block[2], box[2]) / 2


def _with_line(layout: Layout, b: int, n: int, words: tuple[Word, ...]) -> Layout:
    """Return the layout with another line in that place; none where no word is left."""
    lines = layout.blocks[b].lines
    put = (Line(words),) if words else ()
    return _with_block(layout, b, Block((*lines[:n], *put, *lines[n + 1 :])))


def _with_block(layout: Layout, b: int, block: Block) -> Layout:
    kept = (block,) if block.lines else ()
    return replace(layout, blocks=(*layout.blocks[:b], *kept, *layout.blocks[b + 1 :]))
