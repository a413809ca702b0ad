"""A checker mends pages: split, cropped, turned, replaced and put in order, as they are drawn."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor, follow
from tests.support.serving import eventually

pytestmark = pytest.mark.browser

Colour = tuple[int, int, int]

RED: Colour = (200, 30, 30)
BLUE: Colour = (30, 30, 200)
GREEN: Colour = (30, 160, 30)
YELLOW: Colour = (220, 200, 40)
GREY: Colour = (120, 120, 120)
VIOLET: Colour = (130, 40, 160)
CENTRE = (0.5, 0.5)
TOP, BOTTOM, LEFT, RIGHT = (0.5, 0.2), (0.5, 0.8), (0.2, 0.5), (0.8, 0.5)


def scan(folder: Path, name: str, size: tuple[int, int], one: Colour, other: Colour) -> Path:
    """Draw a scan of two colours: beside each other where it is broad, else one below the other."""
    wide, high = size
    image = Image.new("RGB", size, one)
    image.paste(other, (wide // 2, 0, wide, high) if wide > high else (0, high // 2, wide, high))
    image.save(folder / name)
    return folder / name


@pytest.fixture
def scans(tmp_path: Path) -> list[Path]:
    """A double page, a page with a head of its own, and one that was scanned badly."""
    return [
        scan(tmp_path, "trang 1.png", (800, 600), RED, BLUE),
        scan(tmp_path, "trang 2.png", (400, 600), GREEN, YELLOW),
        scan(tmp_path, "trang 3.png", (400, 600), GREY, GREY),
    ]


def new_object(visitor: Visitor, scans: list[Path]) -> str:
    """Make an object of these scans, and return where its pages are checked."""
    page = visitor.go("/desk/digital/new/")
    page.fill("input[name=title]", "Sổ kiểm tra trang [DEMO]")
    page.locator("main form").get_by_role("button", name=re.compile("^Tạo")).click()
    page.set_input_files("#upload-files", scans)
    expect(page.locator(".page-cell img")).to_have_count(len(scans), timeout=20_000)
    follow(page, "Kiểm tra trang")
    return page.url.split("?")[0]


def open_page(page: Page, grid: str, number: int) -> None:
    page.goto(f"{grid}?order=pages")
    page.locator(".page-cell a").nth(number - 1).click()


def painted(page: Page, selector: str) -> Image.Image:
    """Return what the browser paints of a picture."""
    shown = page.locator(selector).first
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("complete", True)
    return Image.open(BytesIO(shown.screenshot())).convert("RGB")


def is_near(picture: Image.Image, at: tuple[float, float], colour: Colour) -> bool:
    found = picture.getpixel((int(at[0] * picture.width), int(at[1] * picture.height)))
    assert isinstance(found, tuple)
    return max(abs(one - two) for one, two in zip(found, colour, strict=True)) < 30


def shows(page: Page, *wanted: tuple[tuple[float, float], Colour]) -> bool:
    """Tell whether the page is painted so; it comes by itself once it is drawn."""
    expect(page.locator(".page-shown img")).to_be_visible(timeout=15_000)
    picture = painted(page, ".page-shown img")
    return all(is_near(picture, at, colour) for at, colour in wanted)


def order(page: Page, grid: str) -> list[Colour]:
    """Return the colour in the middle of the upper half of each page, in the order of the pages."""
    page.goto(f"{grid}?order=pages")
    count = page.locator(".page-cell").count()
    found = []
    for number in range(1, count + 1):
        picture = painted(page, f".page-cell:nth-child({number}) img")
        known = (RED, BLUE, GREEN, YELLOW, GREY, VIOLET)
        found += [colour for colour in known if is_near(picture, (0.5, 0.25), colour)]
    return found


def draw_box(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw a box over the page, with its corners at these parts of it."""
    finger = page.get_by_role("button", name="Vẽ khung bằng ngón tay")
    if finger.is_visible():
        finger.click()
    page.locator(".page-shown").scroll_into_view_if_needed()
    frame = page.locator(".page-shown img").bounding_box()
    assert frame is not None
    page.mouse.move(frame["x"] + start[0] * frame["width"], frame["y"] + start[1] * frame["height"])
    page.mouse.down()
    page.mouse.move(frame["x"] + end[0] * frame["width"], frame["y"] + end[1] * frame["height"])
    page.mouse.up()


def test_a_checker_mends_the_pages_of_a_scan(visitor: Visitor, scans: list[Path], tmp_path: Path):
    visitor.log_in("admin")
    grid = new_object(visitor, scans)
    page = visitor.page

    open_page(page, grid, 1)
    assert shows(page, (LEFT, RED), (RIGHT, BLUE))
    page.get_by_role("button", name="Tách", exact=True).click()
    assert shows(page, (LEFT, RED), (RIGHT, RED))
    assert eventually(lambda: order(page, grid) == [RED, BLUE, GREEN, GREY], within=15)

    open_page(page, grid, 3)
    draw_box(page, (0.02, 0.02), (0.98, 0.45))
    assert float(page.input_value("input[name=height]")) == pytest.approx(43, abs=1)
    page.get_by_role("button", name="Xén", exact=True).click()
    assert shows(page, (TOP, GREEN), (BOTTOM, GREEN))
    page.get_by_role("button", name="Hiện lại toàn bộ bản quét").click()
    assert shows(page, (TOP, GREEN), (BOTTOM, YELLOW))
    page.keyboard.press("r")
    page.wait_for_load_state()
    assert shows(page, (LEFT, YELLOW), (RIGHT, GREEN))
    assert visitor.barriers() == []

    open_page(page, grid, 4)
    better = scan(tmp_path, "tốt hơn.png", (400, 600), VIOLET, VIOLET)
    page.set_input_files("input[name=file]", better)
    page.get_by_role("button", name="Thay", exact=True).click()
    assert shows(page, (CENTRE, VIOLET))

    page.goto(grid)
    page.get_by_role("link", name="Thứ tự và số trang").click()
    page.locator("input[name^=position-]").last.fill("1")
    page.get_by_role("button", name="Lưu thứ tự và số trang").click()
    expect(page.get_by_text("Đã lưu").first).to_be_visible()
    assert order(page, grid)[:3] == [VIOLET, RED, BLUE]
