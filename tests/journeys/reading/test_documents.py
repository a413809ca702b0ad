"""A reader opens PDF documents and e-books in a real browser; bad books can do nothing there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Frame, Page, expect
from playwright.sync_api import Error as PlaywrightError
from pytest_django.live_server_helper import LiveServer

from tangthu.core.actor import Actor
from tangthu.patrons.models import Patron
from tangthu.reading.models import Mark, Place
from tangthu.repository.actions.texts import Unit, keep_text
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.texts import TextOrigin
from tests.journeys.conftest import Visitor
from tests.journeys.reading.opening import ink, log_in, opened
from tests.reading.making import CHAPTERS, epub_with, pdf_of_pictures, pdf_with_text
from tests.support.documents import layout_of
from tests.support.serving import eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF, EPUB = "application/pdf", "application/epub+zip"


def find(page: Page, words: str) -> None:
    page.locator(".reading-head [data-reading=search]").click()
    page.fill("#find", words)


def test_a_pdf_is_drawn_turned_searched_and_found_accessible(
    visitor: Visitor, shelved: Callable[..., DigitalObject]
) -> None:
    page = opened(visitor, shelved(pdf_with_text(30), "pdf", PDF), "?page=2")

    expect(page.locator("#goto")).to_have_value("2")
    assert ink(page, ".page[data-page-number='2'] canvas") > 0.002
    assert visitor.barriers() == []
    page.keyboard.press("End")
    expect(page.locator("#goto")).to_have_value("30")
    page.keyboard.press("Home")
    expect(page.locator("#goto")).to_have_value("1")

    find(page, "dat do")

    expect(page.locator("[data-reading=found]")).to_have_text("1/30")
    expect(page.locator(".textLayer .highlight.selected")).to_have_text("đất đỏ")
    assert visitor.barriers() == []
    page.locator("#find").press("Enter")
    expect(page.locator("#goto")).to_have_value("2")
    page.locator("#search [data-reading=search]").click()
    page.locator("[data-reading=side]").click()
    page.get_by_role("button", name="Phần 3").click()
    expect(page.locator("#goto")).to_have_value("21")


def test_a_result_leads_to_the_page_of_a_pdf_that_has_the_words(
    visitor: Visitor, shelved: Callable[..., DigitalObject]
) -> None:
    page = opened(visitor, shelved(pdf_with_text(30), "pdf", PDF), "?page=3&q=dat+do")

    expect(page.locator("[data-reading=found]")).to_have_text("3/30")
    expect(page.locator("#goto")).to_have_value("3")
    expect(page.locator(".textLayer .highlight.selected")).to_have_text("đất đỏ")


def test_a_pdf_of_pictures_says_that_it_has_no_words_and_offers_nothing_that_needs_them(
    visitor: Visitor, shelved: Callable[..., DigitalObject]
) -> None:
    page = opened(visitor, shelved(pdf_of_pictures(), "pdf", PDF))

    expect(page.locator("[data-reading=wordless]")).to_contain_text("chỉ có ảnh chụp các trang")
    expect(page.locator(".reading-head [data-reading=search]")).to_have_count(0)
    expect(page.locator("[data-reading=highlight]")).to_have_count(0)
    expect(page.locator("[data-aloud]")).to_be_hidden()
    assert visitor.barriers() == []
    page.get_by_role("button", name="Đóng thông báo").click()
    expect(page.locator("[data-reading=wordless]")).to_have_count(0)


def test_what_the_library_has_read_in_a_pdf_of_pictures_is_found_there(
    visitor: Visitor, shelved: Callable[..., DigitalObject]
) -> None:
    obj = shelved(pdf_of_pictures(), "pdf", PDF)
    words = layout_of("Vùng đất đỏ ba dan")
    keep_text(Unit(obj, 2), words, origin=TextOrigin.MACHINE, by=Actor.machine("test"))
    page = opened(visitor, obj)

    find(page, "dat do")

    expect(page.locator("[data-reading=found]")).to_have_text("1/1")
    expect(page.locator(".reading-hit mark")).to_have_text("đất đỏ")
    expect(page.locator("#goto")).to_have_value("2")
    expect(page.locator("[data-reading=wordless]")).to_be_hidden()


def test_a_document_that_cannot_be_opened_says_so(
    visitor: Visitor, shelved: Callable[..., DigitalObject]
) -> None:
    broken = shelved(b"%PDF-1.7 broken", "pdf", PDF)
    empty = shelved(b"PK\x03\x04 nothing", "epub", EPUB)

    for obj in (broken, empty):
        page = visitor.go(f"/read/{obj.identifier}/")
        expect(page.locator(".reading-failed")).to_contain_text("bị hỏng")


def chapter(page: Page) -> str:
    """Return the words of the chapter that is shown, once there is one."""
    for _ in range(50):
        words = "".join(shown_in(frame) for frame in page.frames if frame.url.startswith("blob:"))
        if words.strip():
            return words
        page.wait_for_timeout(200)
    return ""


def shown_in(frame: Frame) -> str:
    """Return the frame's words; none of one that gives way to the next chapter just now."""
    try:
        return str(frame.evaluate("document.body.innerText"))
    except PlaywrightError:
        return ""


def comes_to(page: Page, words: str) -> bool:
    """Tell whether the chapter with these words is shown within ten seconds."""
    for _ in range(50):
        frames = [frame for frame in page.frames if frame.url.startswith("blob:")]
        if any(words in shown_in(frame) for frame in frames):
            return True
        page.wait_for_timeout(200)
    return False


def test_a_book_is_shown_turned_dressed_and_searched(
    visitor: Visitor, shelved: Callable[..., DigitalObject]
) -> None:
    page = opened(visitor, shelved(epub_with(), "epub", EPUB))

    assert "Buôn Hồ" in chapter(page)
    assert ink(page, ".reading-epub") > 0.002
    assert visitor.barriers() == []

    page.locator(".reading-bar [data-reading=look]").click()
    page.get_by_label("Tương phản mạnh").check()
    assert visitor.barriers() == []
    page.locator("#look button").click()
    assert ink(page, ".reading-epub") > 0.5

    find(page, "le hoi")
    expect(page.locator("[data-reading=found]")).to_have_text("1/1")
    expect(page.locator(".reading-hit mark")).to_have_text("Lễ hội")
    assert comes_to(page, "cồng chiêng")

    page.locator("#search [data-reading=search]").click()
    page.locator("[data-reading=side]").click()
    page.get_by_role("button", name=CHAPTERS[1][0]).click()
    assert comes_to(page, "hồ tiêu")


def test_a_bad_book_runs_nothing_and_fetches_nothing_from_elsewhere(
    visitor: Visitor, shelved: Callable[..., DigitalObject]
) -> None:
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))

    page = opened(visitor, shelved(epub_with(hostile=True), "epub", EPUB))
    chapter(page)
    frame = next(frame for frame in page.frames if frame.url.startswith("blob:"))
    frame.evaluate("document.querySelector('#evil').click()")
    page.wait_for_timeout(300)

    elsewhere = [url for url in asked if not url.startswith((visitor.address, "blob:", "data:"))]
    assert "Vùng đất đỏ" in chapter(page)
    assert "EVIL" not in page.title()
    assert elsewhere == []
    assert not [url for url in asked if url.endswith("/account/")]
    assert len(page.frames) == 2
    assert (
        frame.evaluate("document.querySelectorAll('script, iframe, object, embed, form').length")
        == 0
    )
    # What the browser itself forbade it complains of.
    visitor.complaints[:] = [each for each in visitor.complaints if "Security Policy" not in each]


def test_a_place_and_a_note_follow_the_card(
    visitor: Visitor, browser: Browser, patron: Patron, shelved: Callable[..., DigitalObject]
) -> None:
    obj = shelved(pdf_with_text(12), "pdf", PDF)
    log_in(visitor, patron)
    page = opened(visitor, obj)
    page.wait_for_timeout(300)
    page.keyboard.press("End")
    page.locator("[data-reading=marks]").first.click()
    page.locator("[data-reading=note]").click()
    page.keyboard.type("Đọc lại chương này")
    page.keyboard.press("Tab")
    assert visitor.barriers() == []

    assert eventually(Mark.objects.exclude(note="").exists)
    assert eventually(Place.objects.filter(locator={"page": 12}).exists)
    assert Place.objects.get().locator == {"page": 12}
    assert Mark.objects.get().note == "Đọc lại chương này"

    context = browser.new_context(viewport={"width": 1000, "height": 700})
    other = Visitor(context.new_page(), visitor.address, [])
    log_in(other, patron)
    there = opened(other, obj)
    expect(there.locator("[data-reading=offer-words]")).to_contain_text("Trang 12")
    there.locator("[data-reading=offer-yes]").click()
    expect(there.locator("#goto")).to_have_value("12")
    there.locator("[data-reading=marks]").first.click()
    expect(there.locator(".reading-mark textarea")).to_have_value("Đọc lại chương này")
    context.close()


def test_what_a_guest_marks_stays_in_the_browser(
    visitor: Visitor, shelved: Callable[..., DigitalObject]
) -> None:
    page = opened(visitor, shelved(epub_with(), "epub", EPUB))
    page.locator("[data-reading=marks]").first.click()
    page.locator("[data-reading=bookmark]").click()
    expect(page.locator(".reading-mark")).to_have_count(1)

    page.reload()
    page.wait_for_selector("body.reading-drawn")
    page.locator("[data-reading=marks]").first.click()

    expect(page.locator(".reading-mark")).to_have_count(1)
    assert not Mark.objects.exists()


def test_a_kept_book_opens_without_a_line_until_it_is_due(
    browser: Browser, live_server: LiveServer, shelved: Callable[..., DigitalObject]
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    reader = Visitor(context.new_page(), live_server.url.replace("127.0.0.1", "localhost"), [])
    page = opened(reader, shelved(epub_with(), "epub", EPUB))
    page.locator("[data-reading=offline]").click()
    expect(page.locator("[data-reading=offline]")).to_have_attribute("aria-pressed", "true")
    page.evaluate(_CONTROLLED)

    context.set_offline(True)
    page.reload()
    page.wait_for_selector("body.reading-drawn")
    without_line = chapter(page)
    page.evaluate(_DUE)
    page.wait_for_timeout(200)
    page.reload()

    assert "Buôn Hồ" in without_line
    expect(page.locator("h1")).to_contain_text("tài liệu này không lưu trên máy")
    expect(page.locator("[data-kept]")).to_be_hidden()
    context.close()


_CONTROLLED = """() => new Promise((done) => {
  const look = () => navigator.serviceWorker.controller ? done(true) : setTimeout(look, 50);
  look();
})"""
# As if it had been lent, and were due since a moment ago.
_DUE = """async () => {
  const home = window.location.pathname;
  const cache = await caches.open(`reading${home}`);
  await cache.put(`${home}kept`, new Response(JSON.stringify({ due: Date.now() - 1 })));
}"""
