"""A reader marks pages, and finds the marks again: on the page, in the list, on another device."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading.models import Mark
from tangthu.repository.models import DigitalObject
from tests.journeys.conftest import Visitor
from tests.journeys.reading.opening import log_in, opened
from tests.protocols.making import keep_object
from tests.reading.making import pdf_with_text
from tests.support.documents import write_on
from tests.support.serving import eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scanned(province: Library) -> DigitalObject:
    """A scan of three pages; the first says something."""
    obj = keep_object(province)
    # The words at the end of the line stand in the corner where the picture is paper.
    line = "Cao nguyên rộng và bằng phẳng mà người ta vẫn quen gọi là vùng đất đỏ"
    write_on(obj.pages.get(position=1), line)
    return obj


def draw(page: Page) -> None:
    """Draw a box over the middle of the page, where it is paper."""
    box = page.locator("[data-reading=drawing]").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 90, y - 70)
    page.mouse.down()
    page.mouse.move(x, y, steps=3)
    page.mouse.move(x + 60, y + 40)
    page.mouse.up()


def colour_at(page: Page, selector: str) -> tuple[int, ...]:
    """Return the colour on the screen in the middle of what is there."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    shot = page.screenshot(animations="disabled")
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    spot = picture.getpixel((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    assert isinstance(spot, tuple)
    return spot


def width_of(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    return 0.0 if box is None else box["width"]


def open_marks(page: Page) -> None:
    if not page.locator("#marks").is_visible():
        page.locator(".reading-head [data-reading=marks]").click()


def test_a_part_of_a_page_is_marked_and_follows_the_card(
    visitor: Visitor, browser: Browser, patron: Patron, scanned: DigitalObject
) -> None:
    log_in(visitor, patron)
    page = opened(visitor, scanned)
    page.wait_for_timeout(500)

    page.locator(".reading-bar [data-reading=highlight]").click()
    assert visitor.barriers() == []
    draw(page)
    open_marks(page)
    page.locator(".reading-mark textarea").fill("Xem lại khung này")
    page.locator(".reading-mark").get_by_role("button", name="Xanh lá").click()
    assert visitor.barriers() == []

    assert eventually(Mark.objects.filter(note="Xem lại khung này", colour="green").exists)
    mark = Mark.objects.get()
    assert (mark.kind, mark.note, mark.colour) == ("highlight", "Xem lại khung này", "green")
    assert mark.locator["page"] == scanned.pages.get(position=1).identifier

    context = browser.new_context(viewport={"width": 1000, "height": 700})
    other = Visitor(context.new_page(), visitor.address, [])
    log_in(other, patron)
    there = opened(other, scanned)
    expect(there.locator(".reading-inked-green")).to_have_count(1)
    small = there.locator(".reading-inked").bounding_box()
    there.keyboard.press("+")
    assert small is not None
    larger = pytest.approx(small["width"] * 1.5, rel=0.05)
    assert eventually(lambda: width_of(there, ".reading-inked") == larger, within=20)
    open_marks(there)
    there.get_by_role("button", name="Bỏ", exact=True).click()
    expect(there.locator(".reading-inked")).to_have_count(0)
    assert eventually(lambda: not Mark.objects.exists())
    context.close()


def test_chosen_words_of_a_scan_are_marked_on_the_picture(
    visitor: Visitor, scanned: DigitalObject
) -> None:
    page = opened(visitor, scanned)
    page.wait_for_selector(".reading-layer tspan", state="attached")
    page.locator("[data-reading=select]").click()
    page.evaluate("""() => {
        const [first, second] = [...document.querySelectorAll('.reading-layer tspan')].slice(-2);
        getSelection().setBaseAndExtent(first.firstChild, 0, second.firstChild, 2);
    }""")

    page.keyboard.press("h")

    # Yellow on paper, where it was nearly white.
    red, green, blue = colour_at(page, ".reading-inked")
    assert red > 230
    assert 200 < green < 240
    assert blue < 170
    open_marks(page)
    expect(page.locator(".reading-mark .reading-quote")).to_have_text("đất đỏ")
    # A visitor without a card has them in this browser, and nowhere else.
    page.reload()
    expect(page.locator(".reading-inked")).to_have_count(1)
    assert not Mark.objects.exists()


def test_pages_are_marked_by_the_keyboard_alone(visitor: Visitor, scanned: DigitalObject) -> None:
    page = opened(visitor, scanned)
    page.wait_for_timeout(500)

    page.keyboard.press("b")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-reading=number]")).to_have_text("2")
    page.wait_for_timeout(500)
    page.keyboard.press("h")
    page.keyboard.press("Enter")

    expect(page.locator(".reading-inked")).to_have_count(1)
    open_marks(page)
    expect(page.locator(".reading-mark")).to_have_count(2)
    page.locator(".reading-mark .reading-hit").first.click()
    expect(page.locator("[data-reading=number]")).to_have_text("1")
    expect(page.locator(".reading-ribbon")).to_have_count(1)


def test_words_marked_in_a_pdf_are_coloured_on_its_page(
    visitor: Visitor, shelved: Callable[..., DigitalObject]
) -> None:
    page = opened(visitor, shelved(pdf_with_text(4), "pdf", "application/pdf"), "?page=2")
    words = page.locator(".page[data-page-number='2'] .textLayer span", has_text="đất đỏ").first
    words.wait_for(state="attached")
    words.evaluate("""(element) => {
        const text = element.firstChild, from = text.data.indexOf('đất đỏ');
        getSelection().setBaseAndExtent(text, from, text, from + 6);
    }""")

    page.locator(".reading-bar [data-reading=highlight]").click()

    inked = page.locator(".page[data-page-number='2'] .reading-inked")
    expect(inked).to_have_count(1)
    assert inked_over(page) == pytest.approx(words_box(page), abs=2)
    page.keyboard.press("+")
    assert eventually(lambda: inked_over(page) == pytest.approx(words_box(page), abs=2), within=20)
    page.reload()
    page.wait_for_selector("body.reading-drawn")
    expect(inked).to_have_count(1)
    open_marks(page)
    expect(page.locator(".reading-mark .reading-quote")).to_have_text("đất đỏ")


def inked_over(page: Page) -> list[float]:
    box = page.locator(".page[data-page-number='2'] .reading-inked").bounding_box()
    assert box is not None
    return [box["x"], box["y"], box["width"], box["height"]]


def words_box(page: Page) -> list[float]:
    """Return where the browser itself says that the marked words stand."""
    box: list[float] = page.evaluate("""() => {
        const spans = document.querySelectorAll('.page[data-page-number="2"] .textLayer span');
        const text = [...spans].find((each) => each.textContent.includes('đất đỏ')).firstChild;
        const range = document.createRange(), from = text.data.indexOf('đất đỏ');
        range.setStart(text, from);
        range.setEnd(text, from + 6);
        const { x, y, width, height } = range.getBoundingClientRect();
        return [x, y, width, height];
    }""")
    return box
