"""Viewers of others open our manifests: Mirador itself, and one that asks for restricted scans."""

from __future__ import annotations

import io
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tangthu.discovery import indexer, search
from tangthu.discovery.pages.content import PAGES
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tests.journeys.conftest import ROOT, Visitor
from tests.journeys.reading.elsewhere import CLIENT, HTML, MIRADOR, SCRIPT, served
from tests.journeys.reading.opening import log_in
from tests.protocols.making import keep_object
from tests.support.documents import write_on
from tests.support.serving import eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BLUE = (30, 60, 160)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    yield context.new_page()
    context.close()


@pytest.fixture
def site() -> Iterator[str]:
    """The origin of somebody else's viewers."""
    script = ROOT / ".tools/mirador/mirador.min.js"
    assert script.exists(), "tools/mirador.sh brings it"
    pages = {
        "/mirador": (HTML, MIRADOR),
        "/client": (HTML, CLIENT),
        "/mirador.js": (SCRIPT, script.read_bytes()),
    }
    with served(pages) as origin:
        yield origin


def share(picture: bytes, colour: tuple[int, int, int]) -> float:
    """Return how much of the picture is nearly of this colour."""
    shown = Image.open(io.BytesIO(picture)).convert("RGB").resize((120, 80))
    pixels = [shown.getpixel((x, y)) for x in range(shown.width) for y in range(shown.height)]
    near = [p for p in pixels if max(abs(p[n] - colour[n]) for n in range(3)) < 25]
    return len(near) / len(pixels)


def test_mirador_paints_lists_and_searches_our_pages(
    page: Page, site: str, live_server: LiveServer, province: Library, settings, tmp_path
) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'index'}"
    obj = keep_object(province, pages=4)
    write_on(obj.pages.get(position=3), "Vùng đất đỏ bazan")
    indexer.catch_up(search.page_shelf(), PAGES)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(
        f"{site}/mirador?manifest={quote(f'{live_server.url}/iiif/manifest/{obj.identifier}')}"
    )

    expect(page.get_by_role("heading", name="Khan Đăm Săn").first).to_be_visible(timeout=30_000)
    canvas = page.locator(".mirador-primary-window canvas, .mirador-viewing-area canvas").first
    canvas.wait_for()
    assert eventually(lambda: share(canvas.screenshot(), BLUE) > 0.05, within=30)
    expect(
        page.locator(".mirador-thumb-navigation canvas, .mirador-thumb-navigation img")
    ).not_to_have_count(0, timeout=30_000)
    assert complaints == []


def test_a_restricted_scan_is_shown_elsewhere_to_who_may_see_it(
    page: Page, site: str, live_server: LiveServer, province: Library, patron: Patron
) -> None:
    obj = keep_object(province, pages=1, access="cardholders")
    image = f"{live_server.url}/iiif/image/{obj.pages.get().identifier}"

    page.goto(f"{site}/client?image={quote(image)}")
    expect(page.locator("#said")).not_to_be_empty()
    assert page.evaluate("document.images[0].naturalWidth") == 0

    # A stranger is asked to log in, and closes the window.
    with page.expect_popup() as popped:
        page.locator("#open").click()
    stranger = popped.value
    expect(stranger.get_by_role("link", name="Đăng nhập").first).to_be_visible()
    stranger.close()
    expect(page.locator("#said")).to_have_text("refused: missingAspect")

    log_in(Visitor(page, live_server.url, []), patron)
    with page.expect_popup() as popped:
        page.locator("#open").click()
    popped.value.get_by_role("button", name="Đồng ý hiển thị").click()
    expect(page.locator("#said")).to_have_text("status 302")
    page.wait_for_function("document.images[0].naturalWidth > 0")

    assert page.evaluate("[document.images[0].naturalWidth, document.images[0].naturalHeight]") == [
        280,
        400,
    ]
    assert share(page.locator("#picture").screenshot(), BLUE) > 0.1
