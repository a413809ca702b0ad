"""How a book is cut into the documents that a reader loads one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from tangthu.formats.epub.book import Book, Heading

# A document of this many pages opens at once on a cheap phone.
MOST_PAGES = 24


@dataclass(frozen=True, slots=True)
class Chapter:
    """One document: its file's name and its pages, `first` to before `end`."""

    name: str
    first: int
    end: int


def chapters(book: Book) -> tuple[Chapter, ...]:
    """Cut at the headings of the first level, and where a part would be too long."""
    count = len(book.pages)
    cuts = {0} | {each.page for each in book.headings if each.level == 1 and each.page < count}
    bounds = [*sorted(cuts), count]
    found: list[Chapter] = []
    for first, end in pairwise(bounds):
        for start in range(first, max(end, first + 1), MOST_PAGES):
            name = f"text-{len(found) + 1:04}.xhtml"
            found.append(Chapter(name, start, min(start + MOST_PAGES, end)))
    return tuple(found)


def headings_at(book: Book) -> Mapping[int, list[tuple[int, Heading]]]:
    """Return the headings of each page, with their place in the contents."""
    found: dict[int, list[tuple[int, Heading]]] = {}
    for place, heading in enumerate(book.headings):
        found.setdefault(heading.page, []).append((place, heading))
    return found


def placed(parts: tuple[Chapter, ...]) -> Iterator[tuple[int, str]]:
    """Give each page with the name of the document that it is in."""
    for part in parts:
        for page in range(part.first, part.end):
            yield page, part.name
