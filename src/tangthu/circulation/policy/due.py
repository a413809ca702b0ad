"""Due dates: from the rules of a loan and the calendar of the library that decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tangthu.circulation.policy.names import DueMode, HardDueMode, LoanUnit, RuleName
from tangthu.circulation.policy.rules import Resolved, RuleBook
from tangthu.libraries.policy import Calendar, NeverOpen

LIBRARY_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Libraries judge days in their own time, whatever zone the moments are stored in."""

LAST_MINUTE = time(23, 59)
"""Loans that are counted in days may be returned until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanTerms:
    """How long a loan lasts. `not_after` is the last day it may reach: the card's, if set."""

    length: int
    unit: LoanUnit = LoanUnit.DAYS
    mode: DueMode = DueMode.NEXT_OPEN
    hard_due_on: date | None = None
    hard_due_mode: HardDueMode = HardDueMode.BEFORE
    calendar: Calendar = field(default_factory=Calendar)
    opening_hour: int = 8
    not_after: date | None = None


def local_day(moment: datetime) -> date:
    """Give the day that the library's wall calendar shows at that moment.

    At the ends of the calendar, where no zone can be reckoned with, the moment's own day.
    """
    try:
        return moment.astimezone(LIBRARY_ZONE).date()
    except OverflowError:
        return moment.date()


def end_of(day: date) -> datetime:
    """Give the last minute of a day at the library."""
    return datetime.combine(day, LAST_MINUTE, LIBRARY_ZONE)


def terms_from(
    book: RuleBook, *, length: Resolved, calendar: Calendar, opening_hour: int
) -> LoanTerms | None:
    """Gather the terms of a loan from the rules; `None` when no library set a length."""
    days = length.number
    if days is None:
        return None
    hard_due_on = book[RuleName.HARD_DUE_ON].value
    return LoanTerms(
        length=days,
        unit=LoanUnit(str(book[RuleName.LOAN_UNIT].value)),
        mode=DueMode(str(book[RuleName.DUE_MODE].value)),
        hard_due_on=hard_due_on if isinstance(hard_due_on, date) else None,
        hard_due_mode=HardDueMode(str(book[RuleName.HARD_DUE_MODE].value)),
        calendar=calendar,
        opening_hour=opening_hour,
    )


def due(start: datetime, terms: LoanTerms) -> datetime:
    """Say when a loan that starts at this moment is due, in the library's time.

    Loans by the day end at 23:59. An hour loan that would end on a closed day, or in the
    night before the library opens, ends when it next opens. A fixed due date then replaces
    or bounds the result, and `not_after` bounds that; a bound that falls on a closed day
    gives way to the nearest open day on its permitted side, but never to one before the
    loan begins. A calendar that is closed for two years is no calendar: the plain day stands.
    """
    if terms.unit is LoanUnit.HOURS:
        moment = _after_hours(start, terms)
    else:
        moment = end_of(_after_days(local_day(start), terms))
    moment = _with_hard_due(moment, terms, first=local_day(start))
    return _bounded(moment, terms.not_after, terms, first=local_day(start))


def _after_days(day: date, terms: LoanTerms) -> date:
    plain = day + timedelta(days=terms.length)
    try:
        match terms.mode:
            case DueMode.DAYS:
                return plain
            case DueMode.CALENDAR:
                return terms.calendar.add_open_days(day, terms.length)
            case DueMode.NEXT_OPEN:
                return terms.calendar.next_open(plain)
    except NeverOpen:
        return plain


def _after_hours(start: datetime, terms: LoanTerms) -> datetime:
    moment = start.astimezone(LIBRARY_ZONE) + timedelta(hours=terms.length)
    if terms.mode is DueMode.DAYS:
        return moment
    opening = time(terms.opening_hour)
    return max(moment, datetime.combine(_open_from(moment.date(), terms), opening, LIBRARY_ZONE))


def _with_hard_due(moment: datetime, terms: LoanTerms, *, first: date) -> datetime:
    fixed = terms.hard_due_on
    if fixed is None:
        return moment
    match terms.hard_due_mode:
        case HardDueMode.EXACTLY:
            return end_of(fixed)
        case HardDueMode.BEFORE:
            return _bounded(moment, fixed, terms, first=first)
        case HardDueMode.AFTER:
            return moment if moment.date() >= fixed else end_of(_open_from(fixed, terms))


def _bounded(moment: datetime, last: date | None, terms: LoanTerms, *, first: date) -> datetime:
    if last is None or moment.date() <= last:
        return moment
    if terms.mode is DueMode.DAYS:
        return end_of(last)
    try:
        open_day = terms.calendar.previous_open(last)
    except NeverOpen:
        return end_of(last)
    return end_of(open_day if open_day >= first else last)


def _open_from(day: date, terms: LoanTerms) -> date:
    if terms.mode is DueMode.DAYS:
        return day
    try:
        return terms.calendar.next_open(day)
    except NeverOpen:
        return day
