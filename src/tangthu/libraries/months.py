"""A month of a library's calendar: which days are open, and who says that others are not."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tangthu.libraries import policy
from tangthu.libraries.models import CalendarEntry, Library
from tangthu.libraries.policy import DayEntry, DayRule
from tangthu.libraries.reading import day_entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the calendar that holds at a library, and the library that wrote it."""

    entry: CalendarEntry
    rule: DayEntry
    inherited: bool

    def names(self, day: date) -> bool:
        """Tell whether the line speaks of this day."""
        if self.rule.rule is DayRule.WEEKLY:
            return self.rule.weekday == day.weekday()
        if self.rule.rule is DayRule.YEARLY:
            return (self.rule.month, self.rule.day) == (day.month, day.day)
        return self.rule.on == day


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the month, open or not, and the lines that make it so."""

    on: date
    is_open: bool
    outside: bool
    why: tuple[Line, ...]


def lines_of(library: Library) -> list[Line]:
    """Return the lines that hold at the library: its own, then those above. One query.

    Of the weekly days of rest only the nearest library's hold.
    """
    chain = library.chain
    entries = CalendarEntry.objects.filter(library__in=chain).select_related("library")
    near = sorted(entries, key=lambda entry: (chain.index(entry.library_id), _order(entry)))
    weekly = next((entry.library_id for entry in near if entry.weekday is not None), None)
    return [
        Line(entry=entry, rule=day_entry(entry), inherited=entry.library_id != library.pk)
        for entry in near
        if entry.weekday is None or entry.library_id == weekly
    ]


def month_of(
    calendar: policy.Calendar, lines: Sequence[Line], *, year: int, month: int
) -> list[list[Day]]:
    """Return the weeks of the month, each from Monday to Sunday."""
    return [
        [_day(on, calendar, lines, outside=on.month != month) for on in week]
        for week in Weeks().monthdatescalendar(year, month)
    ]


def _day(on: date, calendar: policy.Calendar, lines: Sequence[Line], *, outside: bool) -> Day:
    is_open = calendar.is_open(on)
    why = tuple(
        line for line in lines if line.names(on) and (line.rule.rule is DayRule.REOPENED) is is_open
    )
    return Day(on=on, is_open=is_open, outside=outside, why=why)


def _order(entry: CalendarEntry) -> tuple[int, int, int, int, int]:
    ranks = {"weekly": 0, "yearly": 1, "single": 2, "reopened": 3}
    on = entry.on.toordinal() if entry.on else 0
    return (
        ranks[entry.kind],
        entry.weekday or 0,
        entry.month or 0,
        entry.day or 0,
        on,
    )
