"""A sheet of a workbook as a table that people read: what its cells say, and where its head is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from tangthu.reading.policy.tables import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Row, Table

MOST_SHEETS = 50
LOOKED_THROUGH = 20
"""Rows among which the head is sought: titles and signatures stand above it."""

_FILLED = 0.6
_LONGEST_NOTES = 8
_NO_NUMBER = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DECIMALS = re.compile(r"\.([0#?]+)")


def said(value: object, form: str = "General") -> str:
    """Return a cell's value as it is written here: 31.000; 12,5 %; 23/11/2026."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(value, _NO_NUMBER.sub("", form.partition(";")[0]))
        case datetime():
            return _moment(value)
        case date():
            return f"{value:%d/%m/%Y}"
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            minutes = int(value.total_seconds()) // 60
            return f"{minutes // 60}:{minutes % 60:02}"
        case _:
            return str(value).strip()[:LONGEST_CELL]


def sheet_table(rows: Iterable[Row], *, is_cut: bool = False) -> Table:
    """Return the rows as a table under their head; what stands above it is told as notes."""
    kept = [(number, _shortened(cells)) for number, cells in rows if any(cells)]
    is_cut = is_cut or len(kept) > MOST_ROWS + 1 or any(len(row[1]) > MOST_COLUMNS for row in kept)
    place = _head_of(kept)
    if place is None:
        lines = [(number, [_line(cells)]) for number, cells in kept[:MOST_ROWS]]
        return Table((), lines, is_cut, has_commas=True)
    columns = list(kept[place][1][:MOST_COLUMNS])
    below = [(number, cells[:MOST_COLUMNS]) for number, cells in kept[place + 1 :][:MOST_ROWS]]
    width = max([len(columns), *(len(cells) for _, cells in below)])
    columns += [""] * (width - len(columns))
    filled = [(number, [*cells, *[""] * (width - len(cells))]) for number, cells in below]
    return Table(columns, filled, is_cut, notes=_notes(kept[:place]), has_commas=True)


def _number(value: float, form: str) -> str:
    share = "%" if "%" in form else ""
    if share:
        value *= 100
    decimals = _DECIMALS.search(form)
    if decimals:
        text = f"{value:,.{min(len(decimals[1]), 10)}f}"
    elif "0" in form or share:
        text = f"{value:,.0f}"
    else:
        text = f"{value:.10g}"
    if "," not in form.partition(".")[0]:
        text = text.replace(",", "")
    return text.translate(str.maketrans(",.", ".,")) + share


def _moment(value: datetime) -> str:
    at_midnight = value.time() == time()
    return f"{value:%d/%m/%Y}" if at_midnight else f"{value:%d/%m/%Y %H:%M}"


def _shortened(cells: Sequence[str]) -> list[str]:
    """Return the cells without those at the end that say nothing."""
    last = max((place for place, cell in enumerate(cells) if cell), default=-1)
    return list(cells[: last + 1])


def _head_of(rows: Sequence[Row]) -> int | None:
    """Return the place of the row that names the columns: the first that is as full as others."""
    counts = [sum(1 for cell in cells if cell) for _, cells in rows[:LOOKED_THROUGH]]
    fullest = max(counts, default=0)
    if fullest < 2:
        return None
    return next(place for place, count in enumerate(counts) if count >= fullest * _FILLED)


def _notes(rows: Sequence[Row]) -> list[str]:
    return [_line(cells) for _, cells in rows[:_LONGEST_NOTES]]


def _line(cells: Sequence[str]) -> str:
    return " · ".join(filter(None, cells))
