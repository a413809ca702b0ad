"""What a closing would move: asked before it is done, and by the deed itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate

from tangthu.circulation.models import Hold, Loan, LoanQuerySet
from tangthu.circulation.policy import LIBRARY_ZONE, end_of, local_day
from tangthu.libraries.models import Library
from tangthu.libraries.policy import Calendar, DayEntry, DayRule, NeverOpen
from tangthu.libraries.reading import calendar_of


@dataclass(frozen=True, slots=True)
class DayMoved:
    """The loans that are due on one day of the closing, and when they would be due."""

    day: date
    loans: int
    to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a closing would do."""

    days: tuple[DayMoved, ...]
    newly_closed: tuple[date, ...]
    kept_longer: int

    @property
    def loans(self) -> int:
        """How many due dates would move."""
        return sum(day.loans for day in self.days)


def due_within(library: Library, first: date, last: date) -> LoanQuerySet:
    """Return the open loans made at the library, or below it, that are due on these days."""
    begin = datetime.combine(first, time(0), LIBRARY_ZONE)
    end = datetime.combine(last + timedelta(days=1), time(0), LIBRARY_ZONE)
    return (
        Loan.objects.open()
        .filter(library__path__startswith=library.path, due_at__gte=begin, due_at__lt=end)
        .select_related("patron", "library", "item__record")
        .defer("item__record__marc")
    )


def moved_to(due_at: datetime, last: date, calendar: Calendar) -> datetime:
    """Say when a loan is due that was due while the library is closed: when it opens again."""
    after = max(last, local_day(due_at)) + timedelta(days=1)
    try:
        return end_of(calendar.next_open(after))
    except NeverOpen:
        return end_of(after)


def preview(library: Library, first: date, last: date) -> Preview:
    """Count, day by day, the due dates that a closing would move, and the holds kept longer."""
    calendar = calendar_of(library)
    closed = Calendar.from_entries(
        DayEntry(rule=DayRule.SINGLE, on=first + timedelta(days=past))
        for past in range((last - first).days + 1)
    ).over(calendar)
    counts = (
        due_within(library, first, last)
        .select_related(None)
        .annotate(day=TruncDate("due_at", tzinfo=LIBRARY_ZONE))
        .order_by("day")
        .values("day")
        .annotate(loans=Count("pk"))
        .values_list("day", "loans")
    )
    days = tuple(
        DayMoved(day, loans, local_day(moved_to(end_of(day), last, closed)))
        for day, loans in counts
    )
    fresh = (first + timedelta(days=past) for past in range((last - first).days + 1))
    lost = tuple(day for day in fresh if calendar.is_open(day))
    held = Hold.objects.on_shelf_past(lost[0], library=library).count() if lost else 0
    return Preview(days=days, newly_closed=lost, kept_longer=held)
