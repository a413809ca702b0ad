"""A borrowed scan is kept on a phone: its pages turn without a line, until it is due."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tangthu.libraries.models import Library
from tangthu.reading.models import DigitalLoan
from tangthu.reading.policy import keeping
from tangthu.repository.models import DigitalObject
from tests.journeys.conftest import Visitor
from tests.journeys.reading.opening import ink
from tests.journeys.reading.test_borrowed import _CONTROLLED, kept, opens, phone
from tests.protocols.making import keep_object, page_picture
from tests.reading.lending import licensed
from tests.support.documents import write_on
from tests.support.serving import eventually

__all__ = ["phone"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = 6


@pytest.fixture
def scan(province: Library) -> DigitalObject:
    """A scan of six pages that one reader at a time may have, with words on each."""
    obj = keep_object(
        province, access="lent", images=[page_picture(n) for n in range(1, PAGES + 1)]
    )
    for page in obj.pages.all():
        write_on(page, f"Trang {page.position} đất đỏ ba dan.")
    licensed(obj)
    return obj


def borrowed(phone: Visitor, scan: DigitalObject) -> Page:
    page = phone.go(f"/read/{scan.identifier}/")
    page.locator("main").get_by_role("button", name="Mượn đọc").click()
    page.wait_for_selector("body.reading-drawn")
    return page


def keep(page: Page) -> None:
    page.get_by_role("button", name="Lưu để đọc khi không có mạng").click()
    expect(page.locator("#toasts")).to_contain_text("Đã lưu")
    expect(page.locator("[data-reading=offline]")).to_have_attribute("aria-pressed", "true")
    page.evaluate(_CONTROLLED)


def pictures(page: Page, scan: DigitalObject) -> list[str]:
    """Return the pictures of pages that the browser has."""
    found: list[str] = page.evaluate(
        "async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)",
        f"reading/read/{scan.identifier}/",
    )
    return [each for each in found if "/iiif/image/" in each]


def turn_to(page: Page, number: int) -> None:
    page.locator("[data-reading=after]").click()
    expect(page.locator("[data-reading=number]")).to_have_text(str(number))


def test_a_borrowed_scan_is_read_without_a_line_and_goes_when_it_is_due(
    phone: Visitor, scan: DigitalObject
) -> None:
    page = borrowed(phone, scan)
    expect(page.locator("#messages")).to_contain_text("Bạn được đọc đến")
    assert phone.barriers() == []
    page.get_by_role("button", name="Đóng thông báo").click()
    expect(page.locator(".reading-said")).to_have_count(0)
    keep(page)
    names = [each.identifier for each in scan.pages.order_by("position")]
    assert sorted(pictures(page, scan)) == sorted(
        f"{phone.address}/iiif/image/{name}/full/700,/0/default.webp" for name in names
    )

    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("body.reading-drawn")
    first = ink(page, ".reading-stage")
    turn_to(page, 2)
    turn_to(page, 3)
    page.reload()
    page.wait_for_selector("body.reading-drawn")

    assert first > 0.01
    expect(page.locator("[data-reading=number]")).to_have_text("3")
    assert ink(page, ".reading-stage") > 0.01
    expect(page.locator("[data-reading=plain]")).to_contain_text("Trang 3 đất đỏ")
    expect(page.locator("[data-reading=offline]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".reading-kept")).to_contain_text("mở được khi không có mạng đến")
    assert phone.barriers() == []

    page.context.set_offline(False)
    due_at = timezone.now() + timedelta(seconds=3)
    DigitalLoan.objects.update(due_at=due_at)
    phone.go("/account/")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.wait_for_timeout(max(0.0, (due_at - timezone.now()).total_seconds() * 1000) + 100)
    assert not opens(phone, scan)
    page.context.set_offline(False)
    phone.go("/")
    assert kept(page) == []


def test_words_are_found_in_the_kept_pages_without_a_line(
    phone: Visitor, scan: DigitalObject
) -> None:
    page = borrowed(phone, scan)
    page.get_by_role("button", name="Đóng thông báo").click()
    keep(page)
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("body.reading-drawn")
    page.locator(".reading-head [data-reading=side]").click()

    ask(page, "trang 4 dat do")
    expect(page.locator("[data-reading=number]")).to_have_text("4")
    found = page.locator(".reading-hits a")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Trang 4 đất đỏ ba dan")
    expect(page.locator(".reading-found")).to_have_count(1)

    page.locator("[data-reading=side]:visible").first.click()
    ask(page, "dan dat")
    expect(page.locator(".reading-hits a")).to_have_count(PAGES)
    expect(page.locator(".reading-found")).to_have_count(2)
    ask(page, "voi")
    expect(page.locator("[data-reading=found]")).to_contain_text("0 trang có các từ này")


def ask(page: Page, words: str) -> None:
    page.locator("#inside-q").fill(words)
    page.locator("#inside-q").press("Enter")


def test_a_line_that_breaks_leaves_what_came_and_the_rest_comes_later(
    phone: Visitor, scan: DigitalObject
) -> None:
    page = borrowed(phone, scan)
    last = scan.pages.get(position=PAGES).identifier
    pattern = re.compile(f"/iiif/image/{last}.*webp")
    page.context.route(pattern, lambda route: route.abort())
    page.locator("[data-reading=offline]").click()
    expect(page.locator("#toasts")).to_contain_text("chỉ tải tiếp những trang còn thiếu")
    expect(page.locator("[data-reading=offline]")).to_have_attribute("aria-pressed", "false")
    came = pictures(page, scan)
    assert len(came) == 4

    page.context.unroute(pattern)
    asked: set[str] = set()
    page.context.on("request", lambda each: asked.add(each.url.partition("~")[0]))
    keep(page)

    assert len([each for each in asked if "/iiif/image/" in each]) == 2
    assert len(pictures(page, scan)) == PAGES
    page.context.clear_cookies()
    phone.go("/")
    assert eventually(lambda: kept(page) == [], within=5)


def test_a_scan_beyond_the_limit_is_refused_in_a_sentence(
    phone: Visitor, scan: DigitalObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tangthu.reading.keeping.MOST_PAGES", PAGES - 1)
    page = borrowed(phone, scan)

    page.locator("[data-reading=offline]").click()

    expect(page.locator("#toasts")).to_contain_text(f"hơn {PAGES - 1} trang")
    assert kept(page) == []
    assert keeping.MOST_PAGES == 1_000
