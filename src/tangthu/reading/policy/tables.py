"""A file of data as a table that people read: its columns, and the rows that were asked for."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tangthu.text.folding import fold

MOST_ROWS = 50_000
MOST_COLUMNS = 60
LONGEST_CELL = 500
LONGEST_JSON = 8 << 20
_SNIFFED = 64
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:[.,]\d{3})+")

Row = tuple[int, Sequence[str]]
"""The number of the row in the file, and its cells."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file under the names of their columns; a text has lines and no columns.

    `is_cut` tells that the file goes on beyond what is read of it, `notes` are the lines above the
    head, and `has_commas` tells that a comma, never a point, stands before decimals.
    """

    columns: Sequence[str] = ()
    rows: Sequence[Row] = field(default_factory=list)
    is_cut: bool = False
    notes: Sequence[str] = ()
    has_commas: bool = False


def table_of(lines: Iterable[str], *, is_json: bool = False) -> Table:
    """Return the data of a text: objects of JSON, values parted by signs, or else its lines."""
    if is_json:
        told = "".join(islice(_bounded(lines, LONGEST_JSON), MOST_ROWS * MOST_COLUMNS))
        found = _of_json(told)
        if found is not None:
            return found
        lines = told.splitlines(keepends=True)
    source = iter(lines)
    head = list(islice(source, _SNIFFED))
    sign = _sign_of(head)
    if sign is None:
        return _cut((line.rstrip("\r\n"),) for line in _chain(head, source))
    read = csv.reader(_chain(head, source), delimiter=sign)
    columns = [name.strip() for name in next(read)[:MOST_COLUMNS]]
    found = _cut(_parted(read))
    return Table(columns, found.rows, found.is_cut)


def matching(rows: Sequence[Row], asked: str) -> Sequence[Row]:
    """Return the rows that have every word asked for, whatever their marks and capitals."""
    words = fold(asked).split()
    if not words:
        return rows
    return [row for row in rows if _has(fold(" ".join(row[1])), words)]


def ordered(
    rows: Sequence[Row], column: int, *, falling: bool, has_commas: bool = False
) -> Sequence[Row]:
    """Return the rows by the values of a column: numbers by size, days, words, then nothing."""

    def cell(row: Row) -> str:
        return row[1][column].strip() if column < len(row[1]) else ""

    full = [row for row in rows if cell(row)]
    empty = [row for row in rows if not cell(row)]
    ranked = sorted(full, key=lambda row: _rank(cell(row), has_commas), reverse=falling)
    return ranked + empty


def numeric(table: Table) -> frozenset[int]:
    """Return the places of the columns that hold numbers, as far as their first rows tell."""
    found = []
    for place in range(len(table.columns)):
        cells = [row[1][place] for row in table.rows[:_SNIFFED] if place < len(row[1])]
        filled = [cell for cell in cells if cell.strip()]
        if filled and all(_size(cell.strip(), table.has_commas) is not None for cell in filled):
            found.append(place)
    return frozenset(found)


def _rank(value: str, has_commas: bool) -> tuple[int, float, str]:  # noqa: FBT001
    size = _size(value, has_commas)
    if size is not None:
        return (0, size, "")
    if day := _DAY.match(value):
        return (1, float("".join(reversed(day.groups()))), value[day.end() :])
    return (2, 0.0, fold(value))


def _size(value: str, has_commas: bool) -> float | None:  # noqa: FBT001
    """Return the number that a cell says; None where it says none."""
    plain = value.removesuffix("%").rstrip()
    if has_commas:
        plain = plain.replace(".", "")
    elif _THOUSANDS.fullmatch(plain):
        return float(plain.replace(".", "").replace(",", ""))
    plain = plain.replace(",", ".")
    return float(plain) if _NUMBER.fullmatch(plain) and len(plain) < 300 else None


def _has(folded: str, words: Sequence[str]) -> bool:
    return all(word in folded for word in words)


def _cut(found: Iterable[Sequence[str]]) -> Table:
    """Return the rows with their numbers, and no more of them than are shown."""
    rows = [
        (number, [cell[:LONGEST_CELL] for cell in cells[:MOST_COLUMNS]])
        for number, cells in enumerate(islice(found, MOST_ROWS + 1), 1)
        if any(cells)
    ]
    is_cut = bool(rows) and rows[-1][0] > MOST_ROWS
    return Table((), rows[:-1] if is_cut else rows, is_cut)


def _parted(read: Iterator[list[str]]) -> Iterator[list[str]]:
    """Yield the rows as far as they can be read: a cell without an end closes the table."""
    try:
        yield from read
    except csv.Error:
        return


def _sign_of(head: Sequence[str]) -> str | None:
    """Return what parts the values of a line; None where the lines are just text."""
    for sign in ("\t", ";", ",", "|"):
        try:
            widths = {len(row) for row in csv.reader(head, delimiter=sign) if row}
        except csv.Error:
            continue
        if len(widths) == 1 and widths.pop() > 1:
            return sign
    return None


def _of_json(told: str) -> Table | None:
    """Return the list of objects in the text as a table; None where it is anything else."""
    try:
        found = json.loads(told)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, dict):
        lists = [each for each in found.values() if isinstance(each, list)]
        found = lists[0] if len(lists) == 1 else [found]
    if not isinstance(found, list) or not found:
        return None
    objects = [each for each in found if isinstance(each, dict)]
    if len(objects) != len(found):
        return None
    columns = list(dict.fromkeys(str(key) for each in objects for key in each))[:MOST_COLUMNS]
    rows = _cut([_said(each.get(name)) for name in columns] for each in objects)
    return Table(columns, rows.rows, rows.is_cut)


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "…"


def _bounded(lines: Iterable[str], most: int) -> Iterator[str]:
    left = most
    for line in lines:
        left -= len(line)
        if left < 0:
            return
        yield line


def _chain(head: Sequence[str], rest: Iterator[str]) -> Iterator[str]:
    yield from head
    yield from rest


def columns_named(table: Table) -> Mapping[str, str]:
    """Return the names of the columns by their place, as addresses say it."""
    return {str(place): name or str(place + 1) for place, name in enumerate(table.columns)}
