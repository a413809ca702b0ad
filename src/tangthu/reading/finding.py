"""The search inside an object: on which of its pages the words stand, and where on each.

Who asks has been judged: nothing here looks at who may open what.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tangthu.discovery.excerpts import excerpt, runs_of
from tangthu.discovery.highlight import Highlighter, Segment
from tangthu.discovery.language import parse
from tangthu.discovery.pages.asking import Asked, asked_of
from tangthu.discovery.search import pages
from tangthu.formats.alto import Box, Line, Word
from tangthu.formats.alto.layout import around
from tangthu.repository.models import DigitalObject, Page, PageText

AT_ONCE = 20
"""Pages with hits that are told of at once; a word may stand on each of five hundred."""

AROUND = 6
"""Words on either side of what was found."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page with hits: its text where it may be read, and how it marks what was asked."""

    page: Page
    text: PageText
    mark: Highlighter

    @property
    def segments(self) -> list[Segment]:
        """Return the piece of the text with the words, cut where they begin and end."""
        return excerpt(self.text.plain, self.mark)


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer: so many pages have the words, and these are those from `start` on."""

    total: int = 0
    start: int = 0
    found: tuple[Found, ...] = ()

    @property
    def following(self) -> int:
        """Return where the next ones begin; 0 where there are none."""
        after = self.start + AT_ONCE
        return after if after < self.total else 0


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What was found at one place: the words, what stands around them, a box for each line."""

    words: str
    before: str
    after: str
    boxes: tuple[Box, ...]


def has_text(obj: DigitalObject) -> bool:
    """Tell whether pages of the object have text that can be searched."""
    return PageText.objects.filter(object=obj, page__isnull=False, words__gt=0).exists()


def find_inside(obj: DigitalObject, q: str, *, start: int = 0) -> Finding:
    """Return the pages with the words, in the object's order. One query beside the index.

    Raises IndexUnavailable and QueryTooLarge.
    """
    asked = asked_of(parse(q).tree)
    if asked is None:
        return Finding()
    inside = pages().inside(asked, obj.pk, offset=start, limit=AT_ONCE)
    mark = Highlighter(inside.tree)
    rows = PageText.objects.filter(object=obj, page__delivery__isnull=False).with_pages()
    texts = rows.in_bulk(inside.units)
    found = (texts[unit] for unit in inside.units if unit in texts)
    shown = tuple(Found(text.page, text, mark) for text in found if text.page is not None)
    return Finding(inside.total, start, shown)


def occurrences(found: Found) -> list[Occurrence]:
    """Return where the words stand on the page, in pixels of the picture that is shown.

    The page as a whole where the boxes are those of another picture than it shows now.
    """
    placed = lines_of(found.text, found.page)
    words = [word for line in placed for word in line]
    runs = runs_of([text for text, _ in words], found.mark)
    ends = _line_ends(placed)
    return [
        Occurrence(
            words=_text(words[first:last]),
            before=_text(words[max(0, first - AROUND) : first]),
            after=_text(words[last : last + AROUND]),
            boxes=_boxes(words, first, last, ends) or ((0, 0, *_size(found.page)),),
        )
        for first, last in runs
    ]


Placed = tuple[str, Box]


def lines_of(text: PageText, page: Page) -> list[list[Placed]]:
    """Return the words of the page, line by line, each with its box on the picture shown."""
    layout = text.layout()
    width, height = _size(page)
    fits = text.fits(page) and layout.width and layout.height
    across = width / layout.width if fits else 0.0
    down = height / layout.height if fits else 0.0
    return [_placed(line, across, down) for line in layout.lines()]


def marks_on(text: PageText, page: Page, q: str) -> list[tuple[int, int]]:
    """Return which words of the page answer the question: the first, and one past the last."""
    asked = asked_of(parse(q).tree)
    if asked is None:
        return []
    words = [word for line in lines_of(text, page) for word, _ in line]
    return next(filter(None, _runs(words, asked)), [])


def _runs(words: list[str], asked: Asked) -> Iterator[list[tuple[int, int]]]:
    for tree in asked.stages:
        yield runs_of(words, Highlighter(tree))


def _placed(line: Line, across: float, down: float) -> list[Placed]:
    return [(word.text, _scaled(word, across, down)) for word in line.words]


def _scaled(word: Word, across: float, down: float) -> Box:
    x, y, width, height = word.box
    return (round(x * across), round(y * down), round(width * across), round(height * down))


def _size(page: Page) -> tuple[int, int]:
    return page.width or 1, page.height or 1


def _text(words: list[Placed]) -> str:
    return " ".join(text for text, _ in words)


def _line_ends(placed: list[list[Placed]]) -> list[int]:
    """Return after which words, counted on the page, lines end."""
    ends, count = [], 0
    for line in placed:
        count += len(line)
        ends.append(count)
    return ends


def _boxes(words: list[Placed], first: int, last: int, ends: list[int]) -> tuple[Box, ...]:
    """Return a box around the words on each line that they stand on."""
    cuts = [first, *(end for end in ends if first < end < last), last]
    parts = [words[begin:end] for begin, end in pairwise(cuts)]
    boxes = (around([box for _, box in part]) for part in parts)
    return tuple(box for box in boxes if box[2] and box[3])
