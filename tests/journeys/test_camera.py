"""A citizen card before a phone's camera fills in the form, and no picture leaves the phone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Request, expect

from tests.journeys.conftest import SIZES, Visitor, is_complaint
from tests.support import films
from tests.support.serving import Served

pytestmark = pytest.mark.browser

# Nobody's: the province is right, the rest is made up.
CARD = "066301004321||H’Hen Niê Kdăm|05092001|Nữ|Buôn Akõ Dhông, phường Tân Lập, Đắk Lắk|10052021"
ANOTHER = "https://thuvien.example.vn/record/7"
Filming = Callable[..., Visitor]


@pytest.fixture
def filming(browser: Browser, served: Served, tmp_path: Path) -> Iterator[Filming]:
    """Open the form on a phone whose camera sees these frames."""
    running: list[Browser] = []
    visitors: list[Visitor] = []

    def open_form(*frames: Image.Image) -> Visitor:
        film = films.film(tmp_path / "film.mjpeg", frames)
        running.append(phone(browser, film))
        width, height = SIZES["phone"]
        page = running[-1].new_page(viewport={"width": width, "height": height}, has_touch=True)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if is_complaint(m) else None)
        visitors.append(Visitor(page, served.address, complaints))
        visitors[-1].go("/card/apply")
        return visitors[-1]

    yield open_form
    for each in running:
        each.close()
    assert [visitor.complaints for visitor in visitors] == [[]] * len(visitors)


def phone(browser: Browser, film: Path) -> Browser:
    """Start a browser of its own: the film is given to it once, when it starts."""
    return browser.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ],
    )


def scan(page: Page) -> None:
    page.get_by_role("button", name="Quét thẻ").click()


def filled_in(page: Page) -> list[str]:
    return [
        page.locator(f"[data-card={name}]").input_value()
        for name in ("name", "birth", "number", "address")
    ]


def carriers(sent: list[Request]) -> list[str]:
    """Return what could have carried a picture: the browser fetches its icon when it likes."""
    return [each.url for each in sent if (each.method, "/static/" in each.url) != ("GET", True)]


def camera_is_off(page: Page) -> bool:
    """Nothing of the picture is left on the page either."""
    return bool(
        page.evaluate("() => document.querySelector('[data-card-view] video').srcObject === null")
    )


FILLED = [
    "H’Hen Niê Kdăm",
    "05/09/2001",
    "066301004321",
    "Buôn Akõ Dhông, phường Tân Lập, Đắk Lắk",
]


def test_a_card_in_a_shaking_hand_is_read_and_no_picture_is_sent(filming: Filming):
    visitor = filming(
        films.dark(),
        films.held(CARD, tilt=-9, blur=5),
        films.held(CARD, tilt=14),
        films.held(CARD, tilt=-4, blur=1),
    )
    page, sent = visitor.page, list[Request]()
    page.on("request", lambda request: sent.append(request))

    scan(page)

    expect(page.locator("[data-card-said]")).to_have_text(re.compile("^Đã đọc"))
    assert filled_in(page) == FILLED
    assert camera_is_off(page)
    expect(page.locator("[data-card-view]")).to_be_hidden()
    expect(page.locator("[data-card=name]")).to_be_focused()
    assert carriers(sent) == []
    assert visitor.barriers() == []

    page.click("form[autocomplete=on] button[type=submit]")
    page.wait_for_url("**/card/apply/contact")
    (told,) = [request for request in sent if request.method == "POST"]
    fields = parse_qs(told.post_data or "")
    fields.pop("csrfmiddlewaretoken")
    assert sorted(value for (value,) in fields.values()) == sorted(FILLED)


def test_a_dark_room_is_told_what_helps(filming: Filming):
    page = filming(films.dark()).page

    scan(page)

    said = page.locator("[data-card-said]")
    expect(said).to_have_text("Đang tìm mã…")
    expect(said).to_have_text(re.compile("^Chưa thấy mã nào"), timeout=9_000)
    page.get_by_role("button", name="Tắt máy ảnh").click()
    expect(said).to_have_text("")
    assert camera_is_off(page)
    assert filled_in(page) == ["", "", "", ""]


def test_another_code_is_called_another_and_the_camera_looks_on(filming: Filming):
    visitor = filming(films.held(ANOTHER))

    scan(visitor.page)

    said = visitor.page.locator("[data-card-said]")
    expect(said).to_have_text("Đây là mã khác. Hãy dùng mã vuông trên thẻ căn cước.")
    expect(visitor.page.locator("[data-card-view] video")).to_be_visible()
    assert filled_in(visitor.page) == ["", "", "", ""]
    assert visitor.barriers() == []


def test_who_forbids_the_camera_reads_the_code_from_a_picture(visitor: Visitor, tmp_path: Path):
    page, sent = visitor.go("/card/apply"), list[Request]()
    empty, card = tmp_path / "empty.png", tmp_path / "card.png"
    films.dark().save(empty)
    films.held(CARD, tilt=6).save(card)
    page.on("request", lambda request: sent.append(request))

    scan(page)
    said = page.locator("[data-card-said]")
    expect(said).to_have_text(re.compile("^Không được phép dùng máy ảnh"))
    page.set_input_files("[data-card-picture]", empty)
    expect(said).to_have_text(re.compile("^Không thấy mã trong ảnh"))
    page.set_input_files("[data-card-picture]", card)
    expect(said).to_have_text(re.compile("^Đã đọc"))

    assert filled_in(page) == FILLED
    assert carriers(sent) == []
    assert page.locator("[data-card-picture]").input_value() == ""
