"""A reader borrows an electronic book, reads it and gives it back; a hold passes on to them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor, follow

pytestmark = pytest.mark.browser

CARD, PASSWORD = "DEMO000003", "trinh-dien-ban-doc-2026"
FREE, OUT = "Mùa cà phê chín [DEMO]", "Cẩm nang trồng hồ tiêu [DEMO]"


def enter(visitor: Visitor) -> None:
    page = visitor.go("/account/login")
    page.fill("input[name=name]", CARD)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/account/")


def address_of(visitor: Visitor, title: str) -> str:
    """Return where the document is lent, as the staff's list leads to it."""
    visitor.log_in("admin")
    page = visitor.go("/desk/reading/licences/")
    page.get_by_role("link", name=title).click()
    href = page.get_by_role("link", name="Xem như bạn đọc").get_attribute("href")
    visitor.page.context.clear_cookies()
    return str(href)


def end_all_loans(visitor: Visitor, title: str) -> None:
    """End the loans of a document at the desk."""
    visitor.log_in("admin")
    page = visitor.go("/desk/reading/licences/")
    page.get_by_role("link", name=title).click()
    follow(page, "Ai đang mượn")
    assert visitor.barriers() == []
    while page.get_by_role("button", name="Kết thúc lượt mượn").count():
        page.get_by_role("button", name="Kết thúc lượt mượn").first.click()
        with page.expect_navigation():
            page.get_by_role("button", name="Đồng ý, làm tiếp").click()
        expect(page.get_by_text("Đã kết thúc lượt mượn")).to_be_visible()
    page.context.clear_cookies()


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name).first.click()


def test_a_book_is_borrowed_read_and_given_back(visitor: Visitor) -> None:
    address = address_of(visitor, FREE)
    enter(visitor)
    page = visitor.go(address)
    expect(page.get_by_text(re.compile("Còn 3 trên 3 lượt"))).to_be_visible()
    assert visitor.barriers() == []

    press(page, "Mượn đọc")
    expect(page).to_have_url(re.compile(r"/read/\w+/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(FREE)

    page = visitor.go("/account/")
    shelf = page.locator("section", has=page.get_by_role("heading", name="Đang đọc trực tuyến"))
    expect(shelf.get_by_role("link", name=FREE)).to_be_visible()
    assert visitor.barriers() == []
    shelf.get_by_role("button", name="Trả sớm").click()
    expect(page.get_by_text("Cảm ơn bạn đã nhường lượt")).to_be_visible()
    page = visitor.go(address)
    expect(page.get_by_text(re.compile("Còn 3 trên 3 lượt"))).to_be_visible()


def test_a_hold_passes_on_to_who_waits(visitor: Visitor) -> None:
    address = address_of(visitor, OUT)
    enter(visitor)
    page = visitor.go(address)
    if page.get_by_role("button", name="Mượn đọc").count():
        # The other size was here before, and freed it.
        press(page, "Mượn đọc")
        page = visitor.go(address)
        press(page, "Trả sớm")
        return
    press(page, "Đặt mượn")
    expect(page.get_by_text(re.compile("Thứ 1 trong hàng"))).to_be_visible()
    page.context.clear_cookies()

    end_all_loans(visitor, OUT)
    enter(visitor)
    page = visitor.go("/account/")

    expect(page.get_by_text(re.compile("Đã đến lượt bạn"))).to_be_visible()
    page.locator("main").get_by_role("button", name="Mượn đọc").click()
    expect(page).to_have_url(re.compile(r"/read/\w+/$"))
    page = visitor.go(address)
    press(page, "Trả sớm")
    expect(page.get_by_text(re.compile("Còn 1 trên 1 lượt"))).to_be_visible()
