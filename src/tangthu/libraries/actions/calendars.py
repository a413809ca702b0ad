"""The lines of a library's calendar."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.libraries import policy
from tangthu.libraries.actions import traces
from tangthu.libraries.actions.traces import LIBRARY_CHANGED
from tangthu.libraries.errors import CalendarRefused
from tangthu.libraries.models import CalendarEntry, Library
from tangthu.libraries.permissions import LibrariesPermission


@transaction.atomic
def set_calendar_entry(
    library: Library, entry: policy.DayEntry, *, note: str = "", by: Actor
) -> CalendarEntry:
    """Add a line to the library's calendar, for it and those below; the same line is one.

    Raises CalendarRefused when the line names no day.
    """
    by.require(LibrariesPermission.MANAGE_CALENDAR, at=library.pk)
    _require_day(entry)
    Library.objects.select_for_update(no_key=True).get(pk=library.pk)
    return _set_entry(library, entry, note=note, by=by)


@transaction.atomic
def remove_calendar_entry(entry: CalendarEntry, *, by: Actor) -> None:
    """Strike a line from a library's calendar."""
    by.require(LibrariesPermission.MANAGE_CALENDAR, at=entry.library_id)
    traces.note("calendar.remove", entry, by=by, before=audit.snapshot(entry), after=None)
    changes.append(LIBRARY_CHANGED, [entry.library_id], library=entry.library_id)
    entry.delete()


@transaction.atomic
def take_over_holidays(
    library: Library, year: int, *, by: Actor, days: Collection[date] | None = None
) -> list[CalendarEntry]:
    """Write Vietnam's public holidays of the year into the calendar, all or the chosen days.

    They are ordinary lines from then on. Those already there are left alone. Raises
    CalendarRefused for a year whose holidays are unknown.
    """
    by.require(LibrariesPermission.MANAGE_CALENDAR, at=library.pk)
    try:
        suggestions = policy.vietnam_holidays(year)
    except ValueError:
        raise CalendarRefused("year", fault="year_unknown", year=year) from None
    Library.objects.select_for_update(no_key=True).get(pk=library.pk)
    return [
        _set_entry(library, suggestion.as_entry(), note=suggestion.name_vi, by=by)
        for suggestion in suggestions
        if days is None or suggestion.on in days
    ]


def _set_entry(library: Library, entry: policy.DayEntry, *, note: str, by: Actor) -> CalendarEntry:
    line = {
        "library": library,
        "kind": str(entry.rule),
        "weekday": entry.weekday,
        "month": entry.month,
        "day": entry.day,
        "on": entry.on,
    }
    there = CalendarEntry.objects.filter(**line).first()
    if there is not None:
        return there
    row = CalendarEntry.objects.create(**line, note=note[:120])
    traces.note("calendar.add", row, by=by, before=None, after=audit.snapshot(row))
    changes.append(LIBRARY_CHANGED, [library.pk], library=library.pk)
    return row


def _require_day(entry: policy.DayEntry) -> None:
    rule, on = entry.rule, entry.on
    yearly = entry.month is not None and entry.day is not None
    fits = {
        policy.DayRule.WEEKLY: entry.weekday in range(7) and not yearly and on is None,
        policy.DayRule.YEARLY: yearly and entry.weekday is None and on is None,
        policy.DayRule.SINGLE: on is not None and entry.weekday is None and not yearly,
        policy.DayRule.REOPENED: on is not None and entry.weekday is None and not yearly,
    }
    if not fits[rule]:
        raise CalendarRefused("rule", fault="names_no_day")
    if yearly:
        try:
            date(2024, entry.month or 0, entry.day or 0)  # a leap year knows every day
        except ValueError:
            raise CalendarRefused("day", fault="names_no_day") from None
