"""The blocks that an exhibition is composed of, and what is typed into them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MOST_BLOCKS = 200
MOST_LINES = 200
LONGEST_TEXT = 20_000

_READ = re.compile(
    r"(?:/read/|/ark:/?[0-9a-z]{5,10}/)([0-9a-z]{12})(?:/([0-9a-z]{12}))?/?(?:\?([^#]*))?(?:#(.*))?\Z"
)
_XYWH = re.compile(r"xywh=(\d{1,6}),(\d{1,6}),(\d{1,6}),(\d{1,6})\Z")
_TIME = re.compile(r"(?:^|&)t=(\d{1,6})(?:&|\Z)")
_PART = re.compile(r"(?:^|&)part=(\d{1,4})(?:&|\Z)")
_PIN = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s+(\d{1,3}(?:[.,]\d{1,2})?)\s+(.+)\Z")


class BlockKind(StrEnum):
    """What a block shows."""

    TEXT = "text"
    IMAGE = "image"
    QUOTE = "quote"
    GALLERY = "gallery"
    MAP = "map"
    TIMELINE = "timeline"
    SOUND = "sound"
    FIGURES = "figures"


WITH_ADDRESS = frozenset({BlockKind.IMAGE, BlockKind.MAP, BlockKind.SOUND})
WITH_LINES = frozenset({BlockKind.GALLERY, BlockKind.MAP, BlockKind.TIMELINE})


class BadLine(ValueError):
    """A line that cannot be understood; `line` is its number, from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True, slots=True)
class Place:
    """What an address of the reader names: an object, a page, a part of it, a moment."""

    object: str
    page: str = ""
    region: tuple[int, int, int, int] | None = None
    part: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Pin:
    """A spot on a map, in percent of its width and height from the left and the top."""

    x: float
    y: float
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Happening:
    """A point of a time line. `when` is as people write it: a year, a century, a day."""

    when: str
    title: str
    text: str


def place_of(address: str) -> Place | None:
    """Return what an address copied from the reader, or a lasting name, names; None for others."""
    found = _READ.search(address.strip())
    if found is None:
        return None
    name, page, query, hash_part = found.groups(default="")
    region = _XYWH.match(hash_part)
    part, seconds = _PART.search(query), _TIME.search(query)
    left, top, width, height = map(int, region.groups()) if region else (0, 0, 0, 0)
    return Place(
        object=name,
        page=page,
        region=(left, top, width, height) if width and height else None,
        part=int(part[1]) if part else 0,
        seconds=int(seconds[1]) if seconds else 0,
    )


def pins_of(text: str) -> tuple[Pin, ...]:
    """Return the spots that are typed one a line: `34 56 Title | words`. Raises BadLine."""
    pins = []
    for number, line in _lines(text):
        found = _PIN.match(line)
        x, y = (float(each.replace(",", ".")) for each in found.groups()[:2]) if found else (-1, -1)
        if found is None or not (0 <= x <= 100 and 0 <= y <= 100):
            raise BadLine(number)
        title, words = _parted(found[3], 2)
        pins.append(Pin(x, y, title, words))
    return tuple(pins)


def happenings_of(text: str) -> tuple[Happening, ...]:
    """Return what is typed one a line: `1904 | Title | words`. Raises BadLine."""
    happenings = []
    for number, line in _lines(text):
        when, title, words = _parted(line, 3)
        if not when or not title:
            raise BadLine(number)
        happenings.append(Happening(when, title, words))
    return tuple(happenings)


def places_of(text: str) -> tuple[Place, ...]:
    """Return the objects whose addresses are typed one a line. Raises BadLine."""
    places = []
    for number, line in _lines(text):
        place = place_of(line)
        if place is None:
            raise BadLine(number)
        places.append(place)
    return tuple(places)


def _lines(text: str) -> list[tuple[int, str]]:
    found = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(found) > MOST_LINES:
        raise BadLine(found[MOST_LINES][0])
    return found


def _parted(line: str, count: int) -> list[str]:
    parts = [part.strip() for part in line.split("|", count - 1)]
    return parts + [""] * (count - len(parts))
