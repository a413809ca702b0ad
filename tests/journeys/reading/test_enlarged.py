"""Everything is enlarged four times: a desk then has 320 by 256 (WCAG 1.4.10)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tangthu.libraries.models import Library
from tangthu.repository.models import DigitalObject
from tests.journeys.conftest import Visitor
from tests.journeys.reading.opening import ink, opened
from tests.protocols.making import keep_object
from tests.reading.making import epub_with, pdf_with_text
from tests.support.documents import write_on
from tests.support.serving import eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENLARGED = {"width": 320, "height": 256}


@pytest.fixture(params=["scan", "epub", "pdf"])
def document(
    request: pytest.FixtureRequest, province: Library, shelved: Callable[..., DigitalObject]
) -> DigitalObject:
    """A document of each kind that is read within a frame of bars."""
    if request.param == "epub":
        return shelved(epub_with(), "epub", "application/epub+zip")
    if request.param == "pdf":
        return shelved(pdf_with_text(3), "pdf", "application/pdf")
    scan = keep_object(province)
    write_on(scan.pages.get(position=1), "Vùng đất đỏ")
    return scan


# What stands beyond an edge can be reached by scrolling down, and by nothing else.
_BEYOND_A_SIDE = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.matches("a, button, input, select, summary") && each.checkVisibility())
  .filter((each) => !each.closest(".visually-hidden, .skip-link, foliate-view, .textLayer"))
  .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
  .filter(([, box]) => box.left < 0 || box.right > innerWidth)
  .map(([html]) => html)"""


def test_an_enlarged_page_has_most_of_the_screen_and_nothing_lies_beside_it(
    visitor: Visitor, document: DigitalObject
) -> None:
    visitor.page.set_viewport_size(ENLARGED)
    page = opened(visitor, document)

    stage = page.locator(".reading-stage").bounding_box()
    assert stage is not None
    assert stage["height"] > 0.7 * ENLARGED["height"]
    assert page.evaluate("document.documentElement.scrollWidth") == ENLARGED["width"]
    assert page.evaluate(_BEYOND_A_SIDE) == []
    page.locator(".reading-stage").scroll_into_view_if_needed()
    assert eventually(lambda: ink(page, ".reading-stage") > 0.002, within=20)
    assert visitor.barriers() == []


def test_the_notes_open_over_an_enlarged_page_and_close_again(
    visitor: Visitor, document: DigitalObject
) -> None:
    visitor.page.set_viewport_size(ENLARGED)
    page = opened(visitor, document)
    opener = page.locator(".reading-head [data-reading=marks]")

    opener.press("Enter")

    panel = page.locator("#marks")
    expect(panel).to_be_visible()
    assert visible_height(page, "#marks") > 100
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_page_stays_whole_when_the_screen_becomes_shorter(
    visitor: Visitor, province: Library
) -> None:
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    page = opened(visitor, keep_object(province))

    page.set_viewport_size({"width": 390, "height": 560})

    assert eventually(lambda: not quotes_a_part(page), within=20)


def quotes_a_part(page: Page) -> bool:
    """Tell whether the address of what is on the screen is that of a part of the page."""
    page.locator("[data-dialog=quote]").click()
    address = page.locator("#quote-part").inner_text()
    page.keyboard.press("Escape")
    return "#xywh" in address


def visible_height(page: Page, selector: str) -> float:
    """Return how much of it can be seen at once after scrolling to it."""
    page.locator(selector).scroll_into_view_if_needed()
    box = page.locator(selector).bounding_box()
    assert box is not None
    return min(box["y"] + box["height"], ENLARGED["height"]) - max(box["y"], 0)
