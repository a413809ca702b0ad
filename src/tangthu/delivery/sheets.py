"""The carrier's list as an Excel file, for post offices that take such files."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tangthu.delivery.models import Delivery
from tangthu.text.phones import local_phone

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (6, 14, 26, 14, 48, 8, 16, 30)


def run_sheet(deliveries: Iterable[Delivery]) -> bytes:
    """Write the parcels of a run, a line each. What people typed stays text, never a formula."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 (a new workbook has one)
    sheet.title = _("Deliveries")
    _row(sheet, 1, _headings())
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, delivery in enumerate(deliveries, start=1):
        _row(sheet, number + 1, [str(number), *_values(delivery)])
    for column, width in zip("ABCDEFGH", WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _headings() -> list[str]:
    return [
        _("No."),
        _("Reference"),
        _("Recipient"),
        _("Phone"),
        _("Address"),
        _("Books"),
        _("Errand"),
        _("Note"),
    ]


def _values(delivery: Delivery) -> list[str]:
    return [
        delivery.reference,
        delivery.name,
        local_phone(delivery.phone),
        delivery.destination,
        str(len(delivery.books)),
        str(delivery.get_leg_display()),
        delivery.note,
    ]


def _row(sheet: Worksheet, number: int, values: Sequence[str]) -> None:
    """Write one line as text: a cell that begins with = + - or @ is data of a stranger."""
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row=number, column=column)
        if isinstance(cell, Cell):
            cell.value = value
            cell.data_type = "s"
            cell.quotePrefix = True
