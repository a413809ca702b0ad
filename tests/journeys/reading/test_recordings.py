"""A story is left on the phone and gone on with at the desk; moments are marked; no line needed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading.models import Mark, Place
from tangthu.repository.actions import ObjectData, add_file, create_object, make_ready, publish
from tangthu.repository.actions.captions import ChapterData, set_captions, set_chapters
from tangthu.repository.models import CaptionsKind, DigitalObject
from tests.journeys.conftest import Visitor
from tests.journeys.reading.opening import log_in
from tests.repository.sounds import sound
from tests.support.serving import eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BY = Actor.machine("tests")
RADE = "WEBVTT\n\n00:00.000 --> 00:30.000\nMơ̆ng ƀuôn sang dliê\n".encode()
VIETNAMESE = "WEBVTT\n\n00:00.000 --> 00:30.000\nTừ buôn làng đất đỏ\n".encode()


@pytest.fixture
def story(province: Library, tmp_path: Path) -> DigitalObject:
    """Two sides of a tape, half a minute each."""
    data = ObjectData(title="Klei khan", kind="audio", rights="PDM", access="public")
    obj = create_object(data, library=province, by=BY)
    for name in ("Mặt A.mp3", "Mặt B.mp3"):
        add_file(obj, sound(tmp_path, name, seconds=30), by=BY)
    make_ready(obj, by=BY)
    for recording in obj.recordings.select_related("object", "source"):
        set_chapters(recording, [ChapterData(0, "Mở đầu"), ChapterData(21_000, "Hết")], by=BY)
        set_captions(recording, RADE, language="rad", kind=CaptionsKind.SPOKEN, by=BY)
        translation = CaptionsKind.TRANSLATION
        set_captions(recording, VIETNAMESE, language="vie", kind=translation, by=BY)
    publish(obj, by=BY)
    return obj


def listen(visitor: Visitor, obj: DigitalObject, query: str = "") -> Page:
    page = visitor.go(f"/read/{obj.identifier}/{query}")
    page.wait_for_function("() => document.querySelector('[data-player-media]').readyState > 0")
    return page


def at(page: Page) -> float:
    return float(page.locator("[data-player-media]").evaluate("media => media.currentTime"))


def hear(page: Page, seconds: float) -> None:
    """Play the recording for a moment, from there."""
    page.locator("[data-player-media]").evaluate(
        """(media, at) => new Promise((done) => {
          media.currentTime = at;
          media.muted = true;
          media.play().then(() => setTimeout(() => { media.pause(); done(); }, 300));
        })""",
        seconds,
    )


def test_the_place_and_the_marks_follow_the_card_to_another_device(
    visitor: Visitor, story: DigitalObject, patron: Patron, browser: Browser
) -> None:
    log_in(visitor, patron)
    page = listen(visitor, story, "?part=2")
    hear(page, 12)
    page.get_by_role("button", name="Đánh dấu chỗ này").click()
    page.get_by_placeholder("Viết ghi chú").fill("đoạn lên núi")
    page.keyboard.press("Tab")
    assert visitor.barriers() == []

    assert eventually(lambda: Place.objects.exists() and Mark.objects.exists(), within=10)
    assert eventually(lambda: Mark.objects.get().note == "đoạn lên núi", within=10)

    assert Place.objects.get().locator == {"part": 2, "seconds": 12}
    assert Place.objects.get().label == "Mặt B.mp3 · 0:12"
    assert Place.objects.get().percent == 70
    assert Mark.objects.get().quote.endswith("Từ buôn làng đất đỏ")
    other = browser.new_context(viewport={"width": 1280, "height": 800})
    device = Visitor(other.new_page(), visitor.address, [])
    log_in(device, patron)
    desk = listen(device, story)
    desk.locator("[data-reading=offer-yes]").click()
    desk.wait_for_url(re.compile(r"part=2&t=12"))
    desk.wait_for_function("() => document.querySelector('[data-player-media]').currentTime >= 12")
    expect(desk.get_by_placeholder("Viết ghi chú")).to_have_value("đoạn lên núi")
    other.close()


def test_the_same_browser_goes_on_where_it_stopped(visitor: Visitor, story: DigitalObject) -> None:
    page = listen(visitor, story)
    hear(page, 15)

    page = listen(visitor, story)

    page.wait_for_function("() => document.querySelector('[data-player-media]').currentTime >= 15")
    assert at(page) < 17
    assert Place.objects.count() == 0


def test_it_stops_by_itself_where_the_chapter_ends_and_keeps_its_speed(
    visitor: Visitor, story: DigitalObject
) -> None:
    page = listen(visitor, story)
    page.get_by_label("Tốc độ").select_option("2")
    page.get_by_label("Tự dừng").select_option("chapter")
    page.locator("[data-player-media]").evaluate(
        "media => { media.muted = true; media.currentTime = 20; return media.play(); }"
    )

    page.wait_for_function("() => document.querySelector('[data-player-media]').paused")

    assert 21 <= at(page) < 22
    expect(page.get_by_label("Tự dừng")).to_have_value("")
    page = listen(visitor, story, "?part=2")
    expect(page.get_by_label("Tốc độ")).to_have_value("2")
    rate = page.locator("[data-player-media]").evaluate("media => media.playbackRate")
    assert rate == 2


def test_a_kept_story_is_heard_without_a_line(
    browser: Browser, live_server: LiveServer, story: DigitalObject
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    # Workers that answer without a line are for safe origins alone, which this name is.
    visitor = Visitor(context.new_page(), live_server.url.replace("127.0.0.1", "localhost"), [])
    page = listen(visitor, story)
    keep = page.get_by_role("button", name="Giữ để nghe khi không có mạng")
    expect(keep).to_contain_text("KB")
    keep.click()
    expect(keep).to_have_attribute("aria-pressed", "true")
    page.evaluate(
        """() => new Promise((done) => {
          const look = () => navigator.serviceWorker.controller ? done(1) : setTimeout(look, 50);
          look();
        })"""
    )

    context.set_offline(True)
    page = listen(visitor, story, "?part=2")
    hear(page, 25)
    heard = at(page)
    words = page.locator("[data-player-line]").first.inner_text()
    title = page.locator(".page-head").inner_text()
    context.close()

    assert heard >= 25
    assert "Từ buôn làng đất đỏ" in words
    assert "Mặt B.mp3" in title
