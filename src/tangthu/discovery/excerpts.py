"""The piece of a long text that shows what was asked for, and the places of words in it.

A page has some six hundred words and a list of results twenty pages, so words are taken between
spaces, whose forms are remembered, and only the piece that is shown is looked at letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tangthu.discovery.highlight import Highlighter, Segment
from tangthu.discovery.words import Forms, forms_between_spaces

LENGTH = 220
"""Characters of an excerpt, more or less a word."""

_PIECE = re.compile(r"\S+")
_PARTICLE = re.compile(r"[hH][^\w\s]")

Run = tuple[int, int]


def excerpt(text: str, mark: Highlighter, *, length: int = LENGTH) -> list[Segment]:
    """Return the piece of the text with most of what was asked for, cut into segments.

    Those that are true answer the question. Where nothing answers, the text's beginning.
    """
    places = [(match.start(), match.end()) for match in _PIECE.finditer(text)]
    runs = runs_of([text[start:end] for start, end in places], mark)
    first = _best(runs, places, length)
    start = _start(places, first, length)
    end = next(
        (place[0] for place in places if place[1] > start + length and place[0] > start), len(text)
    )
    piece = " ".join(text[start:end].split())
    shown = f"{'… ' if start else ''}{piece}{' …' if end < len(text) else ''}"
    return mark.segments(shown)


def runs_of(pieces: Sequence[str], mark: Highlighter) -> list[Run]:
    """Return which of these words, as they stand between spaces, answer the question.

    Each run is the first piece and one past the last.
    """
    words: list[Forms] = []
    owners: list[Run] = []
    for number, piece, end in _joined(pieces):
        for form in forms_between_spaces(piece):
            words.append(form)
            owners.append((number, end))
    return [(owners[first][0], owners[last - 1][1]) for first, last in mark.runs(words)]


def _joined(pieces: Sequence[str]) -> Iterator[tuple[int, str, int]]:
    """Yield the pieces with their first and last place; the H’ of H’ Hen with its name."""
    before = ""
    for number, piece in enumerate(pieces):
        if len(piece) == 2 and _PARTICLE.match(piece) and number + 1 < len(pieces):
            before = piece
            continue
        yield number - bool(before), before + piece, number + 1
        before = ""


def _best(runs: Sequence[Run], places: Sequence[Run], length: int) -> int:
    """Return the piece at which a window with the most runs begins."""
    best, most = 0, 0
    starts = [places[first][0] for first, _ in runs]
    for number, start in enumerate(starts):
        within = sum(1 for other in starts[number : number + 20] if other < start + length * 2 // 3)
        if within > most:
            best, most = runs[number][0], within
    return best


def _start(places: Sequence[Run], first: int, length: int) -> int:
    """Return where to begin so that what was found has something before it."""
    if not places or places[first][1] <= length // 2:
        return 0
    wanted = places[first][0] - length // 3
    return next(start for start, _ in places if start >= wanted)
