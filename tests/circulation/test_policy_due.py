from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from tangthu.circulation.policy import (
    LIBRARY_ZONE,
    DueMode,
    HardDueMode,
    LoanTerms,
    LoanUnit,
    due,
    local_day,
)
from tangthu.libraries.policy import Calendar
from tests.circulation.lending import MOMENTS, NOW, TERMS, TODAY

SUNDAY = 6
NO_SUNDAYS = Calendar(closed_weekdays=frozenset({SUNDAY}))
ALWAYS_CLOSED = Calendar(closed_weekdays=frozenset(range(7)))


def at_library(*parts):
    return datetime(*parts, tzinfo=LIBRARY_ZONE)


def opens_every_week(terms):
    return len(terms.calendar.closed_weekdays or ()) < 7


def test_a_day_loan_is_due_in_the_last_minute_of_its_day():
    assert due(NOW, LoanTerms(length=14)) == at_library(2026, 12, 7, 23, 59)


def test_the_day_is_that_of_the_library_not_of_greenwich():
    before_seven = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)

    assert local_day(before_seven) == date(2026, 11, 23)
    assert due(before_seven, LoanTerms(length=1)) == at_library(2026, 11, 24, 23, 59)


def test_the_three_ways_to_meet_a_closed_day():
    friday = at_library(2026, 11, 20, 10)
    terms = LoanTerms(length=2, calendar=NO_SUNDAYS)

    assert due(friday, replace(terms, mode=DueMode.DAYS)).date() == date(2026, 11, 22)
    assert due(friday, replace(terms, mode=DueMode.NEXT_OPEN)).date() == date(2026, 11, 23)
    assert due(friday, replace(terms, mode=DueMode.CALENDAR)).date() == date(2026, 11, 23)


def test_closed_days_are_not_counted_in_a_longer_loan():
    friday = at_library(2026, 11, 20, 10)
    terms = LoanTerms(length=14, mode=DueMode.CALENDAR, calendar=NO_SUNDAYS)

    assert due(friday, terms).date() == date(2026, 12, 7)


def test_an_hour_loan_ends_after_its_hours():
    terms = LoanTerms(length=3, unit=LoanUnit.HOURS, calendar=NO_SUNDAYS)

    assert due(NOW, terms) == NOW + timedelta(hours=3)


def test_an_hour_loan_that_would_end_on_a_closed_day_ends_when_the_library_opens():
    saturday = at_library(2026, 11, 21, 15)
    terms = LoanTerms(length=12, unit=LoanUnit.HOURS, calendar=NO_SUNDAYS, opening_hour=8)

    assert due(saturday, terms) == at_library(2026, 11, 23, 8)


def test_an_hour_loan_that_would_end_in_the_night_ends_when_the_library_opens():
    evening = at_library(2026, 11, 23, 17)
    terms = LoanTerms(length=10, unit=LoanUnit.HOURS, opening_hour=8)

    assert due(evening, terms) == at_library(2026, 11, 24, 8)
    assert due(evening, replace(terms, mode=DueMode.DAYS)) == at_library(2026, 11, 24, 3)


def test_a_fixed_date_replaces_or_bounds_the_due_date():
    end_of_term = date(2026, 12, 1)
    terms = LoanTerms(length=14, hard_due_on=end_of_term)

    exactly = due(NOW, replace(terms, hard_due_mode=HardDueMode.EXACTLY))
    before = due(NOW, replace(terms, hard_due_mode=HardDueMode.BEFORE))
    after = due(NOW, replace(terms, hard_due_mode=HardDueMode.AFTER))

    assert exactly == before == at_library(2026, 12, 1, 23, 59)
    assert after == at_library(2026, 12, 7, 23, 59)


def test_a_loan_that_would_outlive_the_card_ends_on_the_open_day_before():
    terms = LoanTerms(length=14, calendar=NO_SUNDAYS, not_after=date(2026, 11, 29))

    assert due(NOW, terms) == at_library(2026, 11, 28, 23, 59)


def test_a_card_that_ends_today_lends_until_tonight_even_when_the_library_is_closed():
    terms = LoanTerms(length=14, calendar=ALWAYS_CLOSED, not_after=TODAY)

    assert due(NOW, terms) == at_library(2026, 11, 23, 23, 59)


def test_a_calendar_that_is_closed_for_ever_is_no_calendar():
    terms = LoanTerms(length=14, calendar=ALWAYS_CLOSED)

    for mode in DueMode:
        assert due(NOW, replace(terms, mode=mode)) == at_library(2026, 12, 7, 23, 59)


@given(MOMENTS, TERMS)
def test_no_loan_outlives_its_last_day(start, terms):
    last = local_day(start) + timedelta(days=30)

    assert due(start, replace(terms, not_after=last)).date() <= last


@given(MOMENTS, TERMS, st.sampled_from([DueMode.CALENDAR, DueMode.NEXT_OPEN]))
def test_a_loan_is_due_on_an_open_day(start, terms, mode):
    terms = replace(terms, mode=mode, hard_due_on=None, not_after=None)
    assume(opens_every_week(terms))

    assert terms.calendar.is_open(due(start, terms).date())


@given(MOMENTS, TERMS, st.sampled_from([DueMode.CALENDAR, DueMode.NEXT_OPEN]))
def test_a_bounded_loan_is_due_on_an_open_day_unless_none_is_left(start, terms, mode):
    first, last = local_day(start), local_day(start) + timedelta(days=20)
    terms = replace(terms, mode=mode, hard_due_on=None, not_after=last)
    days = [first + timedelta(days=n) for n in range(21)]
    assume(opens_every_week(terms))
    assume(any(terms.calendar.is_open(day) for day in days))

    assert terms.calendar.is_open(due(start, terms).date())


@given(MOMENTS, TERMS)
def test_a_longer_loan_is_never_due_earlier(start, terms):
    assume(opens_every_week(terms))
    longer = replace(terms, length=terms.length + 1)

    assert due(start, longer) >= due(start, terms)


@given(MOMENTS, TERMS)
def test_a_loan_never_ends_before_the_day_it_begins_but_by_a_fixed_date(start, terms):
    terms = replace(terms, hard_due_on=None, not_after=None)

    assert due(start, terms).date() >= local_day(start)


@given(MOMENTS, TERMS)
def test_counting_open_days_never_shortens_a_loan(start, terms):
    terms = replace(terms, unit=LoanUnit.DAYS, hard_due_on=None, not_after=None)

    plain = due(start, replace(terms, mode=DueMode.DAYS))
    moved = due(start, replace(terms, mode=DueMode.NEXT_OPEN))
    counted = due(start, replace(terms, mode=DueMode.CALENDAR))

    assert plain <= moved
    assert plain <= counted


@given(MOMENTS, TERMS)
def test_due_moments_know_their_zone(start, terms):
    assert due(start, terms).utcoffset() == timedelta(hours=7)
