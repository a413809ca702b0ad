"""Staff write a text, see it filled in as they type, try it out, and find it in the outbox."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser
PAGES = (
    "/desk/notices/",
    "/desk/notices/letters/",
    "/desk/notices/letters/sheets",
    "/desk/notices/texts/",
    "/desk/notices/channels/",
)


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_about_notices_are_open_to_everybody(visitor: Visitor, path: str):
    visitor.log_in("admin")

    page = visitor.go(path)

    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert visitor.barriers() == []


def test_a_text_is_written_with_its_preview_and_taken_back(visitor: Visitor):
    visitor.log_in("admin")
    page = visitor.go("/desk/notices/texts/hold_cancelled/sms/vi/")
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Truyen Kieu")
    expect(preview).to_contain_text("1 tin")

    page.fill("textarea[name=body]", "Chào {name}, {title} đã hủy: {reson}")
    expect(preview).to_contain_text("{reson}")
    expect(preview).to_contain_text("cột")
    page.get_by_role("button", name="Lưu cho thư viện này").click()
    expect(page.locator(".field-errors").first).to_contain_text("Dòng 1")
    assert visitor.barriers() == []

    page.fill("textarea[name=body]", "Chào {name}, {title} đã hủy: {reason}")
    expect(preview).to_contain_text("Chao Nguyen Thi Lan")
    page.get_by_role("button", name="Lưu cho thư viện này").click()
    expect(page.get_by_role("button", name="Thừa hưởng lại")).to_be_visible()
    assert visitor.barriers() == []

    page.get_by_role("button", name="Thừa hưởng lại").click()
    page.locator("dialog[open] [data-confirm-yes]").click()
    expect(page.get_by_role("button", name="Thừa hưởng lại")).to_have_count(0)
