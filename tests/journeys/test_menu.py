"""The staff's menu, by touch and by keyboard, on a phone and at a desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser


def test_another_group_is_a_press_or_two_away(librarian: Visitor) -> None:
    page = librarian.go("/desk/")

    if page.locator(".staff-menu-open").is_visible():
        page.locator(".staff-menu-open").click()
    page.locator("summary.staff-link", has_text="Bạn đọc").click()
    barriers = librarian.barriers()
    page.get_by_role("link", name="Sổ bạn đọc").click()

    page.wait_for_url("**/desk/patrons/")
    assert barriers == []
    expect(page.locator(".staff-nav a[aria-current]")).to_have_text("Sổ bạn đọc")


def test_the_menu_works_by_keyboard_and_gives_the_focus_back(librarian: Visitor) -> None:
    page = librarian.go("/desk/patrons/")
    opener = page.locator(".staff-menu-open")
    if not opener.is_visible():
        opener = page.locator("summary.staff-link").first

    opener.press("Enter")
    opened = page.locator(".staff-menu.is-open, .staff-group[open]")
    expect(opened).to_have_count(1)
    page.keyboard.press("Escape")

    expect(opened).to_have_count(0)
    expect(opener).to_be_focused()
