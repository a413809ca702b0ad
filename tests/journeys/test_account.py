"""A reader in their own account, on a phone and on a desk PC."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor
from tests.support.serving import Served, eventually

pytestmark = pytest.mark.browser

Query = Callable[..., list[tuple[object, ...]]]

WITH_LOANS = """
    SELECT patron.card FROM patrons_patron AS patron
    JOIN circulation_loan AS loan ON loan.patron_id = patron.id AND loan.returned_at IS NULL
    WHERE patron.phone != '' AND patron.card_status = 'active'
    GROUP BY patron.id HAVING count(*) >= 2 ORDER BY patron.id LIMIT 12
"""
LAST_CODE = "SELECT max(id) FROM notices_notice WHERE kind = 'login_code'"


@pytest.fixture
def query(served: Served) -> Query:
    """Ask the database of the library that is served."""

    def ask(sql: str, *values: object) -> list[tuple[object, ...]]:
        database = sqlite3.connect(f"file:{served.data}/tangthu.sqlite3?mode=ro", uri=True)
        try:
            return database.execute(sql, values).fetchall()
        finally:
            database.close()

    return ask


@pytest.fixture
def code(query: Query, served: Served) -> Callable[[], str]:
    """Read the newest code, as its reader does: from the message that was sent."""
    messages = served.data.parent / "messages"

    def read() -> str:
        number = query(LAST_CODE)[0][0]
        assert eventually(lambda: any(messages.glob(f"*-tangthu-{number}-*.json")), within=30)
        message = json.loads(next(messages.glob(f"*-tangthu-{number}-*.json")).read_text())
        return str(message["parameters"]["code"])

    return read


@pytest.fixture
def reader(visitor: Visitor, query: Query, code: Callable[[], str]) -> Visitor:
    """A reader with books at home, logged in by a code."""
    # Codes for one card are sent a minute apart: each test takes a reader of its own.
    card = query(WITH_LOANS)[next(_taken)][0]
    page = visitor.go("/account/")
    page.wait_for_url(re.compile("/account/login"))
    assert visitor.barriers() == []
    page.fill("input[name=name]", str(card))
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    page.wait_for_url("**/account/code")
    assert visitor.barriers() == []
    page.fill("input[name=code]", code())
    page.press("input[name=code]", "Enter")
    page.wait_for_url("**/account/")
    return visitor


_taken = iter(range(10_000))


def test_a_reader_renews_everything_and_is_told_of_each(reader: Visitor):
    page = reader.page
    expect(page.locator("#loans")).to_contain_text("Đang mượn")
    assert reader.barriers() == []

    page.get_by_role("button", name="Gia hạn tất cả").click()

    page.wait_for_url("**/account/#loans")
    loans = page.locator("section:has(#loans) .account-row").count()
    expect(page.locator(".account-told")).not_to_have_count(0)
    assert page.locator(".account-told").count() >= loans
    assert reader.barriers() == []


def test_a_reader_keeps_a_list_and_chooses_messages(reader: Visitor):
    page = reader.go("/search?q=ca+phe")
    assert reader.barriers() == []
    page.locator(".result h2 a").first.click()
    page.get_by_role("link", name="Thêm vào danh sách").click()
    page.fill("input[name=name]", "Muốn đọc")
    assert reader.barriers() == []
    page.get_by_role("button", name="Tạo danh sách này và thêm").click()
    expect(page.get_by_text("Đã thêm vào danh sách “Muốn đọc”.")).to_be_visible()

    reader.go("/account/lists")
    page.get_by_role("link", name="Muốn đọc").click()
    page.get_by_role("button", name="Tạo liên kết bí mật").click()
    expect(page.locator("#shared-link")).to_contain_text("/list/")
    assert reader.barriers() == []

    reader.go("/account/notices")
    page.locator("input[type=checkbox][value=due_soon-sms]").check()
    assert reader.barriers() == []
    page.get_by_role("button", name="Lưu lựa chọn").click()
    expect(page.get_by_text("Đã lưu lựa chọn của bạn.")).to_be_visible()
    expect(page.locator("input[type=checkbox][value=due_soon-sms]")).to_be_checked()


def test_no_page_of_the_account_keeps_anybody_out(reader: Visitor):
    barriers = {}
    pages = "fees searches history card contact data devices password"
    for name in pages.split():
        reader.go(f"/account/{name}")
        barriers[name] = reader.barriers()
    reader.go("/search?q=voi")
    reader.page.get_by_role("link", name="Lưu tìm kiếm này").click()
    barriers["save"] = reader.barriers()

    assert {name: found for name, found in barriers.items() if found} == {}


def test_the_account_works_without_script(browser, served, query, code):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/account/")
    page.fill("input[name=name]", str(query(WITH_LOANS)[-1][0]))
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    page.fill("input[name=code]", code())
    page.press("input[name=code]", "Enter")

    page.get_by_role("button", name="Gia hạn tất cả").click()

    expect(page.locator(".account-told")).not_to_have_count(0)
    context.close()
