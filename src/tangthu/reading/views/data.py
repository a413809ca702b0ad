"""The page on which a file of data is read: a table to look through, or what there is to take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.core.wording import sentence
from tangthu.reading.documents import document, file_address
from tangthu.reading.policy.tables import (
    Row,
    Table,
    columns_named,
    matching,
    numeric,
    ordered,
    table_of,
)
from tangthu.reading.presenting import address_of
from tangthu.reading.readers import Opening, Reader, register
from tangthu.reading.workbooks import Workbook, workbook_of
from tangthu.repository import storage
from tangthu.repository.models import DigitalFile
from tangthu.repository.policy.content import CSV, JSON, PLAIN, XLSX, ZIP
from tangthu.repository.policy.kinds import ObjectKind

READ = frozenset({CSV, JSON, PLAIN, XLSX})
ONLY_TAKEN = frozenset({ZIP, "application/octet-stream", "image/svg+xml"})
MOST_BYTES = 32 << 20
LONGEST_LINE = 1 << 16
ON_A_PAGE = 100
LONGEST_QUESTION = 200


def show_data(request: LibraryRequest, opening: Opening) -> HttpResponse:
    """Show the file as a table that is searched and sorted; what is no text can be taken along."""
    if opening.file.media_type != XLSX:
        return _shown(request, opening, _table(opening.file), {})
    book = workbook_of(opening.file)
    if book is None:
        return _damaged(request, opening)
    place = min(max(whole_number(request.GET.get("sheet", "")) or 1, 1), len(book.sheets)) - 1
    more = {"tabs": _tabs(book, place, opening, asked=_asked(request)), "sheet": place + 1}
    return _shown(request, opening, book.table(place), more)


def _shown(
    request: LibraryRequest, opening: Opening, table: Table, more: dict[str, object]
) -> HttpResponse:
    asked, sort = _asked(request), request.GET.get("sort", "")
    columns = columns_named(table)
    rows = matching(table.rows, asked)
    if sort.removeprefix("-") in columns:
        place, falling = int(sort.removeprefix("-")), sort.startswith("-")
        rows = ordered(rows, place, falling=falling, has_commas=table.has_commas)
    page = Paginator(rows, ON_A_PAGE).get_page(whole_number(request.GET.get("page", "")) or 1)
    context = document(
        opening,
        actor=request.actor,
        site=request.build_absolute_uri("/")[:-1],
        address=client_address(request),
    )
    context |= {
        "is_read": opening.file.media_type in READ,
        "table": table,
        "columns": columns,
        "numeric": {str(place) for place in numeric(table)},
        "rows": _told(list(page.object_list), numeric(table)),
        "page_obj": page,
        "q": asked,
        "sort": sort,
    }
    return render(request, "reading/data.html", context | more)


def _asked(request: LibraryRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_QUESTION]


def _told(rows: Sequence[Row], numbers: frozenset[int]) -> list[tuple[int, list[tuple[str, bool]]]]:
    """Return the rows with what the page needs to know of each cell: whether it is a number."""
    return [
        (number, [(cell, place in numbers) for place, cell in enumerate(cells)])
        for number, cells in rows
    ]


def _tabs(book: Workbook, shown: int, opening: Opening, *, asked: str) -> list[dict[str, object]]:
    """Return the sheets as tabs; of those that are searched, each with how many rows it has."""
    if len(book.sheets) == 1:
        return []
    home = address_of(opening.obj)
    return [
        {
            "label": name,
            "url": f"{home}?{urlencode({'sheet': place + 1} | ({'q': asked} if asked else {}))}",
            "current": place == shown,
            "count": len(matching(book.table(place).rows, asked)) if asked else None,
        }
        for place, name in enumerate(book.sheets)
    ]


def _damaged(request: LibraryRequest, opening: Opening) -> HttpResponse:
    saved = file_address(opening, opening.file) if opening.is_open else ""
    context = {
        "object": opening.obj,
        "reason": "document_damaged",
        "words": sentence("document_damaged"),
        "saved": saved,
    }
    return render(request, "reading/closed.html", context, status=422)


def _table(file: DigitalFile) -> Table:
    if file.media_type not in READ:
        return Table()
    path = storage.path_of(file)
    is_json = file.media_type == JSON or file.name.lower().endswith(".json")
    try:
        return table_of(_lines(path), is_json=is_json)
    except FileNotFoundError:
        return Table()


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of as much of the file as is shown; bytes that are no letters stay seen."""
    left = MOST_BYTES
    with path.open("r", encoding="utf-8-sig", errors="replace", newline="") as source:
        while left > 0 and (line := source.readline(LONGEST_LINE)):
            left -= len(line)
            yield line.replace("\x00", "")


def register_readers() -> None:
    """Let data be read. Called once."""
    register(ObjectKind.DATA, Reader(show_data, READ | ONLY_TAKEN))
