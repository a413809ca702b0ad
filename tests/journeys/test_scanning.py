"""A document goes from the catalogue's search to its readers, by way of a telephone's camera."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.digitisation import rendered
from tests.journeys.conftest import SIZES, Visitor, follow, is_complaint
from tests.journeys.test_camera import phone
from tests.support import films
from tests.support.serving import Served, eventually

pytestmark = pytest.mark.browser

PROJECT = "Số hoá kho địa chí [DEMO]"
CORNERS = ((0.2, 0.16), (0.8, 0.12), (0.86, 0.88), (0.14, 0.9))
ROOT = "/desk/digitisation/"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A photograph of a page that lies askew on a dark table."""
    path = tmp_path / "table.jpg"
    rendered.photograph(rendered.page(1), CORNERS).save(path, quality=92)
    return path


def open_project(visitor: Visitor) -> Page:
    page = visitor.go(f"{ROOT}projects/")
    page.get_by_role("link", name=PROJECT).click()
    return page


def choose(visitor: Visitor, words: str) -> str:
    """Put the first title that is free into a batch; return the number of its docket."""
    page = open_project(visitor)
    page.get_by_role("link", name="Chọn bằng tìm kiếm").click()
    page.fill("main input[name=q]", words)
    page.press("main input[name=q]", "Enter")
    page.locator("tbody input[name=record]").first.check()
    page.get_by_role("button", name="Đưa các tài liệu đã đánh dấu vào một lô").click()
    page.wait_for_url("**/batches/**")
    return page.locator("main tbody th a").inner_text()


def finish(page: Page) -> None:
    """Press the one key that ends a stage."""
    with page.expect_navigation():
        page.keyboard.press("F2")
    expect(page.get_by_text("Xong.", exact=False).first).to_be_visible()


def send_forward(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^Đã sửa")).click()


def stands_at(page: Page) -> str:
    return page.locator("[aria-current=step]").inner_text().strip()


def add_page(page: Page, picture: Path) -> None:
    """Take a picture from the gallery, and add it with the edges that were found."""
    page.set_input_files("[data-picture]", picture)
    expect(page.locator("[data-said]")).to_have_text(re.compile("^Các góc|góc"), timeout=15_000)
    points = page.locator("[data-taken] polygon").get_attribute("points") or ""
    found = [[float(n) / 1000 for n in point.split(",")] for point in points.split()]
    assert np.abs(np.array(found) - np.array(CORNERS)).max() < 0.03
    page.get_by_role("button", name="Thêm trang này").click()
    expect(page.locator("[data-count]")).to_have_text("1", timeout=15_000)


def has_arrived(page: Page, number: str, visitor: Visitor) -> bool:
    """Tell whether the picture that was sent has become a page."""
    page.goto(f"{visitor.address}{ROOT}captures/{number}/")
    follow(page, "Kiểm tra trang")
    return page.locator(".page-cell").count() > 0


def picture_of(page: Page, address: str) -> Image.Image | None:
    answer = page.request.get(address)
    return Image.open(BytesIO(answer.body())).convert("RGB") if answer.ok else None


def test_a_document_goes_from_the_search_to_its_readers(visitor: Visitor, table: Path):
    visitor.log_in("admin")
    number = choose(visitor, "luat tuc")
    page = visitor.go(f"{ROOT}captures/{number}/")
    for stage in ("Chọn tài liệu", "Lấy từ kho"):
        assert stands_at(page) == stage
        finish(page)
    page.keyboard.press("F3")
    follow(page, "Chụp ảnh")
    assert visitor.barriers() == []
    add_page(page, table)

    assert eventually(lambda: has_arrived(page, number, visitor), within=30)
    page.goto(f"{visitor.address}{ROOT}captures/{number}/")
    finish(page)
    page.get_by_text("Trả lại", exact=True).first.click()
    page.select_option("select[name=to]", label="Quét")
    page.fill("textarea[name=reason]", "Chụp lại trang 1")
    page.get_by_role("button", name="Trả lại").click()
    expect(page.get_by_text("Chụp lại trang 1").first).to_be_visible()
    assert stands_at(page) == "Quét"
    send_forward(page)
    assert stands_at(page) == "Xử lý ảnh"
    finish(page)

    follow(page, "Kiểm tra trang")
    address = visitor.address + str(page.locator(".page-cell a").first.get_attribute("href"))
    assert eventually(lambda: picture_of(page, f"{address}large.jpg") is not None, within=30)
    straight = picture_of(page, f"{address}large.jpg")
    assert straight is not None
    edges = np.asarray(straight)[[8, 8, -8, -8], [8, -8, 8, -8]].mean(axis=1)
    # Where the table was, there is paper now.
    assert edges.min() > 190
    page.goto(f"{visitor.address}{ROOT}captures/{number}/")
    assert stands_at(page) == "Kiểm tra"
    assert eventually(lambda: is_checked(page, number, visitor), within=30)
    for stage in ("Mô tả", "Công bố"):
        assert stands_at(page) == stage
        finish(page)
    expect(page.get_by_text(re.compile("^Đã qua mọi công đoạn")).first).to_be_visible()
    assert visitor.barriers() == []


def is_checked(page: Page, number: str, visitor: Visitor) -> bool:
    """Say that what the machine saw is all right, and finish; it may still be looking."""
    follow(page, "Kiểm tra trang")
    rest = page.get_by_role("button", name="Các lỗi còn lại đều không sao")
    if rest.count():
        with page.expect_response(lambda response: response.request.method == "POST"):
            rest.click()
    page.goto(f"{visitor.address}{ROOT}captures/{number}/")
    with page.expect_navigation():
        page.keyboard.press("F2")
    return stands_at(page) != "Kiểm tra"


def test_a_checker_says_of_one_flaw_after_the_other_what_it_is(visitor: Visitor):
    visitor.log_in("cataloguer")
    page = visitor.go(f"{ROOT}captures/DEMO26-0006/")
    follow(page, "Kiểm tra trang")
    flaws = page.locator(".page-cell .badge")
    assert sorted(flaws.all_inner_texts()) == [
        "Bị mờ",
        "Bị nghiêng",
        "Quét hai lần",
        "Thiếu trang trước nó",
        "Trang trống",
    ]
    assert visitor.barriers() == []
    page.locator(".page-cell a").first.click()
    page.wait_for_selector("h1:has-text('Trang 2')")
    assert visitor.barriers() == []

    page.keyboard.press("d")
    page.wait_for_selector("h1:has-text('Trang 4')")
    page.keyboard.press("k")
    page.wait_for_selector("h1:has-text('Trang 3')")

    page.goto(page.url.replace(page.url.split("/")[-2] + "/", ""))
    expect(page.locator(".badge-in", has_text="Trang trống")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Trang trống.*cần sửa")).click()
    expect(page.locator(".badge-stop", has_text="Trang trống")).to_be_visible()


# Another program has the camera at first, and lets it go.
_TAKEN_ONCE = """() => {
  const devices = navigator.mediaDevices;
  devices.getUserMedia = () => {
    delete devices.getUserMedia;
    return Promise.reject(new DOMException("Could not start video source", "NotReadableError"));
  };
}"""


def test_a_telephone_films_a_page_and_keeps_it_straightened(
    browser: Browser, served: Served, tmp_path: Path
):
    frame = rendered.photograph(rendered.page(3), CORNERS, size=(960, 1280))
    running = phone(browser, films.film(tmp_path / "film.mjpeg", [frame]))
    width, height = SIZES["phone"]
    page = running.new_page(viewport={"width": width, "height": height}, has_touch=True)
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if is_complaint(m) else None)
    visitor = Visitor(page, served.address, complaints)
    visitor.log_in("admin")
    visitor.go(f"{ROOT}captures/DEMO26-0009/")
    follow(page, "Chụp ảnh")
    page.evaluate(_TAKEN_ONCE)
    page.get_by_role("button", name="Mở máy ảnh").click()
    expect(page.locator("[data-said]")).to_have_text(re.compile("Hãy bấm lại để thử lần nữa"))
    page.get_by_role("button", name="Mở máy ảnh").click()
    take = page.get_by_role("button", name="Chụp", exact=True)
    # A camera is slow to start on a busy machine.
    take.click(timeout=60_000)
    expect(page.locator("[data-said]")).to_have_text(re.compile("góc"), timeout=60_000)

    corner = page.locator("[data-corner='0']")
    before = corner.evaluate("button => button.style.left")
    corner.press("ArrowRight")
    after = corner.evaluate("button => button.style.left")
    count = int(page.locator("[data-count]").inner_text())
    page.get_by_role("button", name="Thêm trang này").click()
    expect(page.locator("[data-count]")).to_have_text(str(count + 1), timeout=60_000)

    assert float(after[:-1]) - float(before[:-1]) == pytest.approx(0.5, abs=0.01)
    assert complaints == []
    running.close()
