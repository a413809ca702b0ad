"""A reader places a hold; the desk keeps the book, prints its slip and lends it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import SIZES, Visitor
from tests.journeys.test_account import Query, code, query  # noqa: F401 (fixtures)
from tests.journeys.test_librarian import scan
from tests.support.serving import Served

pytestmark = pytest.mark.browser

WITHOUT_WORRIES = """
    SELECT patron.card FROM patrons_patron AS patron
    JOIN libraries_library AS library ON library.id = patron.library_id AND library.code = 'DLK'
    WHERE patron.phone != '' AND patron.card_status = 'active'
      AND patron.expires_on > date('now', '+40 day')
      AND NOT EXISTS (SELECT 1 FROM circulation_hold WHERE patron_id = patron.id)
      AND NOT EXISTS (
        SELECT 1 FROM circulation_loan WHERE patron_id = patron.id AND returned_at IS NULL)
    ORDER BY patron.id DESC LIMIT 2
"""
TITLE = "SELECT record_id FROM catalogue_item WHERE barcode = ?"


@pytest.fixture
def desk(browser: Browser, served: Served) -> Iterator[Visitor]:
    """The desk of the provincial library, at a computer of its own."""
    width, height = SIZES["desk"]
    context = browser.new_context(viewport={"width": width, "height": height})
    visitor = Visitor(context.new_page(), served.address, [])
    visitor.log_in("desk")
    yield visitor
    context.close()


def test_a_hold_is_placed_kept_and_lent(
    visitor: Visitor,
    desk: Visitor,
    query: Query,  # noqa: F811
    code: Callable[[], str],  # noqa: F811
):
    is_phone = visitor.page.viewport_size["width"] < 720
    card = str(query(WITHOUT_WORRIES)[is_phone][0])
    barcode = f"DLKTN{300 + is_phone:06}"
    record = query(TITLE, barcode)[0][0]
    page = visitor.go(f"/record/{record}")

    page.get_by_role("link", name="Đặt mượn").click()
    page.wait_for_url(re.compile("/account/login"))
    page.fill("input[name=name]", card)
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    page.wait_for_url("**/account/code")
    page.fill("input[name=code]", code())
    page.press("input[name=code]", "Enter")
    page.wait_for_url(f"**/record/{record}/hold")
    assert visitor.barriers() == []
    page.get_by_role("button", name="Đặt mượn").click()
    page.wait_for_url(re.compile("/account/"))
    expect(page.locator("main")).to_contain_text("Thứ 1 trong hàng chờ")
    assert visitor.barriers() == []

    desk.go("/desk/?mode=return")
    scan(desk.page, barcode)
    expect(desk.page.locator(".message-warn").first).to_contain_text(card)
    assert desk.barriers() == []
    desk.page.get_by_role("link", name="In phiếu").click()
    expect(desk.page.locator(".paper-slip")).to_contain_text(card)
    expect(desk.page.locator(".paper-slip")).to_contain_text(barcode)
    assert desk.barriers() == []
    page.reload()
    expect(page.locator("main")).to_contain_text("Chờ nhận")

    desk.go("/desk/")
    scan(desk.page, card)
    expect(desk.page.locator("#board")).to_contain_text("1 yêu cầu đặt mượn")
    scan(desk.page, barcode)
    expect(desk.page.locator(".message-success")).to_contain_text("hạn trả")
    expect(desk.page.locator("#board")).to_contain_text("0 yêu cầu đặt mượn")
    assert desk.barriers() == []
