"""A reader asks on the phone, staff and a carrier bring the book, and it comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import AXE, Visitor
from tests.support.serving import Served

pytestmark = pytest.mark.browser

_readers = count(1)
PASSWORD = "sách đến tận cửa 2026"
HOME = "7 đường Mẫu, Buôn Ma Thuột"


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Visitor]:
    """The reader's own telephone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Visitor(page, served.address, complaints)
    context.close()
    assert complaints == []


def new_reader(librarian: Visitor) -> tuple[str, str]:
    """Register a reader with a home, and return the card and a start password."""
    number = next(_readers)
    page = librarian.go("/desk/patrons/new")
    page.fill("input[name=name]", f"Y Đôn Mlô {'I' * number}")
    page.fill("input[name=birth_on]", f"05/05/{1980 + number}")
    page.fill("input[name=phone]", f"0912 000 {700 + number}")
    page.fill("input[name=address]", HOME)
    page.select_option("select[name=category]", label="Người lớn")
    page.locator("button[name=then][value=desk]").click()
    page.wait_for_url(re.compile(r"/desk/\?"))
    card = page.locator("form.scan input[name=patron]").input_value()
    page.locator("#board a.btn[href^='/desk/patrons/']").first.click()
    page.wait_for_url(re.compile(r"/desk/patrons/\d+/"))
    page.locator("details:has(form[action$='start-password']) > summary").click()
    page.locator("form[action$='start-password'] button").click()
    if page.locator("dialog[open]").count():
        page.locator("dialog[open] [data-confirm-yes]").click()
    page.wait_for_url("**/start-password")
    return card, page.locator("#start-password").inner_text().strip()


def log_in(phone: Visitor, card: str, start: str) -> None:
    page = phone.go("/account/login")
    page.fill("input[name=name]", card)
    page.fill("input[name=password]", start)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    if page.locator("input[type=password]").count():
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(re.compile("/account/"))


def ask_for_a_book(phone: Visitor) -> str:
    """Ask for the first book that can be brought; return the reference."""
    for record in range(1, 60):
        page = phone.go(f"/account/deliveries/ask?record={record}")
        if page.locator("main form.panel").count():
            break
    assert phone.barriers() == []
    page.locator("main form.panel button[type=submit]").click()
    page.wait_for_url(re.compile(r"/account/deliveries/\d+"))
    assert phone.barriers() == []
    return page.locator("h1").inner_text().strip()


def open_parcel(librarian: Visitor, reference: str) -> Page:
    return librarian.go(f"/desk/delivery/find?q={reference}")


def hand_over(librarian: Visitor, reference: str) -> str:
    """Load the parcel onto a run of its own, send it, and return the carrier's link."""
    page = librarian.go("/desk/delivery/runs/")
    page.select_option("select[name=carrier]", label="Bưu tá trình diễn")
    page.locator("form[action$='/runs/begin'] button").click()
    page.wait_for_url(re.compile(r"/runs/\d+/$"))
    page.fill("input[data-scan]", reference)
    page.press("input[data-scan]", "Enter")
    expect(page.locator(".message-success")).to_contain_text(reference)
    page.locator("button[value=send]").click()
    link = page.locator("#carrier-link").inner_text().strip()
    assert librarian.barriers() == []
    return link


def pack(librarian: Visitor, reference: str) -> str:
    """Approve the request, take its book from the shelf and scan it in; return its barcode."""
    page = open_parcel(librarian, reference)
    assert librarian.barriers() == []
    page.locator("button[value=approve]").click()
    expect(page.locator(".message-success")).to_be_visible()
    told = page.locator(".delivery-lines .num").first.inner_text()
    barcode = told.split("·")[0].strip()
    librarian.go("/desk/delivery/pick/")
    assert librarian.barriers() == []
    page.locator("tbody tr", has_text=reference).locator("button.btn-primary").click()
    open_parcel(librarian, reference)
    page.fill("input[data-scan]", barcode.lower())
    page.press("input[data-scan]", "Enter")
    expect(page.locator(".message-success")).to_contain_text("Gói đã đủ")
    return barcode


def deliver(browser: Browser, link: str, reference: str) -> None:
    """Open the carrier's link on another telephone and mark the parcel delivered."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(link)
    parcel = page.locator("article", has_text=reference)
    expect(parcel).to_contain_text(HOME)
    page.evaluate(AXE.read_text())
    assert page.evaluate("axe.run(document).then(found => found.violations)") == []
    parcel.locator("button[value=deliver]").click()
    expect(page.locator(".message-success").first).to_contain_text(reference)
    expect(page.locator("article", has_text=reference)).to_have_count(0)
    context.close()


def ask_to_fetch(phone: Visitor) -> str:
    """Ask for what is at home to be fetched; return the reference."""
    page = phone.go("/account/deliveries/fetch")
    assert phone.barriers() == []
    page.locator("main form.panel button[type=submit]").click()
    page.wait_for_url(re.compile(r"/account/deliveries/\d+"))
    return page.locator("h1").inner_text().strip()


def test_a_book_is_brought_home_and_fetched_again(
    librarian: Visitor, phone: Visitor, browser: Browser
):
    card, start = new_reader(librarian)
    log_in(phone, card, start)
    reference = ask_for_a_book(phone)
    librarian.go("/desk/delivery/")
    assert librarian.barriers() == []
    barcode = pack(librarian, reference)
    deliver(browser, hand_over(librarian, reference), reference)
    phone.go("/account/deliveries/")
    expect(phone.page.locator("[aria-current=step]")).to_have_text("Đã giao")
    assert phone.barriers() == []

    collection = ask_to_fetch(phone)
    page = open_parcel(librarian, collection)
    page.locator("button[value=approve]").click()
    hand_over(librarian, collection)
    open_parcel(librarian, collection)
    page.fill("input[data-scan]", barcode)
    page.press("input[data-scan]", "Enter")
    expect(page.locator(".badge-in", has_text="Đã về thư viện")).to_be_visible()
    librarian.go(f"/desk/?patron={card}")
    expect(page.locator("#board .person-name")).to_be_visible()
    expect(page.locator("#board")).not_to_contain_text(barcode)
