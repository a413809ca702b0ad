"""Columns that came with an update, drawn for the records stored before it: little by little.

An update adds the column and notes here which records lack it; the schedule calls
`redraw_columns` until none is left. Meanwhile lending goes on, by what the column says so far.
"""

from __future__ import annotations

from django.db import transaction

from tangthu.catalogue import columns
from tangthu.catalogue.models import ColumnToDraw, Record
from tangthu.formats.marc import storage

DRAWN_FROM = {"minimum_age": "521"}
"""The field that a column is drawn from: records without it keep nothing there."""

WINDOW = 2000
"""Keys looked at in one transaction, so that whoever saves a record waits for a moment at most."""

WINDOWS_AT_ONCE = 50


def redraw_columns(*, windows: int = WINDOWS_AT_ONCE) -> int:
    """Go on with what is to be drawn, and return how many records got something.

    A hundred thousand keys at most, so that other jobs get their turn. May be begun again at any
    time; records saved since the update have the column of themselves.
    """
    drawn = 0
    for _window in range(windows):
        found = _draw_window()
        if found is None:
            break
        drawn += found
    return drawn


@transaction.atomic
def _draw_window() -> int | None:
    """Draw the next records of the first column; `None` when nothing is left to draw."""
    work = ColumnToDraw.objects.select_for_update().order_by("pk").first()
    if work is None:
        return None
    end = work.position + WINDOW
    records = Record.objects.filter(
        pk__gt=work.position,
        pk__lte=min(end, work.last),
        marc__contains=f'"{DRAWN_FROM[work.column]}"',
    )
    count = sum(_draw(record, work.column) for record in list(records.order_by("pk")))
    work.position = end
    if end < work.last:
        work.save(update_fields=["position"])
    else:
        work.delete()
    return count


def _draw(record: Record, column: str) -> bool:
    """Draw one column of a record, unless it was saved since it was read."""
    before = getattr(record, column)
    columns.draw_from(record, columns.description_of(storage.loads(record.marc)))
    value = getattr(record, column)
    same = Record.objects.filter(pk=record.pk, version=record.version)
    return value != before and bool(same.update(**{column: value}))
