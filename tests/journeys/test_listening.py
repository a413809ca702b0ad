"""Somebody listens to a story in two languages, and walks through an exhibition to it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def story(visitor: Visitor) -> Page:
    """The demo's story, reached through its collection."""
    page = visitor.go("/collections/tieng-noi/")
    page.get_by_role("link", name=re.compile("Kể khan bên bếp lửa")).click()
    page.wait_for_url(re.compile(r"/read/\w+/"))
    return page


def seconds(page: Page) -> float:
    return float(page.locator("[data-player-media]").evaluate("media => media.currentTime"))


def test_the_words_follow_the_story(visitor: Visitor, story: Page) -> None:
    assert visitor.barriers() == []

    story.locator("[data-player-line] a").nth(2).click()

    line = story.locator("[data-player-line][aria-current]")
    expect(line).to_contain_text("mnuih Êđê yăl dliê klei khan")
    expect(line).to_contain_text("người Ê Đê kể chuyện khan")
    story.wait_for_function("document.querySelector('[data-player-media]').currentTime > 8.5")
    story.get_by_role("button", name="Trích dẫn và chia sẻ").click()
    expect(story.locator("#quote-link")).to_have_text(re.compile(r"\?part=1&t=\d+$"))
    assert visitor.complaints == []


def test_words_are_found_without_marks_and_an_address_leads_to_a_moment(
    visitor: Visitor, story: Page
) -> None:
    story.fill("#find", "nguoi e de ke")

    expect(story.locator(".is-found")).to_have_count(1)
    story.goto(f"{story.url}?part=1&t=12")
    story.wait_for_function("document.querySelector('[data-player-media]').currentTime >= 12")
    assert seconds(story) < 14
    assert visitor.complaints == []


def test_an_exhibition_shows_a_map_and_figures(visitor: Visitor) -> None:
    page = visitor.go("/exhibitions/")
    page.get_by_role("link", name=re.compile("Đất đỏ và tiếng chiêng")).click()

    expect(page.locator(".exhibition-chart circle")).to_have_count(2)
    expect(page.locator(".exhibition-bars rect")).to_have_count(12)
    expect(page.get_by_text("nhan đề trong mục lục")).to_be_visible()
    assert visitor.barriers() == []
    assert visitor.complaints == []


def test_a_press_on_the_map_writes_a_place(visitor: Visitor) -> None:
    visitor.log_in("admin")
    page = visitor.go("/desk/exhibitions/")
    page.get_by_role("link", name=re.compile("Đất đỏ và tiếng chiêng")).click()

    chosen = page.locator(".exhibition-piece .exhibition-chart").first
    chosen.scroll_into_view_if_needed()
    box = chosen.bounding_box()
    assert box is not None
    chosen.click(position={"x": box["width"] / 2, "y": box["height"] / 4})

    typed = page.locator(".exhibition-piece textarea[name$='-lines']").first
    expect(typed).to_have_value(re.compile(r"\n50 25 $"))
    assert visitor.barriers() == []
    assert visitor.complaints == []
