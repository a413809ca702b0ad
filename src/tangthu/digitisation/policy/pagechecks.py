"""What is wrong with a page, judged from what was measured on its picture and its neighbours'.

Measures are taken on the page brought to 1,000 pixels on its longer side, in grey from 0 (black)
to 255. The thresholds were set on rendered pages (docs/develop/page-checks.md has the table).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median


class Flaw(StrEnum):
    """A flaw that the machine sees. The codes are stored."""

    BLANK = "blank"
    BLURRED = "blurred"
    SKEWED = "skewed"
    DOUBLE = "double"
    MISSING = "missing"
    ODD_SIZE = "odd_size"
    TOO_DARK = "too_dark"
    DARK_EDGE = "dark_edge"
    CUT = "cut"


LEAST_INK = 0.0003
"""Part of the page that is darker than its paper: two lines of print cover 0.006."""

LEAST_SHARPNESS = 1.2
"""How abruptly strokes end, see `measuring`: 2.2 in a sharp scan, 0.95 out of focus by 2 pixels."""

MOST_SKEW = 0.8
"""Degrees. ISO/TR 13028 wants straight pages; readers see a slant from about one degree on."""

MOST_LIKE = 64
"""Bits of 256 in which the looks of two scans of one page differ; other pages' in 95 and more."""

LEAST_BRIGHTNESS = 140.0
"""Of the paper. Less is a lamp that failed, or a hand over the page."""

MOST_DARK_EDGE = 0.5
"""Part of one edge's strip that is nearly black: the lid stood open, or the table is seen."""

MOST_CUT = 0.12
"""Part of an edge along which ink runs out of the picture."""

MOST_SIZE_CHANGE = 0.15
"""Part by which width or height differs from the middle one of the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One page as it was measured. `look` is a hash of 256 bits; `label` is printed."""

    ink: float
    sharpness: float
    skew: float
    brightness: float
    dark_edge: float
    cut: float
    look: int
    width: int
    height: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A flaw on the page at that place of the sequence: what was measured against which limit."""

    at: int
    flaw: Flaw
    measure: float
    limit: float
    detail: str = ""


def flaws(pages: Sequence[Measured | None]) -> list[Seen]:
    """Return the flaws of a document's pages, in their order. None: a page not measured yet."""
    found: list[Seen] = []
    usual = _usual_size([page for page in pages if page is not None])
    for at, page in enumerate(pages):
        if page is None:
            continue
        found.extend(_alone(at, page))
        found.extend(_odd(at, page, usual))
        before = pages[at - 1] if at else None
        if before is not None:
            found.extend(_beside(at, before, page))
    return found


def _alone(at: int, page: Measured) -> Iterator[Seen]:
    if page.brightness < LEAST_BRIGHTNESS:
        yield Seen(at, Flaw.TOO_DARK, page.brightness, LEAST_BRIGHTNESS)
    if page.dark_edge > MOST_DARK_EDGE:
        yield Seen(at, Flaw.DARK_EDGE, page.dark_edge, MOST_DARK_EDGE)
    if page.ink < LEAST_INK:
        # On an empty page there is nothing to be sharp, straight or cut.
        yield Seen(at, Flaw.BLANK, page.ink, LEAST_INK)
        return
    if page.sharpness < LEAST_SHARPNESS:
        yield Seen(at, Flaw.BLURRED, page.sharpness, LEAST_SHARPNESS)
    if abs(page.skew) > MOST_SKEW:
        yield Seen(at, Flaw.SKEWED, page.skew, MOST_SKEW)
    if page.cut > MOST_CUT:
        yield Seen(at, Flaw.CUT, page.cut, MOST_CUT)


def _beside(at: int, before: Measured, page: Measured) -> Iterator[Seen]:
    if before.ink >= LEAST_INK and page.ink >= LEAST_INK:
        apart = (before.look ^ page.look).bit_count()
        if apart <= MOST_LIKE:
            yield Seen(at, Flaw.DOUBLE, apart, MOST_LIKE)
    gap = gap_between(before.label, page.label)
    if gap:
        yield Seen(at, Flaw.MISSING, gap, 0, f"{before.label} → {page.label}")


def _odd(at: int, page: Measured, usual: tuple[float, float] | None) -> Iterator[Seen]:
    if usual is None:
        return
    change = max(abs(page.width / usual[0] - 1), abs(page.height / usual[1] - 1))
    if change > MOST_SIZE_CHANGE:
        yield Seen(at, Flaw.ODD_SIZE, change, MOST_SIZE_CHANGE)


def _usual_size(pages: Sequence[Measured]) -> tuple[float, float] | None:
    """Return the middle width and height; None of too few to know what is usual."""
    if len(pages) < 3:
        return None
    return median(page.width for page in pages), median(page.height for page in pages)


def gap_between(label: str, following: str) -> int:
    """Return how many printed numbers lie between two labels; 0 where that cannot be said.

    Arabic numbers, and Roman ones of a preface; a label such as `Bìa` says nothing.
    """
    for read in (_arabic, _roman):
        one, other = read(label), read(following)
        if one is not None and other is not None:
            return max(0, other - one - 1)
    return 0


_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def _arabic(label: str) -> int | None:
    found = re.fullmatch(r"\s*(\d{1,5})\s*", label)
    return int(found.group(1)) if found else None


def _roman(label: str) -> int | None:
    text = label.strip().lower()
    if not re.fullmatch(r"c{0,3}(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})", text) or not text:
        return None
    values = [_ROMAN[letter] for letter in text]
    following = [*values[1:], 0]
    return sum(-one if one < other else one for one, other in zip(values, following, strict=True))
