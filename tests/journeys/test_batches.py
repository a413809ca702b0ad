"""A batch of scans is sent and checked; a document gets its table of contents."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.journeys.conftest import Visitor
from tests.repository.making import pictures

pytestmark = pytest.mark.browser


def batch(folder: Path) -> Path:
    """Pack the scans of a document that the catalogue has not under that name."""
    path = folder / "Lô tháng 11.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for scan in pictures(folder, 4):
            archive.write(scan.path, f"thư mục lạ/{scan.name}")
    return path


def test_a_batch_is_sent_and_checked(visitor: Visitor, tmp_path: Path) -> None:
    visitor.log_in("admin")
    page = visitor.go("/desk/digital/batches/")

    page.set_input_files("#upload-files", batch(tmp_path))
    page.get_by_role("link", name="Lô tháng 11.zip").first.click(timeout=20_000)
    page.get_by_text("chưa khớp với biểu ghi nào").wait_for()
    barriers = visitor.barriers()
    page.select_option("select[name=rights]", "PDM")
    page.get_by_role("button", name="Lưu, tiếp nhận sau").click()
    page.get_by_text("Đã lưu").wait_for()

    assert barriers == []
    assert page.input_value("select[name=rights]") == "PDM"
    assert page.locator("input[name^=match-]").count() == 1


def test_a_document_gets_its_table_of_contents(visitor: Visitor) -> None:
    visitor.log_in("admin")
    page = visitor.go("/desk/digital/")
    rows = page.locator("tbody tr", has_text="Ảnh trang").locator("th a")
    paths = [row.get_attribute("href") for row in rows.all()]
    link = page.get_by_role("link", name="Mục lục và số trang")
    for path in paths:
        visitor.go(str(path))
        if link.count():
            break

    link.click()
    barriers = visitor.barriers()
    page.locator("input[name$='-title']").last.fill("Phần cuối")
    page.locator("input[name$='-page']").last.fill("#1")
    page.get_by_role("button", name="Lưu mục lục").click()
    page.get_by_text("Đã lưu").wait_for()

    titles = page.locator("input[name$='-title']")
    assert barriers == []
    assert "Phần cuối" in [each.input_value() for each in titles.all()]
