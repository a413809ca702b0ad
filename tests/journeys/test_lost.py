"""A book is lost, charged, found again; one is said to be returned; one comes back damaged."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.test_librarian import free_copy, free_reader, scan

pytestmark = pytest.mark.browser


def lent(librarian: Visitor) -> tuple[str, str]:
    """Lend a copy to a reader of one's own, and stand on the page of the loan."""
    page = librarian.page
    card, barcode = free_reader(librarian), free_copy(librarian)
    librarian.go("/desk/")
    scan(page, card)
    scan(page, barcode)
    expect(page.locator(".message-success")).to_contain_text("hạn trả")
    page.locator("#board tbody tr th a").click()
    page.wait_for_url(re.compile(r"/desk/loans/\d+/$"))
    return card, barcode


def unfold(page: Page, deed: str) -> None:
    page.locator(f"details:has(form[action$='/{deed}']) > summary").click()


def take_back(librarian: Visitor, barcode: str) -> Page:
    page = librarian.go("/desk/?mode=return")
    scan(page, barcode)
    return page


def owed(librarian: Visitor, card: str) -> str:
    """Return what the page of the reader's account says."""
    return librarian.go(f"/desk/fees/?q={card}").inner_text("main")


def test_a_lost_book_is_charged_and_found_again(librarian: Visitor):
    card, barcode = lent(librarian)
    page = librarian.page
    assert librarian.barriers() == []
    unfold(page, "lost")
    page.locator("form[action$='/lost'] [name=amount]").fill("vài nghìn")
    page.get_by_role("button", name="Báo mất").click()
    page.locator("dialog[open] [data-confirm-yes]").click()
    expect(page.locator(".field-errors").first).to_contain_text("25.000")
    assert librarian.barriers() == []

    page.locator("form[action$='/lost'] [name=amount]").fill("61.000")
    page.locator("form[action$='/lost'] [name=note]").fill("Rơi xuống suối")
    page.get_by_role("button", name="Báo mất").click()
    page.locator("dialog[open] [data-confirm-yes]").click()
    expect(page.locator(".message-success")).to_contain_text("Đã báo mất")
    expect(page.locator("main")).to_contain_text("Rơi xuống suối")
    assert librarian.barriers() == []
    assert "61.000" in owed(librarian, card)
    librarian.go("/desk/harms/")
    expect(page.locator("article.panel", has_text=barcode)).to_contain_text("61.000")
    assert librarian.barriers() == []

    take_back(librarian, barcode)
    expect(page.locator("#board .message")).to_contain_text("Khoản đền khi báo mất đã được xử lý")
    assert librarian.barriers() == []
    assert "Không có khoản nào phải nộp" in owed(librarian, card)
    librarian.go("/desk/harms/?show=settled")
    expect(page.locator("article.panel", has_text=barcode).first).to_contain_text("Rơi xuống suối")


def test_a_book_that_is_said_to_be_returned_is_looked_for(librarian: Visitor):
    _card, barcode = lent(librarian)
    page = librarian.page

    unfold(page, "claim")
    page.get_by_role("button", name="Ghi nhận").click()

    expect(page.locator(".page-head .badge")).to_contain_text("đã trả")
    expect(page.locator(".message-success")).to_contain_text("Hãy tìm trên giá")
    assert librarian.barriers() == []
    page.get_by_role("button", name="Bạn đọc đã tìm thấy ở nhà").click()
    expect(page.locator(".page-head .badge")).to_have_text("Đang mượn")
    take_back(librarian, barcode)
    expect(page.locator(".message-success")).to_be_visible()


def test_damage_is_charged_and_forgiven_with_a_reason(librarian: Visitor):
    card, barcode = lent(librarian)
    page = librarian.page
    loan = page.url
    take_back(librarian, barcode)
    page.get_by_role("link", name="Bị hỏng").click()
    page.wait_for_url(loan)

    unfold(page, "damaged")
    form = page.locator("form[action$='/damaged']")
    form.locator("[name=amount]").fill("7.000")
    form.locator("[name=note]").fill("Rách bìa")
    form.locator("[name=out_of_use]").uncheck()
    assert librarian.barriers() == []
    form.get_by_role("button", name="Báo").click()
    expect(page.locator("main")).to_contain_text("Rách bìa")
    assert librarian.barriers() == []
    assert "7.000" in owed(librarian, card)

    page.goto(loan)
    page.locator("form[action$='/settled'] button").click()
    expect(page.locator("form[action$='/settled']")).to_have_count(0)
    assert librarian.barriers() == []
