"""Doubtful words of a scanned book: corrected at the desk, and read by a reader who helps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser

BOOK = re.compile("Klei khan")
READER = ("DEMO000003", "trinh-dien-ban-doc-2026")


def is_drawn(page: Page) -> None:
    piece = page.locator("img.correct-piece")
    expect(piece).to_be_visible()
    expect(piece).to_have_js_property("complete", True)
    assert piece.evaluate("image => image.naturalWidth") > 50


def test_a_word_is_corrected_with_the_keyboard_and_taken_back(visitor: Visitor):
    visitor.log_in("admin")
    page = visitor.go("/desk/digitisation/correct/")
    page.get_by_role("link", name=BOOK).click()
    assert visitor.barriers() == []

    page.get_by_role("link", name=re.compile("từ nghi ngờ")).click()
    expect(page.locator("#word")).to_be_focused()
    is_drawn(page)
    assert visitor.barriers() == []
    read = page.locator("input[name=read]").input_value()
    box = page.locator("input[name=box]").input_value()
    page.keyboard.type(f"{read}-mới")
    page.keyboard.press("Enter")

    expect(page.locator("input[name=box]")).not_to_have_value(box)
    expect(page.locator("#word")).to_be_focused()
    page.get_by_role("link", name=BOOK).click()
    page.get_by_role("link", name="Lịch sử").click()
    expect(page.get_by_text(f"{read}-mới").first).to_be_visible()
    assert visitor.barriers() == []
    page.get_by_role("button", name="Hoàn tác", exact=True).first.click()
    expect(page.get_by_text("Đã hoàn tác: 1")).to_be_visible()


def test_a_page_is_compared_line_by_line(visitor: Visitor):
    visitor.log_in("admin")
    page = visitor.go("/desk/digitisation/correct/")
    page.get_by_role("link", name=BOOK).click()
    page.get_by_role("link", name=re.compile("^Trang ")).first.click()

    first = page.locator("#line-1")
    first.focus()
    first.press("Enter")

    expect(page.locator("#line-2")).to_be_focused()
    mark = page.locator("[data-correct-mark]")
    assert int(mark.get_attribute("width") or "0") > 10
    assert visitor.barriers() == []


def test_a_reader_helps_with_a_word(visitor: Visitor):
    visitor.log_in("admin")
    page = visitor.go("/desk/digitisation/correct/")
    page.get_by_role("link", name=BOOK).click()
    call = page.get_by_role("button", name="Mở cho tình nguyện viên")
    # The other size may have opened it: the page with either button must be there to be asked.
    expect(call.or_(page.get_by_role("button", name="Đóng với tình nguyện viên"))).to_be_visible()
    if call.count():
        call.click()
        expect(page.get_by_text("Bạn đọc giờ có thể giúp")).to_be_visible()
    page.context.clear_cookies()
    page = visitor.go("/account/login?next=/account/helping/")
    enter(page)
    assert visitor.barriers() == []

    page.get_by_role("link", name=BOOK).click()
    is_drawn(page)
    assert visitor.barriers() == []
    piece = page.locator("img.correct-piece").get_attribute("src") or ""
    page.get_by_role("button", name="Tôi không đọc được").click()

    expect(page.locator("img.correct-piece")).not_to_have_attribute("src", piece)


def enter(page: Page) -> None:
    page.fill("input[name=name]", READER[0])
    page.fill("input[name=password]", READER[1])
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/account/helping/")
