"""Bringing two people's edits of one text together, word by word, so that nobody's are lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tangthu.digitisation.policy.aligning import opcodes


@dataclass(frozen=True, slots=True)
class Edit:
    """The words `start` to before `end` of the base became these."""

    start: int
    end: int
    words: tuple[str, ...]


class EditsClash(Exception):
    """Both changed the same words, and not alike: `mine` and `theirs` say to what."""

    def __init__(self, mine: Sequence[str], theirs: Sequence[str]) -> None:
        super().__init__("edits_clash")
        self.mine, self.theirs = " ".join(mine), " ".join(theirs)


def merged(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Return the base with the edits of both. Raises EditsClash where they touch and differ."""
    waiting = sorted({*edits(base, mine), *edits(base, theirs)}, key=_place)
    own = set(edits(base, mine))
    result: list[str] = []
    done = 0
    last: Edit | None = None
    for edit in waiting:
        if last is not None and _touch(last, edit):
            pair = (last, edit) if last in own else (edit, last)
            raise EditsClash(pair[0].words, pair[1].words)
        result += [*base[done : edit.start], *edit.words]
        done, last = edit.end, edit
    return [*result, *base[done:]]


def edits(base: Sequence[str], now: Sequence[str]) -> list[Edit]:
    """Return what was changed, in the order of the base."""
    return [
        Edit(i1, i2, tuple(now[j1:j2]))
        for kind, i1, i2, j1, j2 in opcodes(base, now)
        if kind != "equal"
    ]


def _place(edit: Edit) -> tuple[int, int, tuple[str, ...]]:
    return edit.start, edit.end, edit.words


def _touch(first: Edit, second: Edit) -> bool:
    """Tell whether two edits are of the same words, or put words into the same place."""
    return (
        second.start < first.end
        or second.start == first.start
        or (
            second.start == first.end
            and not (second.end > second.start and first.end > first.start)
        )
    )
