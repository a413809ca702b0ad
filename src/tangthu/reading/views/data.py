"""The page on which a file of data is read: a table to look through, or what there is to take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.reading.documents import document
from tangthu.reading.policy.tables import Table, columns_named, matching, ordered, table_of
from tangthu.reading.readers import Opening, Reader, register
from tangthu.repository import storage
from tangthu.repository.models import DigitalFile
from tangthu.repository.policy.content import CSV, JSON, PLAIN, ZIP
from tangthu.repository.policy.kinds import ObjectKind

READ = frozenset({CSV, JSON, PLAIN})
ONLY_TAKEN = frozenset({ZIP, "application/octet-stream", "image/svg+xml"})
MOST_BYTES = 32 << 20
LONGEST_LINE = 1 << 16
ON_A_PAGE = 100
LONGEST_QUESTION = 200


def show_data(request: LibraryRequest, opening: Opening) -> HttpResponse:
    """Show the file as a table that is searched and sorted; what is no text can be taken along."""
    table = _table(opening.file)
    asked = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    sort = request.GET.get("sort", "")
    columns = columns_named(table)
    rows = matching(table.rows, asked)
    if sort.removeprefix("-") in columns:
        rows = ordered(rows, int(sort.removeprefix("-")), falling=sort.startswith("-"))
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
        "page_obj": page,
        "q": asked,
        "sort": sort,
    }
    return render(request, "reading/data.html", context)


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
