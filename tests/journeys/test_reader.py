"""A reader looks for a book, on a phone and on a desk PC."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser


def test_a_reader_finds_a_book_by_typing_without_marks(visitor: Visitor):
    page = visitor.go("/")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    assert visitor.barriers() == []

    page.fill("main input[name=q]", "ca phe")
    page.press("main input[name=q]", "Enter")

    expect(page.locator(".result mark").first).to_have_text(re.compile("cà phê", re.IGNORECASE))
    assert visitor.barriers() == []

    page.locator(".result h2 a").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("[DEMO]")
    expect(page.locator("#copies")).to_be_visible()
    assert visitor.barriers() == []


def test_the_other_views_of_a_record_open(visitor: Visitor):
    page = visitor.go("/search?q=damsan")
    page.locator(".result h2 a").first.click()

    for view in ("Trích dẫn", "ISBD", "MARC"):
        page.get_by_text(view, exact=True).first.click()

    expect(page.locator("#citation")).to_contain_text("Sabatier")
    expect(page.locator("table.marc")).to_contain_text("245")
    assert visitor.barriers() == []


def test_a_reader_narrows_by_language(visitor: Visitor):
    page = visitor.go("/search?q=")
    opener = page.locator(".facets-open")
    if opener.is_visible():
        opener.click()

    page.locator(".facets input[name=language][value=rad]").click()
    show = page.locator(".facets-foot button")
    if show.is_visible():
        show.click()

    page.wait_for_url(re.compile("language=rad"))
    expect(page.locator(".chip").first).to_contain_text("Ê Đê")
    assert visitor.barriers() == []


def test_a_reader_chooses_a_suggestion_with_the_keyboard(visitor: Visitor):
    page = visitor.go("/")
    box = page.locator("main input[name=q]")

    box.press_sequentially("cong chi", delay=30)
    expect(page.locator("[role=option]").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")

    page.wait_for_url(re.compile("/(search|record)"))


def test_a_reader_reads_in_english_and_in_the_dark(visitor: Visitor):
    page = visitor.go("/search?q=gongs")

    page.locator(".menu summary").first.click()
    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.emulate_media(color_scheme="dark")
    page.reload()
    assert visitor.barriers() == []


def test_a_search_that_finds_nothing_says_what_to_try(visitor: Visitor):
    page = visitor.go("/search?q=zzzzqqqq")

    expect(page.locator(".empty")).to_contain_text("Không có tài liệu nào khớp")
    assert visitor.barriers() == []


def test_a_page_that_does_not_exist_helps_on(visitor: Visitor):
    page = visitor.go("/record/99999999")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert visitor.barriers() == []
    visitor.complaints.clear()  # the browser reports the 404 itself


def test_the_catalogue_works_without_script(browser, served):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(served.address)
    page.fill("main input[name=q]", "voi")
    page.press("main input[name=q]", "Enter")
    page.locator(".result h2 a").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("[DEMO]")
    context.close()
