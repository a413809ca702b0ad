"""A librarian lends, renews and takes back, without leaving the keyboard."""

from __future__ import annotations

import re
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser

_free = count(1)
NAMES = ("Ayŭn", "Bhiăn", "Djuang", "Kŭn", "Mlô", "Nuê", "Thuyên", "Ƀlŭl", "Êban", "Ñuêñ")


def scan(page: Page, text: str) -> None:
    box = page.locator("input[data-scan]")
    expect(box).to_be_focused()
    box.fill(text)
    with page.expect_response(lambda response: "/desk/scan" in response.url):
        box.press("Enter")


def free_copy(visitor: Visitor) -> str:
    """Take back a copy of the children's stack, and return its barcode: now it is surely in."""
    barcode = f"DLKTN{next(_free):06}"
    visitor.page.keyboard.press("F3")
    expect(visitor.page.get_by_placeholder("Quét sách trả về")).to_be_focused()
    scan(visitor.page, barcode)
    visitor.go("/desk/")
    return barcode


def free_reader(visitor: Visitor, *, category: str = "Người lớn") -> str:
    """Register a reader of one's own, and return the card."""
    page = visitor.go("/desk/patrons/new")
    number = next(_free)
    page.fill("input[name=name]", f"H’{NAMES[number % len(NAMES)]} Niê")
    page.fill("input[name=birth_on]", f"{1 + number % 28:02}/09/{1940 + number % 50}")
    page.select_option("select[name=category]", label=category)
    page.locator("button[name=then][value=desk]").click()
    page.wait_for_url(re.compile(r"/desk/\?"))
    return page.locator("form.scan input[name=patron]").input_value()


def test_a_book_is_lent_renewed_and_taken_back(librarian: Visitor):
    page = librarian.page
    card, barcode = free_reader(librarian), free_copy(librarian)
    librarian.go("/desk/")

    scan(page, card)
    expect(page.locator("#board .person-name")).to_be_visible()
    scan(page, barcode.lower())
    expect(page.locator(".message-success")).to_contain_text("hạn trả")
    expect(page.locator("#board table")).to_contain_text(barcode)
    assert librarian.barriers() == []

    page.keyboard.press("F4")
    expect(page.get_by_placeholder("Quét sách cần gia hạn")).to_be_focused()
    scan(page, barcode)
    expect(page.locator(".message").first).to_be_visible()

    page.keyboard.press("F3")
    expect(page.get_by_placeholder("Quét sách trả về")).to_be_focused()
    scan(page, barcode)
    expect(page.locator(".message-success")).to_contain_text("trả")
    expect(page.locator("#board")).to_contain_text("Không mượn cuốn nào")
    assert librarian.barriers() == []


def test_no_scan_is_lost_however_quickly_they_come(librarian: Visitor):
    page = librarian.page
    card, first, second = free_reader(librarian), free_copy(librarian), free_copy(librarian)
    librarian.go("/desk/")
    expect(page.locator("input[data-scan]")).to_be_focused()

    page.keyboard.type(f"{card}\n{first}\n{second}\n")

    expect(page.locator("#board tbody tr")).to_have_count(2, timeout=15_000)
    expect(page.locator("#board table")).to_contain_text(first)
    expect(page.locator("#board table")).to_contain_text(second)


def test_a_book_that_is_out_is_refused_with_the_reason(librarian: Visitor):
    page = librarian.page
    first, second, barcode = free_reader(librarian), free_reader(librarian), free_copy(librarian)
    librarian.go("/desk/")
    scan(page, first)
    scan(page, barcode)
    expect(page.locator(".message-success")).to_be_visible()

    scan(page, second)
    scan(page, barcode)

    expect(page.locator(".message-stop")).to_contain_text("Bạn đọc khác")
    assert librarian.barriers() == []


def test_readers_are_found_by_name_at_the_desk(librarian: Visitor):
    page = librarian.go("/desk/")

    scan(page, "nguyen")

    expect(page.locator("#board ul li a").first).to_be_visible()
    page.locator("#board ul li a").first.click()
    expect(page.locator("#board .person-name")).to_be_visible()


def test_the_desk_tells_its_keys(librarian: Visitor):
    page = librarian.go("/desk/")
    page.locator("input[data-scan]").blur()

    page.keyboard.press("?")

    expect(page.locator("#keys")).to_contain_text("F2")
    assert librarian.barriers() == []


STAFF_PAGES = (
    "/desk/",
    "/desk/patrons/",
    "/desk/patrons/new",
    "/desk/catalogue/",
    "/desk/catalogue/new/",
    "/desk/catalogue/import/",
    "/desk/rules/",
    "/desk/users/log",
    "/desk/users/roles/",
    "/desk/users/new",
    "/desk/users/",
    "/desk/libraries/",
    "/staff/account",
)


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_every_staff_page_is_open_to_everybody_who_works_there(visitor: Visitor, path: str):
    visitor.log_in("admin")

    page = visitor.go(path)

    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert visitor.barriers() == []
