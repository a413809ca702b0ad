"""A desk loses its line, works on, is shut down, opened again, and everything is told at last."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.conftest import AXE, PASSWORDS, SIZES, TAGS
from tests.support.serving import Served, eventually

pytestmark = pytest.mark.browser

PIN = "cong-chieng-26"
Opens = Callable[[], Page]


@pytest.fixture(params=list(SIZES))
def opens(
    request: pytest.FixtureRequest, browser: Browser, served: Served, tmp_path: Path
) -> Iterator[Opens]:
    """Open the library's browser, again and again, with all that it has kept."""
    width, height = SIZES[request.param]
    running: list[BrowserContext] = []

    def open_again() -> Page:
        close()
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox", "--disable-gpu"],
            viewport={"width": width, "height": height},
        )
        running.append(context)
        return context.pages[0] if context.pages else context.new_page()

    def close() -> None:
        while running:
            running.pop().close()

    yield open_again
    close()


def log_in(page: Page, address: str) -> None:
    page.goto(f"{address}/staff/login?next=/desk/offline/")
    page.fill("input[name=username]", "desk")
    page.fill("input[name=password]", PASSWORDS["desk"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/desk/offline/")


def wait_until(page: Page, condition: Callable[[], bool], *, within: float = 60) -> None:
    # The page's own policy forbids Playwright's way of waiting for a condition.
    assert eventually(condition, within=within), page.inner_text("body")


def is_ready(page: Page) -> bool:
    return page.is_visible("#q") and page.is_enabled("#q")


def state(page: Page) -> str:
    return page.inner_text(".offline-state")


def scan(page: Page, text: str, then: str) -> None:
    page.fill("#q", text)
    page.press("#q", "Enter")
    wait_until(page, lambda: then in page.inner_text("#board"), within=10)


def barriers(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate(f"axe.run(document, {{runOnly: {{type: 'tag', values: {TAGS}}}}})")
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


def enrol(page: Page) -> None:
    page.wait_for_selector("#device-name")
    assert barriers(page) == []
    page.fill("#device-name", "Quầy mượn, máy 1")
    page.press("#device-name", "Enter")
    page.wait_for_selector("#pin")
    page.fill("#pin", PIN)
    page.fill("#pin-again", PIN)
    page.press("#pin-again", "Enter")
    wait_until(page, lambda: is_ready(page))
    wait_until(page, lambda: "Sẵn sàng làm việc khi mất mạng" in state(page))


NAMES = {SIZES["phone"][0]: "H’Hen Niê Kdăm", SIZES["desk"][0]: "H’Hen Niê Êban"}


def work_without_a_line(page: Page, name: str) -> None:
    """Lend, be refused, register somebody, lend to them, and take back."""
    page.context.set_offline(True)
    scan(page, "DEMO000002", "DEMO000002")
    scan(page, "DLKM000101", "Đã cho mượn")
    scan(page, "DLKM000101", "Bạn đọc đang mượn chính bản này")
    assert barriers(page) == []
    page.keyboard.press("F8")
    page.click("[data-do=register]")
    page.fill("#register-name", name)
    page.press("#register-name", "Enter")
    wait_until(page, lambda: "Đã đăng ký" in page.inner_text("#board"))
    scan(page, "DLKM000103", "Đã cho mượn")
    page.keyboard.press("F3")
    scan(page, "DLKM000101", "Đã trả")
    wait_until(page, lambda: "Ngoại tuyến" in state(page) and "4 việc chờ gửi" in state(page))


def open_with_the_pin(page: Page, address: str) -> None:
    """Open the desk after the computer was off, with no line, and with one slip of the finger."""
    page.context.set_offline(True)
    page.goto(f"{address}/desk/offline/")
    page.wait_for_selector("#unlock-pin")
    assert barriers(page) == []
    for pin in ("wrong-one", PIN):
        page.fill("#unlock-pin", pin)
        page.press("#unlock-pin", "Enter")
        if pin != PIN:
            wait_until(page, lambda: "Mã PIN sai" in page.inner_text("#unlock-error"))
    wait_until(page, lambda: is_ready(page))
    assert "4 việc chờ gửi" in state(page)


def holder_at_the_desk(page: Page, address: str, barcode: str) -> str:
    """Ask the library's own desk who has a copy."""
    page.goto(f"{address}/desk/")
    page.fill("#q", barcode)
    page.press("#q", "Enter")
    wait_until(page, lambda: page.locator("#board .message").count() > 0)
    return page.inner_text("#board")


def test_a_desk_works_through_a_day_without_a_line(opens: Opens, served: Served) -> None:
    page = opens()
    name = NAMES[page.viewport_size["width"] if page.viewport_size else 0]
    log_in(page, served.address)
    enrol(page)
    work_without_a_line(page, name)

    page = opens()
    open_with_the_pin(page, served.address)
    scan(page, name, "DLKM000103")
    page.context.set_offline(False)
    log_in(page, served.address)

    wait_until(page, lambda: "Có mạng" in state(page) and "Đã gửi hết" in state(page))
    assert "DEMO000002" not in holder_at_the_desk(page, served.address, "DLKM000101")
    assert name in holder_at_the_desk(page, served.address, "DLKM000103")
    page.goto(f"{served.address}/desk/offline/")
    wait_until(page, lambda: is_ready(page))
    page.keyboard.press("F3")
    scan(page, "DLKM000103", "Đã trả")
    wait_until(page, lambda: "Đã gửi hết" in state(page))
    page.goto(f"{served.address}/desk/offline/todo/")
    assert barriers(page) == []


def test_logging_out_walls_up_the_offline_desk(opens: Opens, served: Served) -> None:
    page = opens()
    log_in(page, served.address)
    enrol(page)
    page.goto(f"{served.address}/desk/offline/todo/")
    page.click("summary.head-link:has(.user-name)")
    page.click("form[action='/staff/logout'] button")
    page.wait_for_url("**/staff/login**")

    page.context.set_offline(True)
    page.goto(f"{served.address}/desk/offline/")
    page.wait_for_selector("#unlock-pin")
    page.fill("#unlock-pin", PIN)
    page.press("#unlock-pin", "Enter")

    wait_until(page, lambda: "đã đăng xuất" in page.inner_text("#unlock-error"))
    assert not page.is_visible("#q")
