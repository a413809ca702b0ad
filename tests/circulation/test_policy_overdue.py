from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.circulation.policy import RuleBook, RuleName, local_day
from tangthu.circulation.policy.lost import Harm, compensation
from tangthu.circulation.policy.names import (
    ChargeAt,
    CountedDays,
    GraceMode,
    LoanUnit,
    SuspensionMode,
)
from tangthu.circulation.policy.overdue import (
    CappedBy,
    OverdueTerms,
    late_units,
    overdue_fee,
    overdue_terms,
    suspension,
)
from tangthu.libraries.policy import Calendar
from tests.circulation.lending import CALENDARS, MOMENTS, TODAY, row

DUE = datetime(2026, 11, 23, 16, 59, tzinfo=UTC)  # Monday, 23:59 at the library
SUNDAYS = Calendar(closed_weekdays=frozenset({6}))
DAILY = OverdueTerms(fee=1000)


def days_late(days):
    return DUE + timedelta(days=days, hours=-10)


TERMS = st.builds(
    OverdueTerms,
    fee=st.integers(0, 10_000),
    period=st.integers(1, 10),
    charged_at=st.sampled_from(ChargeAt),
    grace=st.integers(0, 10),
    grace_mode=st.sampled_from(GraceMode),
    counted=st.sampled_from(CountedDays),
    cap=st.none() | st.integers(0, 100_000),
    capped_by_price=st.booleans(),
    suspension=st.integers(0, 5),
    suspension_period=st.integers(1, 7),
    suspension_cap=st.none() | st.integers(0, 100),
    suspension_mode=st.sampled_from(SuspensionMode),
    unit=st.sampled_from(LoanUnit),
    calendar=CALENDARS,
)
PRICES = st.none() | st.integers(0, 500_000)
LATENESS = st.integers(-5000, 5000).map(lambda minutes: timedelta(minutes=7 * minutes))


@pytest.mark.parametrize(
    ("days", "terms", "amount"),
    [
        (0, DAILY, 0),
        (1, DAILY, 1000),
        (10, DAILY, 10_000),
        (10, replace(DAILY, cap=5000), 5000),
        (3, replace(DAILY, grace=3), 0),
        (4, replace(DAILY, grace=3), 1000),
        (4, replace(DAILY, grace=3, grace_mode=GraceMode.CHARGED), 4000),
        (8, replace(DAILY, period=7), 2000),
        (8, replace(DAILY, period=7, charged_at=ChargeAt.END), 1000),
        (6, replace(DAILY, period=7, charged_at=ChargeAt.END), 0),
        (7, replace(DAILY, counted=CountedDays.OPEN, calendar=SUNDAYS), 6000),
    ],
)
def test_a_late_copy_costs_by_the_day(days, terms, amount):
    assert overdue_fee(DUE, days_late(days), terms, price=None).amount == amount


def test_a_fee_is_capped_by_the_price_of_the_copy():
    fee = overdue_fee(DUE, days_late(90), DAILY, price=45_000)

    assert (fee.amount, fee.capped_by, fee.periods) == (45_000, CappedBy.PRICE, 90)
    free = replace(DAILY, capped_by_price=False)
    assert overdue_fee(DUE, days_late(90), free, price=45_000).amount == 90_000


@pytest.mark.parametrize(
    ("minutes", "hours"), [(0, 0), (1, 1), (59, 1), (60, 1), (119, 1), (120, 2), (600, 10)]
)
def test_a_loan_by_the_hour_is_late_by_the_hour(minutes, hours):
    due_at = datetime(2026, 11, 23, 3, tzinfo=UTC)
    by_the_hour = replace(DAILY, unit=LoanUnit.HOURS)

    assert late_units(due_at, due_at + timedelta(minutes=minutes), by_the_hour) == hours


def test_the_hours_of_a_closed_day_do_not_count_where_only_open_days_do():
    saturday = datetime(2026, 11, 28, 13, tzinfo=UTC)  # 20:00 at the library
    monday = datetime(2026, 11, 30, 1, tzinfo=UTC)  # 08:00
    terms = replace(DAILY, unit=LoanUnit.HOURS, counted=CountedDays.OPEN, calendar=SUNDAYS)

    assert late_units(saturday, monday, terms) == 12


@pytest.mark.parametrize(
    ("days", "terms", "running", "until"),
    [
        (3, OverdueTerms(suspension=1), None, date(2026, 11, 29)),
        (3, OverdueTerms(suspension=2), None, date(2026, 12, 2)),
        (3, OverdueTerms(suspension=1, suspension_period=7), None, None),
        (14, OverdueTerms(suspension=1, suspension_period=7), None, date(2026, 12, 9)),
        (30, OverdueTerms(suspension=1, suspension_cap=10), None, date(2027, 1, 2)),
        (3, OverdueTerms(suspension=1), date(2026, 12, 20), None),
        (
            3,
            OverdueTerms(suspension=1, suspension_mode=SuspensionMode.ADDED),
            date(2026, 12, 20),
            date(2026, 12, 23),
        ),
        (3, OverdueTerms(), None, None),
        (0, OverdueTerms(suspension=1), None, None),
    ],
)
def test_a_late_return_suspends_for_days(days, terms, running, until):
    found = suspension(DUE, days_late(days), terms, running_until=running)

    assert (found.until if found else None) == until


@given(MOMENTS, LATENESS, TERMS, PRICES)
def test_a_fee_is_never_negative_and_never_above_its_caps(due_at, late, terms, price):
    fee = overdue_fee(due_at, due_at + late, terms, price=price)

    assert fee.amount >= 0
    assert terms.cap is None or fee.amount <= terms.cap
    assert price is None or not terms.capped_by_price or fee.amount <= price
    assert late > timedelta(0) or fee.amount == 0


@given(MOMENTS, LATENESS, st.integers(0, 4000), TERMS, PRICES)
def test_a_fee_only_grows_with_time(due_at, late, more, terms, price):
    now = due_at + late

    earlier = overdue_fee(due_at, now, terms, price=price).amount
    later = overdue_fee(due_at, now + timedelta(minutes=11 * more), terms, price=price).amount

    assert earlier <= later


@given(MOMENTS, LATENESS, TERMS, st.none() | st.dates(TODAY, TODAY + timedelta(days=60)))
def test_a_suspension_lies_ahead_is_capped_and_always_reaches_further(due_at, late, terms, running):
    now = due_at + late

    found = suspension(due_at, now, terms, running_until=running)

    if found is not None:
        assert late > timedelta(0)
        assert found.until > local_day(now)
        assert terms.suspension_cap is None or found.days <= terms.suspension_cap
        assert running is None or running < local_day(now) or found.until > running


@given(MOMENTS, LATENESS, TERMS)
def test_only_open_days_never_cost_more_than_all(due_at, late, terms):
    every, opened = (
        late_units(due_at, due_at + late, replace(terms, counted=counted))
        for counted in (CountedDays.ALL, CountedDays.OPEN)
    )

    assert 0 <= opened <= every


def test_without_rules_lateness_costs_nothing():
    terms = overdue_terms(RuleBook((), "adult", "book"), calendar=Calendar())

    assert overdue_fee(DUE, days_late(100), terms, price=None).amount == 0
    assert suspension(DUE, days_late(100), terms) is None


def test_the_terms_are_those_of_the_rules():
    rows = (
        row(RuleName.OVERDUE_FEE, 2000),
        row(RuleName.OVERDUE_FEE_CAP, 50_000, category="adult"),
        row(RuleName.OVERDUE_GRACE, 2, item_type="book"),
        row(RuleName.SUSPENSION_DAYS, 1, category="child"),
    )

    terms = overdue_terms(RuleBook(rows, "adult", "book"), calendar=SUNDAYS)

    assert (terms.fee, terms.cap, terms.grace, terms.suspension) == (2000, 50_000, 2, 0)
    assert terms.rule == rows[0]


def book(*rows):
    return RuleBook(rows, "adult", "book")


@pytest.mark.parametrize(
    ("harm", "rows", "price", "total"),
    [
        (Harm.LOST, (), 45_000, 45_000),
        (Harm.LOST, (row(RuleName.LOST_PERCENT, 400),), 45_000, 180_000),
        (Harm.LOST, (row(RuleName.PROCESSING_FEE, 5000),), 45_000, 50_000),
        (Harm.LOST, (), None, None),
        (Harm.LOST, (row(RuleName.LOST_PRICE, 30_000),), None, 30_000),
        (Harm.LOST, (row(RuleName.LOST_PERCENT, 0),), None, 0),
        (Harm.DAMAGED, (), 45_000, None),
        (Harm.DAMAGED, (row(RuleName.DAMAGE_PERCENT, 50),), 45_001, 22_500),
        (Harm.DAMAGED, (row(RuleName.PROCESSING_FEE, 5000),), 45_000, None),
        (Harm.PARTS_MISSING, (row(RuleName.PARTS_PERCENT, 20),), 45_000, 9000),
    ],
)
def test_harm_to_a_copy_costs_a_multiple_of_its_price(harm, rows, price, total):
    assert compensation(harm, book(*rows), price=price).total == total


@given(
    st.sampled_from(Harm),
    PRICES,
    st.integers(0, 2000),
    st.integers(0, 50_000),
)
def test_compensation_is_whole_and_never_negative(harm, price, percent, processing):
    rows = [
        row(name, percent)
        for name in (RuleName.LOST_PERCENT, RuleName.DAMAGE_PERCENT, RuleName.PARTS_PERCENT)
    ]

    owed = compensation(harm, book(*rows, row(RuleName.PROCESSING_FEE, processing)), price=price)

    assert owed.total is None or (isinstance(owed.total, int) and owed.total >= 0)
    assert owed.total is not None or price is None
