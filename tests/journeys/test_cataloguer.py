"""A cataloguer describes a book, adds its copies, imports a file; readers find it at once."""

from __future__ import annotations

import re
import time
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tangthu.formats.marc.writer import write_iso2709
from tests.factories import marc_of
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser

_once = count(int(time.time()))


@pytest.fixture
def cataloguer(visitor: Visitor) -> Visitor:
    visitor.log_in("cataloguer")
    return visitor


def found_within(visitor: Visitor, words: str, *, seconds: float) -> bool:
    """Search as a reader until it is found."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        page = visitor.go(f"/search?q={words}")
        if page.locator(".result").count():
            return True
        time.sleep(0.2)
    return False


def describe(page: Page, title: str) -> None:
    page.fill("[name=title]", title)
    page.fill("[name=author]", "Y Ƀlŭl Niê Blô")
    page.fill("[name=year]", "2024")


def test_a_book_is_described_given_copies_and_found(cataloguer: Visitor):
    title = f"Chuyện nhà dài {next(_once)}"
    page = cataloguer.go("/desk/catalogue/new/")
    assert cataloguer.barriers() == []

    describe(page, title)
    page.locator("main form button.btn-primary[name=then]").first.click()
    page.wait_for_url(re.compile(r"/desk/catalogue/\d+/"))
    if "/items/" in page.url:
        page.fill("[name=copies]", "2")
        page.locator("main form button.btn-primary").last.click()
        page.wait_for_url(re.compile(r"/desk/catalogue/\d+/$"))

    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    assert cataloguer.barriers() == []
    assert found_within(cataloguer, title.replace(" ", "+"), seconds=10)


def test_a_book_without_a_title_is_refused_under_its_field(cataloguer: Visitor):
    page = cataloguer.go("/desk/catalogue/new/")

    page.fill("[name=author]", "Nguyễn Du")
    page.locator("main form button.btn-primary[name=then]").first.click()

    expect(page.locator("#id_title_error, #id_title_field .field-errors").first).to_be_visible()
    expect(page.locator("[name=author]")).to_have_value("Nguyễn Du")
    assert cataloguer.barriers() == []


def test_a_file_is_imported_with_progress_and_a_sum_that_adds_up(
    cataloguer: Visitor, tmp_path: Path
):
    mark = next(_once)
    file = tmp_path / f"sach-{mark}.mrc"
    records = [marc_of(f"Nhập thử {mark} tập {number}") for number in range(20)]
    file.write_bytes(b"".join(map(write_iso2709, records)))
    page = cataloguer.go("/desk/catalogue/import/")

    page.set_input_files("input[type=file]", file)
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_url(re.compile(r"/desk/catalogue/import/\d+/"))

    expect(page.locator("main")).to_contain_text("20", timeout=30_000)
    assert found_within(cataloguer, f"nhap+thu+{mark}", seconds=60)
    assert cataloguer.barriers() == []


def test_a_file_that_is_not_marc_is_refused_in_words(cataloguer: Visitor, tmp_path: Path):
    file = tmp_path / "anh.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    page = cataloguer.go("/desk/catalogue/import/")

    page.set_input_files("input[type=file]", file)
    page.locator("main form button.btn-primary").first.click()

    expect(page.locator(".field-errors, .message-stop").first).to_be_visible()
    assert cataloguer.barriers() == []
    cataloguer.complaints.clear()  # the browser reports the refusal's status itself
