"""Keeping the boxes of words when people type a page anew: the new words are aligned to the old.

Promises: the words of the result are those that were typed, in their order; a word that stayed
keeps its box; a word that took the place of one takes its box; several share the box of what they
replace, by their length. No box leaves the line that it came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import accumulate

from tangthu.formats.alto import Block, Box, Layout, Line, Word
from tangthu.formats.alto.layout import around

Opcode = tuple[str, int, int, int, int]
_LINE_SHARE = 0.7


def aligned_text(layout: Layout, text: str) -> Layout:
    """Return the layout with the words of a text that was typed as a whole.

    As many lines as there were are taken one for one; else the words find their lines.
    """
    typed = [line.split() for line in text.splitlines() if line.strip()]
    if not any(layout.words()):
        return spread(layout, typed)
    lines = [line for line in layout.lines() if line.words]
    if len(typed) != len(lines):
        typed = _shared_out(lines, [word for line in typed for word in line])
    return aligned_lines(layout, [" ".join(words) for words in typed])


def aligned_lines(layout: Layout, typed: Sequence[str]) -> Layout:
    """Return the layout with each line that has words replaced by the one typed for it.

    Lines and blocks that have no word left are dropped. Raises ValueError for another number.
    """
    rest = iter(typed)
    blocks: list[Block] = []
    try:
        for block in layout.blocks:
            lines = [
                Line(aligned_words(line.words, next(rest).split()))
                for line in block.lines
                if line.words
            ]
            blocks.append(Block(tuple(line for line in lines if line.words)))
    except StopIteration:
        raise ValueError("fewer lines than the page has") from None
    if next(rest, None) is not None:
        raise ValueError("more lines than the page has")
    return replace(layout, blocks=tuple(block for block in blocks if block.lines))


def aligned_words(old: Sequence[Word], new: Sequence[str]) -> tuple[Word, ...]:
    """Return the words typed for one line, with the boxes of those that stood there."""
    found: list[Word] = []
    for kind, i1, i2, j1, j2 in opcodes([word.text for word in old], new):
        if kind == "equal":
            found.extend(old[i1:i2])
        elif kind == "replace":
            found.extend(shared([word.box for word in old[i1:i2]], new[j1:j2]))
        elif kind == "insert":
            after = old[i1] if i1 < len(old) else None
            _insert(found, new[j1:j2], after)
    return tuple(found)


def shared(boxes: Sequence[Box], texts: Sequence[str]) -> list[Word]:
    """Return new words in the boxes of old ones: one for one, or parted by their lengths."""
    if len(boxes) == len(texts):
        return [_typed(text, box) for text, box in zip(texts, boxes, strict=True)]
    return _parted(around(boxes), texts)


def spread(layout: Layout, typed: Sequence[Sequence[str]]) -> Layout:
    """Return a page of which no word was known: its lines one below the other, over all of it."""
    count = len(typed)
    if not count:
        return replace(layout, blocks=())
    step = layout.height // (count + 2)
    margin = layout.width // 10
    longest = max(len(" ".join(words)) for words in typed)
    lines = []
    for at, words in enumerate(typed, 1):
        width = (layout.width - 2 * margin) * len(" ".join(words)) // longest
        box = (margin, at * step, width, int(step * _LINE_SHARE))
        lines.append(Line(tuple(_parted(box, words))))
    return replace(layout, blocks=(Block(tuple(lines)),))


def opcodes(old: Sequence[str], new: Sequence[str]) -> list[Opcode]:
    """Return how the new words came of the old: the steps of `difflib`, none of them taken as junk.

    What is alike at both ends is not compared with everything else: most edits are of one word.
    """
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle = SequenceMatcher(
        None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False
    )
    steps: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
    steps += [
        (kind, i1 + head, i2 + head, j1 + head, j2 + head)
        for kind, i1, i2, j1, j2 in middle.get_opcodes()
    ]
    if tail:
        steps.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return steps


def _typed(text: str, box: Box) -> Word:
    return Word(text, box, corrected=True)


def _parted(box: Box, texts: Sequence[str]) -> list[Word]:
    """Part a box between words by their lengths, with a letter's room between two."""
    left, top, width, height = box
    ends = list(accumulate(len(text) + 1 for text in texts))
    total = max(ends[-1] - 1, 1)
    words = []
    for text, end in zip(texts, ends, strict=True):
        start = left + width * (end - len(text) - 1) // total
        stop = left + width * (end - 1) // total
        words.append(_typed(text, (start, top, stop - start, height)))
    return words


def _insert(found: list[Word], texts: Sequence[str], after: Word | None) -> None:
    """Put new words into the gap where they stand, or let them share a neighbour's box."""
    before = found[-1] if found else None
    if before is not None and after is not None:
        left = before.box[0] + before.box[2]
        room = after.box[0] - left
        if room >= _needed(texts, before):
            found.extend(_parted((left, before.box[1], room, before.box[3]), texts))
            return
    if before is not None:
        found.pop()
        first, *others = _parted(before.box, [before.text, *texts])
        found.extend([replace(before, box=first.box), *others])
    elif after is not None:
        # The neighbour follows as it is: the new words take a narrow place before it.
        left, top, _, height = after.box
        found.extend(_parted((left, top, 0, height), texts))


def _needed(texts: Sequence[str], beside: Word) -> int:
    """Return the width that words need in letters like those of the word beside them."""
    letters = sum(len(text) + 1 for text in texts)
    return letters * beside.box[2] // max(len(beside.text), 1)


def _shared_out(lines: Sequence[Line], typed: Sequence[str]) -> list[list[str]]:
    """Return the typed words by the line that each belongs to."""
    old = [(at, word.text) for at, line in enumerate(lines) for word in line.words]
    found: list[list[str]] = [[] for _ in lines]
    for kind, i1, i2, j1, j2 in opcodes([text for _, text in old], typed):
        if kind in {"equal", "replace"}:
            for at, word in _distributed([at for at, _ in old[i1:i2]], typed[j1:j2]):
                found[at].append(word)
        elif kind == "insert":
            at = old[i1 - 1][0] if i1 else old[0][0]
            found[at].extend(typed[j1:j2])
    return found


def _distributed(places: Sequence[int], words: Sequence[str]) -> list[tuple[int, str]]:
    """Give each word a place, in order, evenly."""
    count = len(words)
    return [(places[at * len(places) // count], word) for at, word in enumerate(words)]
