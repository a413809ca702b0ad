"""Open and closed days of a library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, Self

HORIZON_DAYS = 732
"""How far a search for an open day goes: two years. Mobile libraries come monthly at the rarest."""


class DayRule(StrEnum):
    """The ways in which a calendar names days."""

    WEEKLY = "weekly"
    YEARLY = "yearly"
    SINGLE = "single"
    REOPENED = "reopened"


class NeverOpen(Exception):
    """No open day within two years of `day`: the calendar is closed for ever, or nearly."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


class MonthDay(NamedTuple):
    """A day that returns every year."""

    month: int
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEntry:
    """One line of a library's calendar; which fields count depends on the rule.

    Weekly: `weekday` (Monday is 0). Yearly: `month` and `day`. Single and reopened: `on`.
    """

    rule: DayRule
    weekday: int | None = None
    month: int | None = None
    day: int | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days on which a library is closed; a re-opened date wins over every closure.

    `closed_weekdays` is `None` while the library has not said which weekdays it rests:
    then the library above decides.
    """

    closed_weekdays: frozenset[int] | None = None
    closed_yearly: frozenset[MonthDay] = frozenset()
    closed_on: frozenset[date] = frozenset()
    opened_on: frozenset[date] = frozenset()

    @classmethod
    def from_entries(cls, entries: Iterable[DayEntry]) -> Self:
        """Gather one library's calendar from its lines; an incomplete line names no day."""
        weekdays, yearly = set[int](), set[MonthDay]()
        single, reopened = set[date](), set[date]()
        for entry in entries:
            if entry.weekday is not None:
                weekdays.add(entry.weekday)
            elif entry.month is not None and entry.day is not None:
                yearly.add(MonthDay(entry.month, entry.day))
            elif entry.on is not None:
                (reopened if entry.rule is DayRule.REOPENED else single).add(entry.on)
        return cls(
            closed_weekdays=frozenset(weekdays) or None,
            closed_yearly=frozenset(yearly),
            closed_on=frozenset(single),
            opened_on=frozenset(reopened),
        )

    def over(self, above: Calendar) -> Calendar:
        """Complete this library's calendar with that of the library above it.

        Closures add up, a day that either re-opens is open unless the lower library
        closes that very date, and the lower library's own weekly rest replaces the other.
        """
        week = above.closed_weekdays if self.closed_weekdays is None else self.closed_weekdays
        return Calendar(
            closed_weekdays=week,
            closed_yearly=self.closed_yearly | above.closed_yearly,
            closed_on=self.closed_on | above.closed_on,
            opened_on=self.opened_on | (above.opened_on - self.closed_on),
        )

    def is_open(self, day: date) -> bool:
        """Tell whether readers find the library open on that day."""
        if day in self.opened_on:
            return True
        return not (
            day.weekday() in (self.closed_weekdays or ())
            or (day.month, day.day) in self.closed_yearly
            or day in self.closed_on
        )

    def next_open(self, day: date) -> date:
        """Give the day itself when open, else the first open day after it.

        Raises NeverOpen when there is none within two years.
        """
        return self._first_open(day, step=1)

    def previous_open(self, day: date) -> date:
        """Give the day itself when open, else the last open day before it.

        Raises NeverOpen when there is none within two years.
        """
        return self._first_open(day, step=-1)

    def add_open_days(self, day: date, count: int) -> date:
        """Give the day on which `count` open days have passed since `day`.

        The day itself is not counted, so from a Friday before a closed weekend one open
        day leads to Monday. With no days to count it is the next open day. Raises
        NeverOpen when two years go by without an open day.
        """
        if count < 1:
            return self.next_open(day)
        for _ in range(count):
            if day == date.max:
                raise NeverOpen(day)
            day = self.next_open(day + timedelta(days=1))
        return day

    def open_days_between(self, start: date, end: date) -> int:
        """Count the open days after `start` up to and with `end`; none when it is not later."""
        return sum(
            self.is_open(start + timedelta(days=past)) for past in range(1, (end - start).days + 1)
        )

    def _first_open(self, day: date, *, step: int) -> date:
        for candidate in _days(day, step=step):
            if self.is_open(candidate):
                return candidate
        raise NeverOpen(day)


def inherited(calendars: Iterable[Calendar]) -> Calendar:
    """Join the calendars of a library and of those above it, nearest first."""
    joined = Calendar()
    for calendar in calendars:
        joined = joined.over(calendar)
    return joined


def _days(day: date, *, step: int) -> Iterator[date]:
    for past in range(HORIZON_DAYS + 1):
        try:
            yield day + timedelta(days=past * step)
        except OverflowError:
            return
