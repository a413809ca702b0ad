"""A workbook of the demo network: invented figures of coffee, as an office sends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.repository.actions import (
    Incoming,
    ObjectData,
    add_file,
    create_object,
    make_ready,
    publish,
)
from tangthu.repository.models import Collection, DigitalObject

TITLE = "Cà phê Đắk Lắk qua con số [DEMO]"
SHELF = "dia-chi"
FILE = "ca-phe-dak-lak.xlsx"

DISTRICTS = (
    ("Buôn Đôn", 3_650, 0.041, date(2026, 11, 16)),
    ("Cư Kuin", 12_380, 0.027, date(2026, 11, 9)),
    ("Cư M'gar", 36_120, 0.018, date(2026, 10, 28)),
    ("Ea H'leo", 29_840, 0.022, date(2026, 11, 2)),
    ("Krông Ana", 9_270, -0.006, date(2026, 11, 12)),
    ("Krông Búk", 21_450, 0.013, date(2026, 10, 30)),
    ("Krông Năng", 25_910, 0.009, date(2026, 11, 4)),
    ("Krông Pắc", 17_560, 0.031, date(2026, 11, 6)),
    ("Lắk", 1_980, 0.055, date(2026, 11, 18)),
    ("M'Đrắk", 2_740, 0.012, date(2026, 11, 20)),
)
"""Where, how many hectares, how much more than the year before, when the harvest began."""

PRICES = (
    (date(2026, 9, 1), 96_500),
    (date(2026, 10, 1), 98_200),
    (date(2026, 11, 1), 101_750),
)
PLACE, HECTARES, GROWTH, HARVEST = (
    "Huyện",
    "Diện tích (ha)",
    "So với năm trước",
    "Bắt đầu thu hoạch",
)
PLANTED = ("CÀ PHÊ CÁC HUYỆN, NIÊN VỤ 2026–2027 [DEMO]", (PLACE, HECTARES, GROWTH, HARVEST))
PAID = ("GIÁ CÀ PHÊ NHÂN TẠI VƯỜN [DEMO]", ("Ngày", "Đồng/kg"))


def load(tree: Mapping[str, Library], *, by: Actor) -> None:
    """Make it, unless it is there."""
    if DigitalObject.objects.filter(title=TITLE).exists():
        return
    data = ObjectData(
        title=TITLE,
        kind="data",
        description="Bảng tính tưởng tượng để trình diễn; các con số do chương trình đặt ra.",
        languages="vie",
        rights="CC0",
        access="public",
        provenance="Tạo bởi chương trình trình diễn",
        collections=tuple(Collection.objects.filter(code=SHELF)),
    )
    obj = create_object(data, library=tree["DLK"], by=by)
    with TemporaryDirectory(prefix="tangthu-demo-") as folder:
        path = Path(folder) / FILE
        _workbook().save(path)
        add_file(obj, Incoming(path, FILE), by=by)
    make_ready(obj, by=by)
    publish(obj, by=by)


def _workbook() -> Workbook:
    book = Workbook()
    first = book.active
    if isinstance(first, Worksheet):
        book.remove(first)
    planted = book.create_sheet("Diện tích")
    _fill(planted, *PLANTED, DISTRICTS, forms=("@", "#,##0", "0.0%", "dd/mm/yyyy"))
    _fill(book.create_sheet("Giá"), *PAID, PRICES, forms=("dd/mm/yyyy", "#,##0"))
    return book


def _fill(
    sheet: Worksheet,
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    forms: Sequence[str],
) -> None:
    sheet.append([title])
    sheet.append([])
    sheet.append(list(head))
    for cell in (*sheet[1], *sheet[3]):
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append(list(row))
        for cell, form in zip(sheet[sheet.max_row], forms, strict=True):
            cell.number_format = form
    for column in "ABCD":
        sheet.column_dimensions[column].width = 20
