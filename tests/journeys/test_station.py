"""Readers serve themselves at the station, which forgets them when they walk away."""

from __future__ import annotations

from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PASSWORDS, Visitor
from tests.journeys.test_librarian import free_copy, free_reader

pytestmark = pytest.mark.browser

_stations = count(1)


def scan(page: Page, text: str) -> None:
    box = page.locator("input[data-scan]")
    expect(box).to_be_focused()
    box.fill(text)
    with page.expect_response(lambda response: "/station/scan" in response.url):
        box.press("Enter")


def open_station(librarian: Visitor) -> Page:
    page = librarian.go("/desk/stations/")
    name = f"Trạm thử {next(_stations)}"
    page.fill("input[name=name]", name)
    page.locator("section form button[type=submit]").click()
    assert librarian.barriers() == []
    page.locator("tr", has_text=name).locator("form[action$='/open'] button").click()
    page.locator("dialog[open] [data-confirm-yes]").click()
    page.wait_for_url("**/station/")
    return page


def test_a_reader_borrows_walks_away_and_returns(librarian: Visitor):
    card, barcode = free_reader(librarian), free_copy(librarian)
    librarian.page.clock.install()
    page = open_station(librarian)
    assert librarian.barriers() == []

    scan(page, card.lower())
    expect(page.locator(".station-hello")).to_contain_text("Chào bạn")
    scan(page, barcode)
    expect(page.locator(".message-success")).to_be_visible()
    expect(page.locator(".station-loans li")).to_have_count(1)
    assert librarian.barriers() == []

    page.clock.run_for(61_000)
    expect(page.locator(".station-call")).to_be_visible()
    expect(page.locator(".station-hello")).to_have_count(0)

    page.locator(".station-choice").click()
    scan(page, barcode)
    expect(page.locator(".message-success")).to_contain_text("Đã nhận trả")
    assert librarian.barriers() == []

    page.goto(librarian.address + "/desk/")
    page.wait_for_url("**/staff/login**")
    page.goto(librarian.address + "/station/close")
    assert librarian.barriers() == []
    page.fill("input[name=username]", "desk")
    page.fill("input[name=password]", PASSWORDS["desk"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/staff/login")
