"""A card from home on a phone, the staff's answer, the card on the screen and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Visitor
from tests.patrons.afar import picture
from tests.support.serving import Served

pytestmark = pytest.mark.browser

MM = 96 / 25.4


@pytest.fixture
def staff(browser: Browser, served: Served) -> Iterator[Visitor]:
    """The administrator at a desk of their own."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    visitor = Visitor(context.new_page(), served.address, [])
    visitor.log_in("admin")
    yield visitor
    context.close()


def apply(visitor: Visitor, folder: Path) -> str:
    """Fill the form, and return the code of the receipt."""
    face = folder / "face.jpg"
    face.write_bytes(picture(900, 1200))
    page = visitor.go("/card/apply")
    page.fill("[name=name]", "Lê Thị Thử Nghiệm")
    page.fill("[name=birth_on]", "05/09/2001")
    page.fill("[name=address]", "12 đường Mẫu")
    assert visitor.barriers() == []
    page.click("form[autocomplete=on] button[type=submit]")
    page.wait_for_url("**/card/apply/contact")
    page.select_option("[name=library]", index=1)
    page.fill("[name=phone]", "0905 777 001")
    page.click("main button[type=submit]")
    page.wait_for_url("**/card/apply/photo")
    page.set_input_files("[name=photo]", face)
    page.locator("[data-crop-view] canvas").wait_for()
    page.click("[data-crop-keep]")
    page.locator("img.portrait").wait_for()
    page.click("a.btn-primary")
    page.wait_for_url("**/card/apply/consents")
    assert page.locator("input[name=agree]:checked").count() == 0
    page.check("#agree-card")
    page.check("#agree-photo")
    page.click("main button[type=submit]")
    page.wait_for_url("**/card/apply/check")
    assert visitor.barriers() == []
    page.click("main form.form-actions button[type=submit]")
    page.wait_for_url("**/card/mine")
    return page.inner_text("#code")


def test_a_card_from_home_to_paper(visitor: Visitor, staff: Visitor, tmp_path: Path) -> None:
    code = apply(visitor, tmp_path)
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", code)

    desk = staff.go("/desk/patrons/applications/")
    desk.click("text=Lê Thị Thử Nghiệm")
    desk.locator("form[action$=approve] button[type=submit]").wait_for()
    assert staff.barriers() == []
    desk.click("form[action$=approve] button[type=submit]")
    desk.wait_for_url("**/desk/patrons/applications/")

    page = visitor.go("/card/digital")
    assert page.locator(".member-card-codes svg").count() == 2
    assert visitor.barriers() == []
    card = page.inner_text(".member-card-codes p").strip()
    desk = staff.go(f"/desk/patrons/?q={card}")
    pk = desk.url.rstrip("/").rsplit("/", 1)[-1]
    measured(staff, f"/desk/patrons/cards?chosen={pk}", tmp_path)


def measured(staff: Visitor, address: str, folder: Path) -> None:
    """Print the card both ways, and measure the pages and the boxes."""
    page = staff.go(f"{address}&shape=cr80")
    assert staff.barriers() == []
    page.emulate_media(media="print")
    assert millimetres(page, ".card-front") == pytest.approx((85.6, 53.98), abs=0.05)
    assert millimetres(page, ".card-photo") == pytest.approx((18, 24), abs=0.05)
    width = page.locator(".card-bars").evaluate("bars => bars.getBoundingClientRect().width")
    modules = page.locator(".card-bars").evaluate("bars => bars.viewBox.baseVal.width")
    assert width / MM / modules >= 0.25
    assert pages(page, folder) == [pytest.approx((85.6, 53.98), abs=0.15)] * 2
    page = staff.go(f"{address}&shape=a4")
    page.emulate_media(media="print")
    assert pages(page, folder) == [pytest.approx((210, 297), abs=0.3)] * 2


def millimetres(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["width"] / MM, box["height"] / MM


def pages(page: Page, folder: Path) -> list[tuple[float, float]]:
    """Return the width and height of every page of the PDF, in millimetres."""
    printed = folder / "cards.pdf"
    page.pdf(path=printed, prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", printed.read_bytes())
    return [(float(width) / 72 * 25.4, float(height) / 72 * 25.4) for width, height in boxes]
