"""What the scripts do, in a real browser and under the strict CSP, on pages without a server."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, Page, Route, expect

from tangthu.core.actor import Actor

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
PAGES = Path(__file__).with_name("pages")
STATIC = ROOT / "src/tangthu/ui/static"
SITE = "http://ui.test"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
SUGGESTIONS = """
<li role="option" data-value="Đắk Lắk"><span>Đắk Lắk</span></li>
<li role="option" data-href="/record/7"><span>Đăm Săn</span></li>
"""

READER = (PAGES / "reader.html").read_text()

DESK = (PAGES / "desk.html").read_text()


@pytest.fixture(scope="module", autouse=True)
def assets() -> None:
    if not (STATIC / "ui/desk.js").exists():
        pytest.skip("the assets are not built: npm ci && npm run build")


def rendered(source: str) -> str:
    """Draw the page as its view would, but without the context that asks the database."""
    context = {
        "request": RequestFactory().get("/"),
        "actor": Actor.machine("Hoa"),
        "staff_menu": [],
        "library_name": "Thư viện",
        "values": [{"value": n, "label": f"v{n}", "count": n} for n in range(3)],
    }
    with translation.override("en"):
        return engines["django"].from_string(source).render(context)


ANSWERS = {
    "/suggest": (200, SUGGESTIONS),
    "/broken": (500, "<p>trace</p>"),
    "/refused": (409, "<p>The card has expired.</p>"),
}


def answer(route: Route, page: str) -> None:
    path = route.request.url.removeprefix(SITE).split("?")[0]
    if path.startswith("/static/"):
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        route.fulfill(path=STATIC / path.removeprefix("/static/"), content_type=kind)
        return
    status, body = ANSWERS.get(path, (200, page))
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": CSP}
    route.fulfill(status=status, body=body, headers=headers)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    context.close()
    assert [text for text in complaints if "Security Policy" in text or "Error:" in text] == []


def open_page(page: Page, source: str) -> None:
    html = rendered(source)
    page.route(f"{SITE}/**", lambda route: answer(route, html))
    page.goto(SITE)


def test_the_dark_scheme_is_remembered_and_there_before_the_first_paint(page: Page) -> None:
    open_page(page, READER)
    page.get_by_title("Display and language").click()
    page.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="Larger text").click()

    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-reading", "on")


def test_a_suggestion_is_chosen_by_keyboard_and_searched(page: Page) -> None:
    open_page(page, READER)
    box = page.get_by_role("combobox")

    box.press_sequentially("dak")
    page.get_by_role("option", name="Đắk Lắk").wait_for()
    box.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    box.press("Enter")

    assert active == "q-suggestions-0"
    page.wait_for_url(f"{SITE}/search?q=%C4%90%E1%BA%AFk+L%E1%BA%AFk")


def test_a_suggestion_that_is_a_page_opens_it(page: Page) -> None:
    open_page(page, READER)

    page.get_by_role("combobox").press_sequentially("dam")
    page.get_by_role("option", name="Đăm Săn").click()

    page.wait_for_url(f"{SITE}/record/7")


def test_escape_closes_the_suggestions_and_keeps_the_words(page: Page) -> None:
    open_page(page, READER)
    box = page.get_by_role("combobox")
    box.press_sequentially("dak")
    page.get_by_role("option", name="Đắk Lắk").wait_for()

    box.press("Escape")

    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("dak")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_the_facet_drawer_of_the_phone_holds_the_focus_and_gives_it_back(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, READER)
    opener = page.get_by_role("link", name="Narrow down")

    opener.click()
    page.get_by_label("v1").check()  # does not send the form: one chooses several here
    still_open = page.locator("#facets.is-open").is_visible()
    page.keyboard.press("Escape")

    assert still_open
    expect(opener).to_be_focused()
    expect(page.locator("#facets")).to_be_hidden()


def test_function_keys_work_while_typing_and_signs_do_not(page: Page) -> None:
    open_page(page, DESK)
    scan = page.get_by_label("Scan")

    page.keyboard.press("/")
    expect(scan).to_be_focused()
    scan.press_sequentially("a/?")
    expect(scan).to_have_value("a/?")
    scan.press("F2")

    page.wait_for_url(f"{SITE}/lent")


def test_a_scan_is_trimmed_and_an_empty_one_is_not_sent(page: Page) -> None:
    open_page(page, DESK)
    scan = page.get_by_label("Scan")
    scan.fill("   ")
    scan.press("Enter")
    assert page.url.rstrip("/") == SITE

    scan.fill("  DLK0001 ")
    scan.press("Enter")

    page.wait_for_url(f"{SITE}/scanned?q=DLK0001")


def test_escape_first_clears_what_was_typed_then_does_what_else_it_is_for(page: Page) -> None:
    open_page(page, DESK)
    scan = page.get_by_label("Scan")
    scan.fill("DLK0001")

    scan.press("Escape")
    expect(scan).to_have_value("")
    scan.press("Escape")

    page.wait_for_url(f"{SITE}/lent")


def test_a_step_that_asks_is_done_only_on_yes(page: Page) -> None:
    open_page(page, DESK)
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("button", name="No, go back").click()
    assert page.url.rstrip("/") == SITE

    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("button", name="Yes, go on").click()

    page.wait_for_url(f"{SITE}/withdrawn?")


def test_one_box_chooses_every_row_and_the_bar_counts_them(page: Page) -> None:
    open_page(page, DESK)
    bar = page.locator("[data-selection]")
    expect(bar).to_be_hidden()

    page.get_by_label("Choose all").check()

    expect(bar).to_have_text("2 chosen")


def test_a_refusal_is_swapped_in_and_a_failure_is_told_in_words(page: Page) -> None:
    open_page(page, DESK)

    page.locator("#refused").click()
    expect(page.locator("#answer")).to_have_text("The card has expired.")
    page.locator("#broken").click()

    expect(page.locator("#toasts")).to_contain_text("Something went wrong on our side")
    expect(page.locator("#answer")).to_have_text("The card has expired.")


def test_a_lost_line_is_told_in_words(page: Page) -> None:
    open_page(page, DESK)
    page.route("**/refused", lambda route: route.abort())

    page.locator("#refused").click()

    expect(page.locator("#toasts")).to_contain_text("The line is down")


@pytest.mark.parametrize("source", [READER, DESK], ids=["reader", "desk"])
@pytest.mark.parametrize(("width", "scheme"), [(1366, "light"), (390, "dark")])
def test_axe_finds_nothing(browser: Browser, source: str, width: int, scheme: str) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    open_page(page, source)
    page.add_script_tag(path=ROOT / "node_modules/axe-core/axe.min.js")

    result = page.evaluate("axe.run()")
    page.close()

    assert [(found["id"], found["nodes"][0]["html"]) for found in result["violations"]] == []


def test_nothing_moves_when_the_fonts_arrive(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => { window.shift += entry.value })).observe({type: 'layout-shift', buffered: true})"
    )
    open_page(page, READER)
    page.wait_for_function("document.fonts.ready.then(() => true)")
    page.wait_for_timeout(200)

    shift = page.evaluate("window.shift")
    page.close()

    assert shift < 0.01
