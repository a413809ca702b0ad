"""How pages are numbered in print, and how a table of contents is written down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

DEEPEST = 6
MOST_SECTIONS = 2_000
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LINE = re.compile(r"^(\s*)(.*?)[\s.…·_]+(#?(?:\d+|[ivxlcdm]+|[IVXLCDM]+))\s*$")
_PAGE = re.compile(r"^(?:(?:trang|page)\s+|(?:tr|p)\.\s*)(?=\S)", re.IGNORECASE)
_INDENT = re.compile(r"\t| {2,4}")


class Numbering(StrEnum):
    """The signs that a run of pages is numbered with."""

    ARABIC = "1"
    ROMAN = "i"
    CAPITAL_ROMAN = "I"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table of contents: its title, the page as it was written, its depth from 1."""

    title: str
    page: str
    level: int = 1


def after_the_word(label: str) -> str:
    """Return a page's label as it is said after the word for page: "nhất" of "Trang nhất"."""
    return _PAGE.sub("", label)


def labels_of_run(
    numbering: Numbering, count: int, *, first: int = 1, prefix: str = ""
) -> list[str]:
    """Return what is printed on so many pages that follow one another: `i, ii, iii` or `A-1, A-2`.

    Without numbering every label is empty.
    """
    return [
        f"{prefix}{_written(numbering, number)}" if numbering else ""
        for number in range(first, first + count)
    ]


def lines_of(text: str) -> list[Line]:
    """Read a table of contents that was typed or copied: a title a line, the page at its end.

    Indents tell the depth. A line without a page belongs to the title of the next.
    """
    lines: list[Line] = []
    before = ""
    for row in text.splitlines():
        found = _LINE.match(row)
        if found is None or not found[2].strip():
            before = f"{before} {row.strip()}".strip()
            continue
        level = min(len(_INDENT.findall(found[1])) + 1, DEEPEST)
        lines.append(Line(f"{before} {found[2].strip()}".strip(), found[3], level))
        before = ""
    return lines[:MOST_SECTIONS]


def place_of(word: str, labels: Sequence[str]) -> int | None:
    """Return the place, from 1, of the page that is meant; `labels` in the order of the pages.

    What is printed on the page comes first; `#12` is the twelfth page whatever is printed on it.
    """
    wanted = word.strip()
    if wanted in labels and wanted:
        return labels.index(wanted) + 1
    number = wanted.removeprefix("#")
    if not (number.isascii() and number.isdigit() and len(number) < 7):
        return None
    return int(number) if 1 <= int(number) <= len(labels) else None


def word_for(place: int, labels: Sequence[str]) -> str:
    """Return what names the page of this place so that `place_of` finds it again."""
    label = labels[place - 1] or str(place)
    return label if place_of(label, labels) == place else f"#{place}"


def _written(numbering: Numbering, number: int) -> str:
    if numbering is Numbering.ARABIC:
        return str(number)
    roman, left = "", number
    for value, sign in _ROMAN:
        roman += sign * (left // value)
        left %= value
    return roman.upper() if numbering is Numbering.CAPITAL_ROMAN else roman
