"""A library closes for some days: seen first, then its due dates move; a hold rests meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import SIZES, Visitor
from tests.journeys.test_account import Query, query  # noqa: F401 (fixture)
from tests.journeys.test_librarian import free_copy, free_reader, scan
from tests.support.serving import Served, eventually

pytestmark = pytest.mark.browser

HERE = "\u2003Thư viện tỉnh Đắk Lắk (trình diễn)"


@pytest.fixture
def director(browser: Browser, served: Served) -> Iterator[Visitor]:
    """Whoever may change the rules, at a computer of their own."""
    width, height = SIZES["desk"]
    context = browser.new_context(viewport={"width": width, "height": height})
    visitor = Visitor(context.new_page(), served.address, [])
    visitor.log_in("admin")
    yield visitor
    context.close()


def written(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def due_on(page: Page) -> date:
    """Read the day off the page of the loan."""
    facts = page.locator("section[aria-labelledby=facts]").inner_text()
    found = re.search(r"Hạn trả\s+(?:\d\d:\d\d,? )?(\d\d)/(\d\d)/(\d{4})", facts)
    assert found is not None, facts
    day, month, year = map(int, found.groups())
    return date(year, month, day)


def lend_until(librarian: Visitor, day: date) -> str:
    """Lend a copy, and put its due date on the day; return the address of the loan."""
    page = librarian.page
    card, barcode = free_reader(librarian), free_copy(librarian)
    librarian.go("/desk/")
    scan(page, card)
    scan(page, barcode)
    page.locator("#board tbody tr th a").click()
    page.locator("details:has(form[action$='/due']) > summary").click()
    page.fill("form[action$='/due'] [name=due_on]", written(day))
    page.get_by_role("button", name="Đặt hạn trả").click()
    expect(page.locator(".message-success")).to_be_visible()
    return page.url


def test_due_dates_move_out_of_the_days_on_which_it_is_closed(
    librarian: Visitor, director: Visitor
):
    is_phone = librarian.page.viewport_size["width"] < 720
    first = timezone.localdate() + timedelta(days=100 + 10 * is_phone)
    last, between = first + timedelta(days=3), first + timedelta(days=1)
    loan = lend_until(librarian, between)
    reason = f"Bão, đợt {written(first)}"
    page = director.go("/desk/rules/closing/")
    assert director.barriers() == []

    page.select_option("select[name=library]", label=HERE)
    page.fill("[name=first]", written(last))
    page.fill("[name=last]", written(first))
    page.fill("[name=reason]", reason)
    page.click("button[value=look]")
    expect(page.locator(".field-errors")).to_contain_text("trước")
    page.fill("[name=first]", written(first))
    page.fill("[name=last]", written(last))
    page.click("button[value=look]")
    expect(page.locator("section[aria-labelledby=seen] tbody tr")).to_contain_text(
        [written(between)]
    )
    assert director.barriers() == []
    page.click("button[value=close]")
    expect(page.locator("main .message-success")).to_be_visible()
    expect(page.locator("tr", has_text=reason)).to_have_count(1)
    assert director.barriers() == []

    librarian.page.goto(loan)
    assert eventually(lambda: bool(librarian.page.reload()) and due_on(librarian.page) > last)


NOBODY_WAITS = """
    SELECT item.barcode, item.record_id FROM catalogue_item AS item
    WHERE item.barcode BETWEEN 'DLKTN000350' AND 'DLKTN000399'
      AND NOT EXISTS (SELECT 1 FROM circulation_hold WHERE record_id = item.record_id)
      AND NOT EXISTS (
        SELECT 1 FROM circulation_loan WHERE item_id = item.id AND returned_at IS NULL)
    ORDER BY item.barcode LIMIT 1
"""


def test_a_hold_rests_and_counts_again(librarian: Visitor, query: Query):  # noqa: F811
    page = librarian.page
    card = free_reader(librarian)
    barcode, record = query(NOBODY_WAITS)[0]
    queue = f"/desk/holds/queues/{record}/"
    to_fetch = page.locator(f"main tbody a[href='{queue}']")
    librarian.go(f"/desk/holds/new/?card={card}&q={barcode}")
    page.locator("section.panel ul a").first.click()
    assert librarian.barriers() == []
    page.locator("main form.stack button.btn-primary").click()
    page.wait_for_url(re.compile(r"/desk/\?"))
    librarian.go("/desk/holds/")
    expect(to_fetch).to_have_count(1)

    librarian.go(queue)
    waiting = page.locator("li.panel", has_text=card)
    waiting.locator("details > summary").click()
    assert librarian.barriers() == []
    waiting.get_by_role("button", name="Tạm dừng").click()

    expect(waiting.locator(".badge").first).to_have_text("Tạm dừng")
    assert librarian.barriers() == []
    librarian.go("/desk/holds/")
    expect(to_fetch).to_have_count(0)
    librarian.go(queue)
    waiting.locator("details > summary").click()
    waiting.get_by_role("button", name="Tiếp tục chờ").click()
    expect(waiting.locator(".badge").first).to_contain_text("trong hàng chờ")
    waiting.locator("details > summary").click()
    waiting.locator("form[action$='/cancel'] button").click()
    expect(waiting).to_have_count(0)
