"""How a reader comes into the account in a browser: by the code that a message brings."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import Visitor


def enter(visitor: Visitor, card: str, code: Callable[[], str]) -> None:
    """Log in with a code, and stand on the first page of the account."""
    page = visitor.go("/account/login")
    page.fill("input[name=name]", card)
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    page.wait_for_url("**/account/code")
    page.fill("input[name=code]", code())
    page.press("input[name=code]", "Enter")
    page.wait_for_url("**/account/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
