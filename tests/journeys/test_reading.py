"""A reader opens a scanned book on the screen, turns pages, looks closely and quotes."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.support.serving import eventually

pytestmark = pytest.mark.browser

PAPER = (250, 244, 228)


def drawn(page: Page) -> Image.Image:
    """Return what the viewer's canvas shows, once it shows it; the plain picture is taken away."""
    page.wait_for_selector("body.reading-drawn")
    page.evaluate("document.querySelector('[data-reading=first]')?.remove()")
    page.wait_for_timeout(700)
    shot = page.locator("[data-reading=stage]").screenshot(animations="disabled")
    return Image.open(io.BytesIO(shot)).convert("RGB")


def share(picture: Image.Image, colour: tuple[int, int, int]) -> float:
    """Return how much of the picture is nearly of this colour."""
    plain = Image.new("RGB", picture.size, colour)
    difference = ImageChops.difference(picture, plain).convert("L")
    near = difference.point(lambda value: 255 if value < 12 else 0)
    return ImageStat.Stat(near).mean[0] / 255


def dark(picture: Image.Image) -> float:
    ink = picture.convert("L").point(lambda value: 255 if value < 110 else 0)
    return ImageStat.Stat(ink).mean[0] / 255


def shows_a_page(picture: Image.Image) -> bool:
    return share(picture, PAPER) > 0.2 and dark(picture) > 0.002


def difference(first: Image.Image, second: Image.Image) -> float:
    return ImageStat.Stat(ImageChops.difference(first, second).convert("L")).mean[0]


@pytest.fixture
def book(visitor: Visitor) -> Page:
    """The demo's scanned book, opened from its record."""
    page = visitor.go("/record/1")
    page.get_by_role("link", name=re.compile("Đọc trực tuyến")).click()
    page.wait_for_url(re.compile("/read/"))
    return page


def test_a_book_opens_from_its_record_and_its_pages_are_drawn(visitor: Visitor, book: Page):
    expect(book.get_by_role("heading", level=1)).to_contain_text("[DEMO]")

    assert eventually(lambda: shows_a_page(drawn(book)), within=30)
    first = drawn(book)
    assert visitor.barriers() == []

    book.locator("[data-reading=after]").click()
    expect(book.locator("[data-reading=number]")).to_have_text("2")

    def is_another_page() -> bool:
        second = drawn(book)
        return shows_a_page(second) and difference(first, second) > 1

    assert eventually(is_another_page, within=30)

    book.reload()
    expect(book.locator("[data-reading=number]")).to_have_text("2")


def test_pages_are_turned_by_keys_and_by_small_pictures(visitor: Visitor, book: Page):
    book.wait_for_selector("body.reading-drawn")

    book.keyboard.press("End")
    expect(book.locator("[data-reading=number]")).to_have_text("12")
    expect(book.locator("[data-reading=after]")).not_to_have_attribute("href", re.compile("."))

    book.keyboard.press("Home")
    expect(book.locator("[data-reading=number]")).to_have_text("1")

    book.locator("button[data-reading=side]").click()
    small = book.locator("[data-reading=small] a")
    expect(small).to_have_count(12)
    assert visitor.barriers() == []
    small.nth(2).click()
    expect(book.locator("[data-reading=number]")).to_have_text("3")


def test_a_part_of_a_page_is_quoted_and_found_again(visitor: Visitor, book: Page):
    book.locator("[data-reading=after]").click()
    drawn(book)
    for _ in range(3):
        book.locator("[data-reading=larger]").click()
    book.wait_for_timeout(900)

    book.locator("[data-dialog=quote]").click()

    expect(book.locator("#quote-citation")).to_contain_text("tr. 2")
    expect(book.locator("#quote-part")).to_have_text(re.compile(r"/read/.+/#xywh=\d+,\d+,\d+,\d+$"))
    assert visitor.barriers() == []
    part = book.locator("#quote-part").inner_text()
    book.goto("about:blank")
    book.goto(part)
    expect(book.locator("[data-reading=number]")).to_have_text("2")
    expect(book.locator(".reading-marked")).to_be_visible()
    assert eventually(lambda: dark(drawn(book)) > 0.002, within=30)


def test_a_page_is_read_without_a_script(visitor: Visitor, book: Page):
    context = book.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(book.url)

    expect(plain.locator("[data-reading=first]")).to_be_visible()
    plain.locator("[data-reading=after]").click()
    plain.wait_for_url(re.compile("/read/[^/]+/[^/]+/$"))

    expect(plain.locator("[data-reading=number]")).to_have_text("2")
    context.close()
