"""Two languages side by side: what is said, and what it means, at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tangthu.formats.webvtt.cues import Cue


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a transcript: when it is said, its words, and their translation where there is."""

    start: int
    end: int
    text: str
    translation: str = ""


def parallel(spoken: Sequence[Cue], translated: Sequence[Cue]) -> tuple[Line, ...]:
    """Set each translated cue beside the spoken one that it shares most time with.

    Both are in the order of time. No words are lost: a translation that shares no time with any
    spoken cue gets a line of its own.
    """
    beside: dict[int, list[str]] = {}
    alone: list[Line] = []
    first = 0
    for cue in translated:
        while first < len(spoken) and spoken[first].end <= cue.start:
            first += 1
        place = _best(spoken, cue, first)
        if place is None:
            alone.append(Line(cue.start, cue.end, "", cue.text))
        else:
            beside.setdefault(place, []).append(cue.text)
    lines = [
        Line(cue.start, cue.end, cue.text, "\n".join(beside.get(place, ())))
        for place, cue in enumerate(spoken)
    ]
    return tuple(sorted([*lines, *alone], key=lambda line: (line.start, line.end)))


def _best(spoken: Sequence[Cue], cue: Cue, first: int) -> int | None:
    best, most = None, 0
    for place in range(first, len(spoken)):
        if spoken[place].start >= cue.end:
            break
        shared = min(cue.end, spoken[place].end) - max(cue.start, spoken[place].start)
        if shared > most:
            best, most = place, shared
    return best
