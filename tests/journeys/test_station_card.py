"""The digital card of a phone opens the station, which hands out a slip and forgets the reader."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import ROOT, SIZES, Visitor, is_complaint
from tests.journeys.test_card import apply, millimetres, pages
from tests.journeys.test_librarian import free_copy, free_reader
from tests.journeys.test_station import open_station, scan
from tests.support.serving import Served

pytestmark = pytest.mark.browser

READER = ROOT / "node_modules/jsqr/dist/jsQR.js"
READ = """async (picture) => {
  const seen = await createImageBitmap(await (await fetch(picture)).blob());
  const canvas = new OffscreenCanvas(seen.width, seen.height);
  const context = canvas.getContext("2d");
  context.drawImage(seen, 0, 0);
  const { data } = context.getImageData(0, 0, seen.width, seen.height);
  return jsQR(data, seen.width, seen.height)?.data;
}"""


@pytest.fixture
def hall(browser: Browser, served: Served) -> Iterator[Visitor]:
    """The computer in the hall, before it becomes a station."""
    yield from somebody(browser, served, "desk")


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Visitor]:
    """The reader's own phone."""
    yield from somebody(browser, served, "phone")


def somebody(browser: Browser, served: Served, size: str) -> Iterator[Visitor]:
    width, height = SIZES[size]
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=size == "phone"
    )
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if is_complaint(m) else None)
    yield Visitor(page, served.address, complaints)
    context.close()
    assert complaints == []


def admit(staff: Visitor) -> None:
    """Approve the newest application."""
    page = staff.go("/desk/patrons/applications/")
    page.locator("a", has_text="Lê Thị Thử Nghiệm").first.click()
    page.click("form[action$=approve] button[type=submit]")
    page.wait_for_url("**/desk/patrons/applications/")


def read_off(page: Page, browser: Browser) -> str:
    """Read the square code off the screen, as the scanner in the hall does."""
    picture = b64encode(page.locator(".member-card-qr").screenshot()).decode()
    scanner = browser.new_page()
    scanner.add_script_tag(path=READER)
    text = scanner.evaluate(READ, f"data:image/png;base64,{picture}")
    scanner.close()
    assert isinstance(text, str)
    return text


def kept_on_the_phone(page: Page, folder: Path) -> str:
    """Keep the card as a file, and return where a browser without a line opens it."""
    with page.expect_download() as kept:
        page.get_by_role("link", name="Lưu vào điện thoại").click()
    file = folder / kept.value.suggested_filename
    kept.value.save_as(file)
    return file.as_uri()


def test_the_card_on_a_phone_opens_the_station(
    phone: Visitor, hall: Visitor, browser: Browser, tmp_path: Path
):
    apply(phone, tmp_path)
    hall.log_in("admin")
    admit(hall)
    hall.page.context.clear_cookies()
    hall.log_in("desk")
    barcode = free_copy(hall)
    page = open_station(hall)

    phone.go("/card/digital")
    text = read_off(phone.page, browser)
    assert text == phone.page.inner_text(".member-card-codes p").strip()
    phone.page.goto(kept_on_the_phone(phone.page, tmp_path))
    assert read_off(phone.page, browser) == text

    scan(page, text)
    expect(page.locator(".station-hello")).to_contain_text("Chào bạn Nghiệm")
    scan(page, barcode)
    expect(page.locator(".message-success")).to_be_visible()
    page.get_by_role("button", name="Xong và xem phiếu").click()
    slip = page.locator(".station-slip")
    expect(slip).to_contain_text(barcode)
    expect(slip).to_contain_text("Hạn trả")
    assert text not in page.inner_text("body")
    assert "Nghiệm" not in page.inner_text("body")
    assert hall.barriers() == []


def test_a_visit_ends_on_paper_or_by_itself(hall: Visitor, tmp_path: Path):
    hall.log_in("desk")
    card, barcode = free_reader(hall), free_copy(hall)
    hall.page.add_init_script("window.print = () => { document.title = 'PRINTED'; }")
    hall.page.clock.install()
    page = open_station(hall)

    scan(page, card)
    scan(page, barcode)
    page.get_by_role("button", name="Xong và in phiếu").click()
    slip = page.locator(".station-slip")
    expect(slip).to_contain_text(barcode)
    expect(page).to_have_title("PRINTED")
    page.emulate_media(media="print")
    assert millimetres(page, ".station-slip")[0] == pytest.approx(72, abs=0.5)
    expect(page.locator(".station-head")).to_be_hidden()
    assert [width for width, _ in pages(page, tmp_path)] == [pytest.approx(80, abs=0.5)]
    page.emulate_media(media="screen")
    page.clock.run_for(16_000)
    expect(page.locator(".station-call")).to_be_visible()
    expect(slip).to_have_count(0)

    scan(page, card)
    expect(page.locator(".station-loans li")).to_have_count(1)
    page.clock.run_for(61_000)
    expect(page.locator(".station-call")).to_be_visible()
    scan(page, barcode)
    expect(page.locator(".message-info")).to_contain_text("quét thẻ")
    page.go_back()
    expect(page.locator(".station-loans")).to_have_count(0)


CODES = (
    "https://thuvien.example.vn/record/7",
    "066301004321||H’Hen Niê Kdăm|05092001|Nữ|Buôn Akõ Dhông, Đắk Lắk|10052021",
    "00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA5303704",
    "' OR 1=1 --",
    "‮ẅ́⚑",
    "0" * 200,
)


def test_a_code_that_is_none_of_ours_is_told_so_and_guessing_is_stopped(hall: Visitor):
    hall.log_in("desk")
    card = free_reader(hall)
    page = open_station(hall)

    for text in CODES:
        scan(page, text)
        expect(page.locator(".message-stop")).to_contain_text("Không nhận ra")
        assert text not in page.inner_text("body")
    assert hall.barriers() == []

    scan(page, card)
    expect(page.locator(".message-stop")).to_contain_text("Xin đợi một chút")
    expect(page.locator(".station-hello")).to_have_count(0)
    assert hall.barriers() == []
