"""The program that turns workbooks of strangers into plain tables: a process with limits.

    python -m tangthu.reading.tabulating

It reads the workbook (XLSX) from its input. It writes one line of JSON with the names of the
sheets, then one line for each sheet. It knows no Django. What a workbook does to its reader with a
bomb ends this process, not the one that serves pages. Formulas are not worked out: the value that
was stored with them is what is shown.
"""

from __future__ import annotations

import dataclasses
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tangthu.reading.policy.tables import MOST_COLUMNS, MOST_ROWS, Row, Table
from tangthu.reading.policy.workbooks import MOST_SHEETS, said, sheet_table

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

MEMORY = 1 << 30
SECONDS = 30
LARGEST_UNPACKED = 512 << 20
LARGEST = 32 << 20
"""Of what is shown of all sheets together."""

MOST_CELLS = 500_000
LOOK_BEYOND = 30
"""Rows past those that are shown: titles above the head are no rows, and what is left out shows."""

LONGEST_NAME = 80


class Room:
    """How much of a workbook may still be shown."""

    def __init__(self) -> None:
        self.cells = MOST_CELLS
        self.letters = LARGEST // 4

    def takes(self, cells: list[str]) -> bool:
        """Count a row; tell whether there was room for it."""
        self.cells -= len(cells)
        self.letters -= sum(map(len, cells)) + len(cells)
        return self.cells >= 0 and self.letters >= 0


def main() -> int:
    """Turn one workbook; return 0, or 2 where it is damaged."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        lines = [json.dumps(line, ensure_ascii=False) for line in tables(sys.stdin.buffer.read())]
    # The edge of the process: whatever a library does with a bad file is the file's fault.
    except Exception:
        return 2
    sys.stdout.buffer.write("\n".join(lines).encode("utf-8", "replace"))
    return 0


def tables(content: bytes) -> Iterator[list[str] | dict[str, Any]]:
    """Yield the names of the sheets that people see, then each sheet as a table."""
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
            raise ValueError
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    sheets = _seen(book)
    yield [str(sheet.title)[:LONGEST_NAME] for sheet in sheets]
    room = Room()
    for sheet in sheets:
        yield dataclasses.asdict(_table(sheet, room))


def _seen(book: Workbook) -> list[Any]:
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return shown[:MOST_SHEETS]


def _table(sheet: Any, room: Room) -> Table:
    rows: list[Row] = []
    # What a sheet says of its own size may be a lie: the limits are ours.
    for number, cells in enumerate(
        sheet.iter_rows(max_row=MOST_ROWS + LOOK_BEYOND, max_col=MOST_COLUMNS + 1), 1
    ):
        words = [said(cell.value, cell.number_format or "") for cell in cells]
        if not any(words):
            continue
        if not room.takes(words):
            return sheet_table(rows, is_cut=True)
        rows.append((number, words))
    return sheet_table(rows)


if __name__ == "__main__":
    sys.exit(main())
