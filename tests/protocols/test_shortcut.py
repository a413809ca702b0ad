"""Tiles answered from memory: as the whole way answers, and none that it would not."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from tangthu.formats.iiif.plan import plan
from tangthu.formats.iiif.request import parse
from tangthu.protocols.iiif.images import LIMITS
from tangthu.protocols.iiif.pyramid import Level, Pyramid
from tangthu.protocols.iiif.shortcut import TileShortcut, tile_plan
from tangthu.repository.models import DigitalObject

Answer = tuple[str, dict[str, str], bytes]


class Site:
    """The site behind its shortcut; how often it was asked itself is counted."""

    def __init__(self) -> None:
        self.asked = 0
        self._site = get_wsgi_application()
        self._shortcut = TileShortcut(self._counted)

    def _counted(self, environ, start_response):
        self.asked += 1
        return self._site(environ, start_response)

    def get(self, path: str, **headers: str) -> Answer:
        environ = RequestFactory().get(path, **headers).environ
        told: list[object] = []
        body = self._shortcut(environ, lambda status, found: told.extend((status, dict(found))))
        return told[0], told[1], b"".join(body)


@pytest.fixture
def site(transactional_db: None) -> Site:
    return Site()


def tiles(book: DigitalObject) -> tuple[str, str]:
    name = book.pages.get(position=1).identifier
    place = f"/iiif/image/{name}"
    return (
        f"{place}/0,0,256,256/256,256/0/default.jpg",
        f"{place}/256,0,256,256/256,256/0/default.jpg",
    )


def without_its_number(answer: Answer) -> Answer:
    status, headers, body = answer
    return status, {name: told for name, told in headers.items() if name != "X-Request-ID"}, body


def test_a_tile_from_memory_is_what_the_whole_way_answers(site: Site, book: DigitalObject) -> None:
    first, second = tiles(book)
    slow = site.get(second)
    site.get(first)
    asked = site.asked

    quick = site.get(second)

    assert site.asked == asked
    assert without_its_number(quick) == without_its_number(slow)
    assert quick[0] == "200 OK"
    assert quick[1]["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in quick[1]


def test_another_host_or_method_takes_the_whole_way(site: Site, book: DigitalObject) -> None:
    first, second = tiles(book)
    site.get(first)

    other = site.get(second, HTTP_HOST="evil.example")
    held = site.get(second, HTTP_IF_NONE_MATCH=site.get(second)[1]["ETag"])

    assert other[0].startswith("400")
    assert held[0].startswith("304")


def test_what_is_closed_is_never_remembered(
    site: Site, new_object: Callable[..., DigitalObject]
) -> None:
    first, second = tiles(new_object(access="cardholders"))

    assert [site.get(path)[0] for path in (first, second)] == ["403 Forbidden", "403 Forbidden"]
    assert site.asked == 2


def test_a_page_that_was_closed_is_not_shown_for_longer_than_two_seconds(
    site: Site, book: DigitalObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tiles(book)
    site.get(first)
    DigitalObject.objects.update(state="withdrawn")
    later = time.monotonic() + 2.01
    monkeypatch.setattr("tangthu.protocols.iiif.shortcut.time.monotonic", lambda: later)

    assert site.get(second)[0] == "403 Forbidden"


sides = st.integers(1, 3000)


@given(sides, sides, st.integers(0, 12), st.integers(0, 12), st.integers(0, 4))
def test_a_tile_is_measured_as_every_other_request(width, height, column, row, number) -> None:
    span = 256 << number
    x, y = column * span, row * span
    if x >= width or y >= height:
        return
    wide, high = min(span, width - x), min(span, height - y)
    size = (-(-wide // (1 << number)), -(-high // (1 << number)))
    level = Level(width, height, 256, (), (), b"", is_plain=True)
    asked = parse(f"{x},{y},{wide},{high}", f"{size[0]},{size[1]}", "0", "default", "jpg")

    found = tile_plan(Pyramid("", (level,), is_gray=False), x, y, wide, high, *size)

    assert found == plan(asked, width=width, height=height, limits=LIMITS)
