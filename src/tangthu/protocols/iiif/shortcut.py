"""Tiles of open pages, answered before anything else of the site is asked.

A viewer that is dragged asks for dozens of tiles a second, and each was judged, routed, logged and
wrapped like a page of the catalogue: milliseconds around a read of microseconds. Here the site's
own answer to one tile of a page is remembered for two seconds: its headers, and where the tiles
lie. Within them the other tiles of the page go out from the file as they lie there. Whatever is
not exactly such a tile, and each first one, takes the whole way; so a page that is closed or drawn
anew is open for two seconds more at most, which caches on the way are allowed anyhow.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tangthu.formats.iiif.plan import Box, Plan
from tangthu.formats.iiif.request import Format, Quality, Rotation
from tangthu.protocols.iiif.pyramid import Pyramid, ready_tile

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REMEMBERED = 2.0
"""Seconds for which an answer stands."""

MOST = 512
ATTRIBUTE = "iiif_tile"
"""The name under which the view leaves the tile's `Source` on its answer."""

_TILE = re.compile(
    r"/iiif/image/([0-9a-z]+)/"
    r"([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6})/([0-9]{1,6}),([0-9]{1,6})/0/default\.jpg"
)
# What an address of ours is made of: another host or scheme is another answer.
_PLACE = ("wsgi.url_scheme", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")
_OF_ONE_ANSWER = frozenset({"content-length", "etag", "link", "x-request-id", "date"})
_STRAIGHT = Rotation()


@dataclass(frozen=True, slots=True)
class Source:
    """Where the tiles of an open page lie, and what its answers are named by.

    `address` is that of the image, `link` what its canonical address is followed by.
    """

    pyramid: Pyramid
    version: str
    address: str
    link: str


@dataclass(frozen=True, slots=True)
class _Remembered:
    source: Source
    headers: tuple[tuple[str, str], ...]
    until: float


class TileShortcut:
    """The application, with its open tiles answered from memory while the memory is fresh."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._known: dict[tuple[object, ...], _Remembered] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        found = _TILE.fullmatch(environ.get("PATH_INFO", ""))
        if found is None or environ.get("REQUEST_METHOD") != "GET":
            return self._application(environ, start_response)
        key = (found.group(1), *(environ.get(name) for name in _PLACE))
        known = self._known.get(key)
        if known is not None and known.until > time.monotonic():
            numbers = [int(number) for number in found.groups()[1:]]
            answer = _answer(known, tile_plan(known.source.pyramid, *numbers), environ)
            if answer is not None:
                status, headers, body = answer
                start_response(status, headers)
                return [body]
        return self._whole_way(key, environ, start_response)

    def _whole_way(
        self, key: tuple[object, ...], environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let the site answer, and remember how, if it was a tile that is open to all."""
        answer = self._application(environ, start_response)
        source: Source | None = getattr(answer, ATTRIBUTE, None)
        if source is not None:
            if len(self._known) >= MOST:
                self._known.clear()
            told: dict[str, str] = getattr(answer, "headers", {})
            headers = [(name, told[name]) for name in told if name.lower() not in _OF_ONE_ANSWER]
            until = time.monotonic() + REMEMBERED
            self._known[key] = _Remembered(source, tuple(headers), until)
        return answer


def tile_plan(
    source: Pyramid, x: int, y: int, width: int, height: int, wide: int, high: int
) -> Plan | None:
    """Return the plan of a request for one tile, as `formats.iiif.plan` measures it.

    None where it reaches out of the image, is enlarged, or is no size of a tile.
    """
    full = source.levels[0]
    inside = x + width <= full.width and y + height <= full.height
    side = full.tile
    if not (inside and 0 < wide <= min(side, width) and 0 < high <= min(side, height)):
        return None
    box = Box(x, y, width, height)
    region = "full" if (width, height) == (full.width, full.height) else str(box)
    size = "max" if (wide, high) == (width, height) else f"{wide},{high}"
    canonical = f"{region}/{size}/0/default.jpg"
    return Plan(box, wide, high, _STRAIGHT, Quality.DEFAULT, Format.JPG, canonical)


def _answer(
    known: _Remembered, plan: Plan | None, environ: WSGIEnvironment
) -> tuple[str, list[tuple[str, str]], bytes] | None:
    """Return status, headers and bytes; None where the site must answer."""
    if plan is None:
        return None
    source = known.source
    tag = f'"{source.version}/{plan.canonical}"'
    if tag in environ.get("HTTP_IF_NONE_MATCH", ""):
        return None
    try:
        data = ready_tile(source.pyramid, plan)
    except OSError:
        return None
    if data is None:
        return None
    link = f"<{source.address}/{plan.canonical}>{source.link}"
    own = [("Content-Length", str(len(data))), ("ETag", tag), ("Link", link)]
    return "200 OK", [*known.headers, *own], data
