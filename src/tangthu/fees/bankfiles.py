"""The rows of a bank file: CSV in any of the encodings met, or an Excel workbook."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TypeVar

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from tangthu.fees.errors import BankFileUnreadable
from tangthu.fees.policy import Cell, Row

T = TypeVar("T")

LARGEST = 5 * 1024 * 1024
"""Bytes. A month of a large account is below one megabyte."""

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 10_000, 60, 2_000
LARGEST_UNPACKED = 60 * 1024 * 1024
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCODINGS = ("utf-8-sig", "cp1258")


def read_rows(raw: bytes, *, name: str = "") -> list[Row]:
    """Return the rows of a CSV file or of a workbook's fullest sheet.

    Raises BankFileUnreadable with the fault: too_large, old_excel, damaged, empty.
    """
    if len(raw) > LARGEST:
        raise BankFileUnreadable("file", fault="too_large")
    if raw.startswith(_OLD_EXCEL):
        raise BankFileUnreadable("file", fault="old_excel")
    rows = _of_workbook(raw) if raw.startswith(_ZIP) else _of_text(raw)
    if not rows:
        raise BankFileUnreadable("file", fault="empty")
    return rows


def _of_text(raw: bytes) -> list[Row]:
    text = _decoded(raw)
    if "\0" in text:
        raise BankFileUnreadable("file", fault="damaged")
    delimiter = max(",;\t|", key=lambda sign: _regularity(text, sign))
    lines = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        return [[cell[:LONGEST_CELL] for cell in row] for row in _limited(lines)]
    except csv.Error:
        raise BankFileUnreadable("file", fault="damaged") from None


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BankFileUnreadable("file", fault="damaged")


def _regularity(text: str, sign: str) -> int:
    """Return how many lines have at least two of the sign: the table's lines do."""
    return sum(line.count(sign) >= 2 for line in text.splitlines()[:200])


def _of_workbook(raw: bytes) -> list[Row]:
    try:
        _require_small(raw)
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheets = [_rows_of(sheet.iter_rows(values_only=True)) for sheet in book.worksheets[:5]]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, EOFError):
        raise BankFileUnreadable("file", fault="damaged") from None
    return max(sheets, key=len, default=[])


def _rows_of(rows: Iterable[Sequence[object]]) -> list[Row]:
    return [[_cell(value) for value in row] for row in _limited(rows)]


def _require_small(raw: bytes) -> None:
    """Raise for a workbook that unpacks to far more than it is (a bomb)."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
            raise BankFileUnreadable("file", fault="too_large")


def _limited(rows: Iterable[Sequence[T]]) -> Iterator[Sequence[T]]:
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise BankFileUnreadable("file", fault="too_large")
        yield row[:MOST_COLUMNS]


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, bool | int | float | datetime | date):
        return value
    return str(value)[:LONGEST_CELL]
