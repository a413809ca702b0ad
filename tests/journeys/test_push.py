"""A reader lets a browser be told, is told, and takes it back."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import SIZES, Visitor, is_complaint
from tests.journeys.readers import enter
from tests.journeys.test_account import (
    WITH_LOANS,
    Query,
    code,  # noqa: F401 (fixture)
    query,  # noqa: F401 (fixture)
)
from tests.support.push_service import push_service
from tests.support.serving import Served

pytestmark = pytest.mark.browser

# Codes for one card are sent a minute apart: each test takes a reader of its own.
_readers = count(7)
SUBSCRIBED = "SELECT endpoint FROM notices_pushsubscription ORDER BY id"
TOLD = {
    "title": "Sách bạn đặt đã sẵn sàng",
    "body": "Chuyện nhà dài: đến lấy trước 30/11",
    "tag": "tangthu-7",
    "url": "/account/#holds",
    "lang": "vi",
}
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  const told = await worker.getNotifications();
  return told.map(({ title, body, tag, lang, data }) => ({ title, body, tag, lang, url: data }));
}"""
# No browser opens a window without a finger, and none lends its finger to a program: the touch
# and the window are played, what lies between them is the page's own.
TOUCH = """async (elsewhere) => {
  const opened = [];
  Clients.prototype.openWindow = (address) => Promise.resolve(opened.push(address));
  for (const notification of await self.registration.getNotifications()) {
    const touch = new Event("notificationclick");
    const given = elsewhere ? { data: elsewhere, close: () => notification.close() } : notification;
    touch.notification = given;
    touch.waitUntil = () => undefined;
    self.dispatchEvent(touch);
  }
  const left = await self.registration.getNotifications();
  return { opened, left: left.length };
}"""


@pytest.fixture
def phone(browser: Browser, served: Served, tmp_path: Path) -> Iterator[Visitor]:
    """A phone that keeps what it is told: a private window may not subscribe."""
    width, height = SIZES["phone"]
    with push_service() as arguments:
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            ignore_default_args=["--disable-background-networking"],
            args=["--no-sandbox", "--disable-gpu", *arguments],
            viewport={"width": width, "height": height},
            permissions=["notifications"],
        )
        page, complaints = context.new_page(), list[str]()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if is_complaint(m) else None)
        yield Visitor(page, served.address, complaints)
        context.close()
    assert complaints == []


def deliver(page: Page, address: str, text: str) -> None:
    """Bring a message to the service worker, as the push service does."""
    devtools = page.context.new_cdp_session(page)
    known: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: known.extend(each["registrationId"] for each in event["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    for _try in range(50):
        if known:
            break
        page.wait_for_timeout(100)
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": address, "registrationId": known[0], "data": text},
    )


def shown(page: Page, least: int) -> list[dict[str, object]]:
    """Return the notifications that the browser shows, once there are so many."""
    for _try in range(50):
        found = page.evaluate(SHOWN)
        if len(found) >= least:
            break
        page.wait_for_timeout(100)
    assert isinstance(found, list)
    return found


def test_a_browser_is_subscribed_told_and_left_alone_again(
    phone: Visitor,
    query: Query,  # noqa: F811
    code: Callable[[], str],  # noqa: F811
):
    enter(phone, str(query(WITH_LOANS)[next(_readers)][0]), code)
    before = query(SUBSCRIBED)
    page = phone.go("/account/notices")

    page.get_by_role("button", name="Bật cho thiết bị này").click()
    off = page.get_by_role("button", name="Tắt cho thiết bị này")
    expect(off).to_be_visible(timeout=15_000)
    ((endpoint,),) = set(query(SUBSCRIBED)) - set(before)
    assert re.fullmatch(r"https://[a-z0-9.]+\.(google|googleapis)\.com/fcm/send/.+", str(endpoint))
    assert phone.barriers() == []

    deliver(page, phone.address, json.dumps(TOLD))
    assert shown(page, 1) == [TOLD]
    (worker,) = page.context.service_workers
    assert worker.evaluate(TOUCH, "https://evil.example/") == {
        "opened": ["/account/"],
        "left": 0,
    }
    deliver(page, phone.address, json.dumps(TOLD))
    assert shown(page, 1) == [TOLD]
    assert worker.evaluate(TOUCH, "") == {
        "opened": [f"{phone.address}/account/#holds"],
        "left": 0,
    }

    off.click()
    expect(page.get_by_role("button", name="Bật cho thiết bị này")).to_be_visible()
    assert query(SUBSCRIBED) == before


def test_who_forbids_notifications_is_told_where_to_allow_them(
    visitor: Visitor,
    query: Query,  # noqa: F811
    code: Callable[[], str],  # noqa: F811
):
    enter(visitor, str(query(WITH_LOANS)[next(_readers)][0]), code)
    before = query(SUBSCRIBED)
    page = visitor.go("/account/notices")

    page.get_by_role("button", name="Bật cho thiết bị này").click()

    expect(page.locator("[data-push-say]")).to_contain_text("không cho phép")
    assert query(SUBSCRIBED) == before
    assert visitor.barriers() == []
    visitor.complaints.clear()  # the browser says itself that a private window may not
