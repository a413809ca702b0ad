"""What lateness costs: money by the period, or days on which nothing is lent.

Amounts are whole đồng. Lateness is counted in the unit of the loan: in days, or in hours for
loans by the hour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from tangthu.circulation.policy.due import LIBRARY_ZONE, local_day
from tangthu.circulation.policy.names import (
    ChargeAt,
    CountedDays,
    GraceMode,
    LoanUnit,
    RuleName,
    SuspensionMode,
    YesNo,
)
from tangthu.circulation.policy.rules import RuleBook, RuleRow
from tangthu.libraries.policy import Calendar, NeverOpen

_HOUR = timedelta(hours=1)


class CappedBy(StrEnum):
    """What kept an overdue fee from growing further."""

    RULE = "rule"
    PRICE = "price"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueTerms:
    """The rules of lateness for one loan, and the calendar of the library that decides."""

    fee: int = 0
    period: int = 1
    charged_at: ChargeAt = ChargeAt.START
    grace: int = 0
    grace_mode: GraceMode = GraceMode.FREE
    counted: CountedDays = CountedDays.ALL
    cap: int | None = None
    capped_by_price: bool = True
    suspension: int = 0
    suspension_period: int = 1
    suspension_cap: int | None = None
    suspension_mode: SuspensionMode = SuspensionMode.LONGEST
    unit: LoanUnit = LoanUnit.DAYS
    calendar: Calendar = field(default_factory=Calendar)
    rule: RuleRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueFee:
    """What a late copy costs. `units` are the late days or hours that counted."""

    amount: int
    units: int
    periods: int
    capped_by: CappedBy | None = None

    def __bool__(self) -> bool:
        return self.amount > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Days on which nothing is lent, after a late return. `until` is the last of them."""

    days: int
    until: date


def overdue_terms(book: RuleBook, *, calendar: Calendar) -> OverdueTerms:
    """Gather the rules of lateness; where none was set, lateness costs nothing."""
    return OverdueTerms(
        fee=book.number(RuleName.OVERDUE_FEE) or 0,
        period=book.number(RuleName.OVERDUE_FEE_PERIOD) or 1,
        charged_at=ChargeAt(book.choice(RuleName.OVERDUE_FEE_AT)),
        grace=book.number(RuleName.OVERDUE_GRACE) or 0,
        grace_mode=GraceMode(book.choice(RuleName.OVERDUE_GRACE_MODE)),
        counted=CountedDays(book.choice(RuleName.OVERDUE_DAYS)),
        cap=book.number(RuleName.OVERDUE_FEE_CAP),
        capped_by_price=book[RuleName.OVERDUE_FEE_PRICE_CAP].value == YesNo.YES,
        suspension=book.number(RuleName.SUSPENSION_DAYS) or 0,
        suspension_period=book.number(RuleName.SUSPENSION_PERIOD) or 1,
        suspension_cap=book.number(RuleName.SUSPENSION_CAP),
        suspension_mode=SuspensionMode(book.choice(RuleName.SUSPENSION_MODE)),
        unit=LoanUnit(book.choice(RuleName.LOAN_UNIT)),
        calendar=calendar,
        rule=book[RuleName.OVERDUE_FEE].source or book[RuleName.SUSPENSION_DAYS].source,
    )


def late_units(due_at: datetime, now: datetime, terms: OverdueTerms) -> int:
    """Count the late days, or hours of a loan by the hour; the first hour counts once begun.

    Where only open days count, a day on which the library was closed does not, nor do the
    hours of such a day.
    """
    if now <= due_at:
        return 0
    first, last = local_day(due_at), local_day(now)
    if terms.unit is LoanUnit.DAYS:
        if terms.counted is CountedDays.OPEN:
            return terms.calendar.open_days_between(first, last)
        return (last - first).days
    late = now - due_at
    if terms.counted is CountedDays.OPEN:
        late -= _closed_time(due_at, now, terms.calendar)
    return max(1, late // _HOUR) if late > timedelta(0) else 0


def overdue_fee(
    due_at: datetime, now: datetime, terms: OverdueTerms, *, price: int | None
) -> OverdueFee:
    """Say what a copy due then costs when it comes back now.

    Grace is tested first; passed, it stays free or is charged too, as the rules say. A period
    costs once it has begun, or once it is over. The fee is never above the cap of the rules,
    nor above the copy's price where that caps it and is known.
    """
    late = late_units(due_at, now, terms)
    if late <= terms.grace or terms.fee <= 0:
        return OverdueFee(amount=0, units=late, periods=0)
    charged = late if terms.grace_mode is GraceMode.CHARGED else late - terms.grace
    started = terms.charged_at is ChargeAt.START
    periods = -(-charged // terms.period) if started else charged // terms.period
    amount, capped_by = periods * terms.fee, None
    if terms.cap is not None and amount > terms.cap:
        amount, capped_by = terms.cap, CappedBy.RULE
    if terms.capped_by_price and price is not None and amount > price:
        amount, capped_by = price, CappedBy.PRICE
    return OverdueFee(amount=amount, units=late, periods=periods, capped_by=capped_by)


def suspension(
    due_at: datetime,
    now: datetime,
    terms: OverdueTerms,
    *,
    running_until: date | None = None,
) -> Suspension | None:
    """Say until when nothing is lent to the reader who brings the copy back now.

    `running_until` is the last day of a suspension that is in force. A further one begins after
    it, or beside it, as the rules say; one that would end no later is none. Hours of lateness
    count as the days they make up, begun ones whole.
    """
    late = late_units(due_at, now, terms)
    if late <= terms.grace or terms.suspension <= 0:
        return None
    charged = late if terms.grace_mode is GraceMode.CHARGED else late - terms.grace
    days = charged * terms.suspension // terms.suspension_period
    if terms.unit is LoanUnit.HOURS:
        days = -(-days // 24)
    if terms.suspension_cap is not None:
        days = min(days, terms.suspension_cap)
    today = local_day(now)
    running = running_until if running_until is not None and running_until >= today else None
    added = terms.suspension_mode is SuspensionMode.ADDED and running is not None
    start = running if added and running is not None else today
    until = _after(start, days, terms)
    if days < 1 or (running is not None and until <= running):
        return None
    return Suspension(days=days, until=until)


def _after(start: date, days: int, terms: OverdueTerms) -> date:
    plain = start + timedelta(days=days)
    if terms.counted is CountedDays.ALL:
        return plain
    try:
        return terms.calendar.add_open_days(start, days)
    except NeverOpen:
        return plain


def _closed_time(due_at: datetime, now: datetime, calendar: Calendar) -> timedelta:
    """Measure how much of the lateness fell on days on which the library was closed."""
    closed, moment = timedelta(0), due_at
    while moment < now:
        day = local_day(moment)
        midnight = _midnight_after(day)
        if not calendar.is_open(day):
            closed += min(midnight, now) - moment
        moment = midnight
    return closed


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), LIBRARY_ZONE)
