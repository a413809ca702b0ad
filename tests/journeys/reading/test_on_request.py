"""A rare document is asked for on a phone, answered at the desk, and opened so often, no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading.models import AccessRequest
from tangthu.reading.permissions import ReadingPermission
from tangthu.repository.models import DigitalObject
from tests.conftest import client_of
from tests.factories import UserFactory, grant
from tests.journeys.conftest import SIZES, Visitor
from tests.journeys.reading.opening import ink, log_in, opened
from tests.protocols.making import keep_object
from tests.reading.test_requests import end_visit
from tests.support.documents import write_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, patron: Patron) -> Iterator[Visitor]:
    """The reader, on a phone."""
    reader = of_size(browser, live_server, "phone")
    log_in(reader, patron)
    yield reader
    reader.page.context.close()


@pytest.fixture
def desk_browser(browser: Browser, live_server: LiveServer, province: Library) -> Iterator[Visitor]:
    """A librarian who decides on requests, at the desk."""
    user = grant(UserFactory(library=province), province, *ReadingPermission)
    librarian = of_size(browser, live_server, "desk")
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client_of(user).cookies[name].value, "url": librarian.address}
    librarian.page.context.add_cookies([cookie])
    yield librarian
    librarian.page.context.close()


def of_size(browser: Browser, live_server: LiveServer, size: str) -> Visitor:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height})
    return Visitor(context.new_page(), live_server.url, [])


@pytest.fixture
def rare(province: Library) -> DigitalObject:
    """A scan that is shown on request."""
    obj = keep_object(province, access="on_request", title="Gia phả họ Y")
    write_on(obj.pages.get(position=1), "Đời thứ nhất ở Buôn Hồ")
    return obj


def ask(phone: Visitor, obj: DigitalObject, purpose: str) -> Page:
    """Ask on the page that would not open."""
    page = phone.go(f"/read/{obj.identifier}/")
    expect(page.locator("main")).to_contain_text("theo yêu cầu")
    page.get_by_role("link", name="Gửi yêu cầu mở tài liệu").click()
    page.fill("textarea[name=purpose]", purpose)
    assert phone.barriers() == []
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/account/requests")
    return page


def one_that_waits(desk: Visitor, title: str) -> Page:
    page = desk.go("/desk/reading/requests/")
    assert desk.barriers() == []
    page.get_by_role("link", name=title).click()
    page.wait_for_selector("#id_approve-until")
    assert desk.barriers() == []
    return page


def test_an_approved_scan_opens_as_often_as_was_allowed(
    phone: Visitor, desk_browser: Visitor, rare: DigitalObject
) -> None:
    ask(phone, rare, "Viết địa chí xã")
    desk = one_that_waits(desk_browser, rare.title)
    expect(desk.locator("blockquote")).to_contain_text("Viết địa chí xã")
    until = timezone.localdate() + timedelta(days=7)
    desk.fill("#id_approve-until", f"{until:%Y-%m-%d}")
    desk.fill("#id_approve-views", "2")
    desk.locator("button[value=approve]").click()
    desk.wait_for_url("**/desk/reading/requests/")

    asked = AccessRequest.objects.get()
    page = phone.go("/account/requests")
    expect(page.locator("main")).to_contain_text(f"{until:%d/%m/%Y}")
    assert phone.barriers() == []
    for visit in (1, 2):
        page = opened(phone, rare)
        page.reload()
        page.wait_for_selector("body.reading-drawn")
        assert ink(page, ".reading-stage") > 0.01
        asked.refresh_from_db()
        assert asked.views_used == visit
        end_visit(asked)

    page = phone.go(f"/read/{rare.identifier}/")
    expect(page.locator("main")).to_contain_text("Bạn đã xem đủ 2 lần thư viện cho phép")
    expect(page.get_by_role("link", name="Gửi yêu cầu mới")).to_be_visible()
    assert page.locator(".reading-stage").count() == 0
    assert phone.barriers() == []


def test_a_refused_reader_reads_why(
    phone: Visitor, desk_browser: Visitor, rare: DigitalObject
) -> None:
    ask(phone, rare, "Xem cho biết")
    desk = one_that_waits(desk_browser, rare.title)
    desk.fill("#id_refuse-reason", "Dòng họ chưa đồng ý cho xem.")
    desk.locator("button[value=refuse]").click()
    desk.wait_for_url("**/desk/reading/requests/")

    page = phone.go("/account/requests")

    expect(page.locator("main")).to_contain_text("Dòng họ chưa đồng ý cho xem.")
    assert phone.barriers() == []
    phone.go(f"/read/{rare.identifier}/")
    assert page.locator(".reading-stage").count() == 0
    assert AccessRequest.objects.get().state == "refused"
