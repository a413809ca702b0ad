"""A borrowed book is kept on a phone: read without a line, until it is due or given back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tangthu.patrons.models import Patron
from tangthu.reading.models import DigitalLoan, Mark, Place
from tangthu.repository.models import DigitalObject
from tests.journeys.conftest import SIZES, Visitor
from tests.journeys.reading.opening import log_in
from tests.journeys.reading.test_documents import chapter
from tests.reading.lending import licensed
from tests.reading.making import epub_with
from tests.support.serving import eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EPUB = "application/epub+zip"


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, patron: Patron) -> Iterator[Visitor]:
    """The reader's phone. Service workers are for safe origins alone, which `localhost` is."""
    width, height = SIZES["phone"]
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True)
    visitor = Visitor(context.new_page(), live_server.url.replace("127.0.0.1", "localhost"), [])
    log_in(visitor, patron)
    yield visitor
    context.close()


@pytest.fixture
def book(shelved: Callable[..., DigitalObject]) -> DigitalObject:
    """An e-book that one reader at a time may have."""
    obj = shelved(epub_with(), "epub", EPUB, access="lent")
    licensed(obj)
    return obj


def borrowed_and_kept(phone: Visitor, book: DigitalObject) -> Page:
    """Borrow the book, keep it on the phone and cut the line."""
    page = phone.go(f"/read/{book.identifier}/")
    page.locator("main").get_by_role("button", name="Mượn đọc").click()
    page.wait_for_selector("body.reading-drawn")
    page.locator("[data-reading=offline]").click()
    expect(page.locator("[data-reading=offline]")).to_have_attribute("aria-pressed", "true")
    page.evaluate(_CONTROLLED)
    page.context.set_offline(True)
    return page


_CONTROLLED = """() => new Promise((done) => {
  const look = () => navigator.serviceWorker.controller ? done(true) : setTimeout(look, 50);
  look();
})"""


def kept(page: Page) -> list[str]:
    """Return the names of the documents that the browser keeps."""
    found: list[str] = page.evaluate("caches.keys()")
    return [name for name in found if name.startswith("reading/")]


def opens(phone: Visitor, book: DigitalObject) -> bool:
    """Tell whether the document is shown; without it our own page says that there is no line."""
    page = phone.go(f"/read/{book.identifier}/")
    is_shown = page.locator("body.reading").count() > 0
    if not is_shown:
        expect(page.locator("h1")).to_contain_text("Không có mạng")
    return is_shown


def test_a_bookmark_made_without_a_line_is_on_the_card_once_it_is_back(
    phone: Visitor, book: DigitalObject, patron: Patron
) -> None:
    page = borrowed_and_kept(phone, book)
    Place.objects.all().delete()

    page.reload()
    page.wait_for_selector("body.reading-drawn")
    assert "Buôn Hồ" in chapter(page)
    page.locator("[data-reading=after]").click()
    page.locator("[data-reading=marks]").first.click()
    page.locator("[data-reading=bookmark]").click()
    expect(page.locator(".reading-mark")).to_have_count(1)
    page.wait_for_timeout(2000)
    assert not Mark.objects.exists()
    # The line is told of before it carries: the first try of the mark is lost on it.
    lost: list[str] = []
    page.route(
        "**/marks/*", lambda route: (lost.append(route.request.method), route.abort()), times=1
    )
    page.context.set_offline(False)

    def is_on_the_card() -> bool:
        # Playwright answers for the broken line only while it is asked for something.
        page.wait_for_timeout(100)
        return Mark.objects.exists() and Place.objects.exists()

    assert eventually(is_on_the_card, within=60)
    assert lost == ["PUT"]
    mark = Mark.objects.get()
    assert (mark.patron, mark.object, mark.kind) == (patron, book, "bookmark")
    assert str(mark.locator["cfi"]).startswith("epubcfi(")


def test_what_is_due_is_gone_from_the_phone_even_without_a_line(
    phone: Visitor, book: DigitalObject
) -> None:
    page = borrowed_and_kept(phone, book)
    assert kept(page) == [f"reading/read/{book.identifier}/"]
    page.context.set_offline(False)
    # The library brings the end forward; the phone learns of it as of a renewal.
    due_at = timezone.now() + timedelta(seconds=4)
    DigitalLoan.objects.update(due_at=due_at)
    phone.go("/account/")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    assert opens(phone, book)

    page.wait_for_timeout(max(0.0, (due_at - timezone.now()).total_seconds() * 1000) + 100)

    assert not opens(phone, book)
    page.context.set_offline(False)
    phone.go("/")
    assert kept(page) == []


def test_what_is_given_back_early_leaves_the_phone(phone: Visitor, book: DigitalObject) -> None:
    page = borrowed_and_kept(phone, book)
    page.context.set_offline(False)

    phone.go("/account/").get_by_role("button", name="Trả sớm").click()
    expect(page.get_by_text("Cảm ơn bạn đã nhường lượt")).to_be_visible()

    assert eventually(lambda: kept(page) == [], within=30)
    page.context.set_offline(True)
    assert not opens(phone, book)
    expect(page.get_by_role("button", name="Thử lại")).to_be_visible()
    assert phone.barriers() == []
    assert DigitalLoan.objects.get().ending == "early"


def test_the_page_without_a_line_names_what_the_phone_keeps(
    phone: Visitor, book: DigitalObject, shelved: Callable[..., DigitalObject]
) -> None:
    other = shelved(epub_with(), "epub", EPUB)
    page = borrowed_and_kept(phone, book)

    phone.go(f"/read/{other.identifier}/")
    expect(page.locator("[data-kept] li")).to_have_count(1)
    page.locator("[data-kept] a").click()

    page.wait_for_selector("body.reading-drawn")
    expect(page.locator(".reading-kept")).to_contain_text("mở được khi không có mạng đến")


def test_who_logs_out_leaves_nothing_lent_to_the_next_reader(
    phone: Visitor, book: DigitalObject
) -> None:
    page = borrowed_and_kept(phone, book)
    page.context.set_offline(False)
    page.context.clear_cookies()

    phone.go("/")

    assert eventually(lambda: kept(page) == [], within=30)
    assert DigitalLoan.objects.get().returned_at is None
