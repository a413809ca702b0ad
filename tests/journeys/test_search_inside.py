"""A reader finds words in a scanned book: from the one search, and in the viewer itself."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.support.serving import eventually

pytestmark = pytest.mark.browser


@pytest.fixture
def hits(visitor: Visitor) -> Page:
    """The demo's scanned book with "dat do" looked for."""
    page = visitor.go("/record/1")
    page.get_by_role("link", name=re.compile("Đọc trực tuyến")).click()
    page.wait_for_url(re.compile("/read/"))
    page.wait_for_selector("body.reading-drawn")
    page.keyboard.press("/")
    page.keyboard.type("dat do")
    page.keyboard.press("Enter")
    page.wait_for_selector(".reading-hits mark", state="attached")
    return page


def marked(page: Page) -> Image.Image:
    """Return what the screen shows of the hit that one is at."""
    found = page.locator(".reading-found-now rect").first
    found.wait_for(state="attached")
    page.evaluate("document.querySelector('[data-reading=first]')?.remove()")
    page.wait_for_timeout(900)
    box = found.bounding_box()
    assert box is not None
    shot = page.screenshot(clip=box, animations="disabled")
    return Image.open(io.BytesIO(shot)).convert("RGB")


def share(picture: Image.Image, *, orange: bool) -> float:
    """Return how much of the picture is orange, or as dark as ink."""
    pixels = [picture.getpixel((x, y)) for x in range(picture.width) for y in range(picture.height)]
    if orange:
        fitting = [p for p in pixels if p[0] > 200 and p[0] - p[2] > 60]
    else:
        fitting = [p for p in pixels if max(p) < 175]
    return len(fitting) / len(pixels)


def test_words_typed_without_marks_are_marked_on_the_page(visitor: Visitor, hits: Page):
    expect(hits.locator(".reading-hits mark").first).to_have_text(re.compile("đất đỏ", re.I))

    def is_marked() -> bool:
        """The mark lies on the picture, and under it stand the letters of the scan."""
        found = marked(hits)
        return share(found, orange=True) > 0.4 and share(found, orange=False) > 0.03

    assert eventually(is_marked, within=30)
    assert re.search(r"/read/\w+/", hits.url)
    assert visitor.barriers() == []
    assert visitor.complaints == []


def test_the_address_of_a_hit_brings_another_reader_to_it(visitor: Visitor, hits: Page):
    address = hits.locator(".reading-hits a").first.get_attribute("href")
    assert address is not None

    page = visitor.go(address)

    assert eventually(lambda: share(marked(page), orange=True) > 0.4, within=30)
    expect(page.locator("#inside-q")).to_have_value("dat do")
    assert visitor.complaints == []


def test_the_words_of_a_page_can_be_read_and_selected(visitor: Visitor, hits: Page):
    address = hits.locator(".reading-hits a").first.get_attribute("href")
    page = visitor.go(address or "")
    page.wait_for_selector(".reading-layer tspan", state="attached")

    page.locator("[data-reading=words] summary").click()
    expect(page.locator("[data-reading=plain]")).to_contain_text("Đất đỏ")
    assert visitor.barriers() == []
    page.locator("[data-reading=select]").click()
    selected = page.evaluate(
        """() => {
            const line = document.querySelector('.reading-layer text');
            getSelection().selectAllChildren(line);
            return getSelection().toString();
        }"""
    )

    assert len(selected.split()) > 1
    assert visitor.complaints == []


def test_the_one_search_leads_to_the_page(visitor: Visitor):
    page = visitor.go("/search?q=song+serepok+do+hai+nhanh")

    page.get_by_role("link", name=re.compile("có các từ này")).first.click()

    page.wait_for_url(re.compile(r"/read/\w+/\w+/\?q="))
    assert eventually(lambda: share(marked(page), orange=True) > 0.4, within=30)
    assert visitor.complaints == []
