"""Reading a bank's list of transactions, however untidy, and telling what each transfer pays.

Banks put a heading of their own above the table, name the columns in Vietnamese, English or both,
write amounts as `1.250.000`, `1,250,000.00` or numbers, and end with sums.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tangthu.text.folding import fold

Cell = str | int | float | bool | datetime | date | None
Row = Sequence[Cell]

HEADER_WITHIN = 60
"""Rows among which the names of the columns must stand."""

LARGEST = 10**13


class Column(StrEnum):
    """What a column holds."""

    DATE = "date"
    CREDIT = "credit"
    DEBIT = "debit"
    AMOUNT = "amount"
    TEXT = "text"
    NUMBER = "number"


_NAMES: Mapping[Column, tuple[str, ...]] = {
    Column.CREDIT: (
        "ghi co", "phat sinh co", "ps co", "so tien ghi co", "so tien co", "tien vao",
        "so tien vao", "co", "credit", "credit amount", "deposit", "money in",
    ),
    Column.DEBIT: (
        "ghi no", "phat sinh no", "ps no", "so tien ghi no", "so tien no", "tien ra",
        "so tien ra", "debit", "debit amount", "withdrawal", "money out",
    ),
    Column.AMOUNT: ("so tien", "so tien gd", "so tien giao dich", "amount", "transaction amount"),
    Column.DATE: (
        "ngay giao dich", "ngay gd", "ngay hach toan", "ngay hieu luc", "ngay", "thoi gian",
        "thoi gian giao dich", "ngay gio", "transaction date", "posting date", "value date",
        "effective date", "date", "date time", "tnx date",
    ),
    Column.TEXT: (
        "noi dung", "noi dung giao dich", "noi dung chi tiet", "noi dung chuyen khoan",
        "dien giai", "mo ta", "mo ta giao dich", "chi tiet", "description", "details",
        "transaction details", "transaction detail", "transaction description", "remark",
        "remarks", "narrative", "transactions in detail",
    ),
    Column.NUMBER: (
        "so but toan", "ma giao dich", "so tham chieu", "so chung tu", "so ct", "ma gd", "so gd",
        "reference", "reference number", "ref no", "transaction id", "transaction number",
        "tnx number", "doc no", "trace",
    ),
}  # fmt: skip
_COLUMNS = {name: column for column, names in _NAMES.items() for name in names}
_ENDS = ("tong", "cong", "total", "so du", "balance", "opening", "closing", "ending")

_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_CURRENCY = re.compile(r"(vnd|vnđ|đ|₫|đồng)$", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]{1,15}")
_GROUPED = re.compile(r"[0-9]{1,3}([.,'])[0-9]{3}(\1[0-9]{3})*")
_EMPTY_CENTS = re.compile(r"[.,]0{1,2}$")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?![0-9])")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![0-9])")


class Unreadable(StrEnum):
    """Why a line cannot be read."""

    BAD_DATE = "bad_date"
    BAD_AMOUNT = "bad_amount"


class NoTable(ValueError):
    """No row names the columns that are needed: date, amount and text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Money that came in: the number of its row, counted from 1, and what the bank says of it."""

    row: int
    on: date
    amount: int
    text: str
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongRow:
    """A row that cannot be read, and why."""

    row: int
    fault: Unreadable
    value: str


def transfers(rows: Sequence[Row]) -> Iterator[Incoming | WrongRow]:
    """Yield what came in, row by row; money that went out and sums are passed over.

    Raises NoTable when no row names the columns.
    """
    at, columns = _header(rows)
    header = rows[at]
    for index, row in enumerate(rows[at + 1 :], at + 2):
        if not any(_text(cell) for cell in row) or list(row) == list(header):
            continue
        found = _transfer(index, row, columns)
        if found is not None:
            yield found


def amount_of(cell: Cell) -> int | None:
    """Return the whole đồng in a cell, 0 for an empty one; None for what is no such amount."""
    if isinstance(cell, bool | date) or (isinstance(cell, float) and not cell.is_integer()):
        return None
    if isinstance(cell, int | float):
        return _bounded(int(cell))
    text = _CURRENCY.sub("", _SPACES.sub("", cell or ""))
    if text in {"", "-"}:
        return 0
    sign = -1 if text.startswith("-") or (text.startswith("(") and text.endswith(")")) else 1
    bare = text.strip("+-()")
    if not (_PLAIN.fullmatch(bare) or _GROUPED.fullmatch(bare)):
        bare = _EMPTY_CENTS.sub("", bare)
    if not (_PLAIN.fullmatch(bare) or _GROUPED.fullmatch(bare)):
        return None
    return _bounded(sign * int(re.sub("[.,']", "", bare)))


def date_of(cell: Cell) -> date | None:
    """Return the day in a cell: a date, dd/MM/yyyy or yyyy-MM-dd, with or without an hour."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    if found := _DAY_FIRST.search(text):
        day, month, year = map(int, found.groups())
    elif found := _YEAR_FIRST.search(text):
        year, month, day = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _header(rows: Sequence[Row]) -> tuple[int, Mapping[Column, int]]:
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        columns = _columns(row)
        paid = Column.CREDIT in columns or Column.AMOUNT in columns
        if paid and Column.DATE in columns and Column.TEXT in columns:
            return index, columns
    raise NoTable


def _columns(row: Row) -> dict[Column, int]:
    columns: dict[Column, int] = {}
    for index, cell in enumerate(row):
        column = _named(_text(cell))
        if column is not None:
            columns.setdefault(column, index)
    return columns


def _named(heading: str) -> Column | None:
    """Return the column that a heading names, alone or in two languages."""
    if not heading or len(heading) > 80:
        return None
    if heading.casefold() == "nợ":  # without its marks it would be the English "No", a number
        return Column.DEBIT
    parts = re.split(r"[/|()\n\r]+", heading)
    names = [_words(part) for part in (heading, *parts)]
    for name in names:
        if name in _COLUMNS:
            return _COLUMNS[name]
    whole = f" {names[0]} "
    if any(f" {word} " in whole for word in ("so du", "balance")):
        return None
    inside = [name for name in _COLUMNS if len(name) > 5 and f" {name} " in whole]
    return _COLUMNS[max(inside, key=len)] if inside else None


def _transfer(index: int, row: Row, columns: Mapping[Column, int]) -> Incoming | WrongRow | None:
    credit = _credit(row, columns)
    on = date_of(_cell(row, columns, Column.DATE))
    if credit is not None and credit <= 0:
        return None
    if on is None and _is_foot(row, columns):
        return None
    if credit is None:
        value = _text(_cell(row, columns, _paying(columns)))
        return WrongRow(row=index, fault=Unreadable.BAD_AMOUNT, value=value[:80])
    if on is None:
        value = _text(_cell(row, columns, Column.DATE))
        return WrongRow(row=index, fault=Unreadable.BAD_DATE, value=value[:80])
    return Incoming(
        row=index,
        on=on,
        amount=credit,
        text=_text(_cell(row, columns, Column.TEXT))[:500],
        number=_text(_cell(row, columns, Column.NUMBER))[:60],
    )


def _credit(row: Row, columns: Mapping[Column, int]) -> int | None:
    """Return what came in; below zero or 0 nothing did; None where it cannot be read."""
    amount = amount_of(_cell(row, columns, _paying(columns)))
    if Column.CREDIT in columns or Column.DEBIT not in columns:
        return amount
    out = amount_of(_cell(row, columns, Column.DEBIT))
    return 0 if out else amount


def _paying(columns: Mapping[Column, int]) -> Column:
    return Column.CREDIT if Column.CREDIT in columns else Column.AMOUNT


def _is_foot(row: Row, columns: Mapping[Column, int]) -> bool:
    """Tell whether the row belongs to what banks write below the table."""
    if not _text(_cell(row, columns, Column.DATE)) and not _text(
        _cell(row, columns, _paying(columns))
    ):
        return True
    first = next((_words(_text(cell)) for cell in row if _text(cell)), "")
    return first.startswith(_ENDS)


def _cell(row: Row, columns: Mapping[Column, int], column: Column) -> Cell:
    index = columns.get(column, len(row))
    return row[index] if index < len(row) else None


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _words(text: str) -> str:
    return " ".join(re.sub("[^a-z0-9]+", " ", fold(text)).split())


def _bounded(amount: int) -> int | None:
    return amount if -LARGEST < amount < LARGEST else None
