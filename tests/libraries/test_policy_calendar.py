from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.libraries.policy import (
    Calendar,
    DayEntry,
    DayRule,
    MonthDay,
    NeverOpen,
    inherited,
    vietnam_holidays,
)

SATURDAY, SUNDAY = 5, 6
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
MONTH_DAYS = st.builds(MonthDay, st.integers(1, 12), st.integers(1, 28))
CALENDARS = st.builds(
    Calendar,
    closed_weekdays=st.none() | st.frozensets(st.integers(0, 6), max_size=6),
    closed_yearly=st.frozensets(MONTH_DAYS, max_size=20),
    closed_on=st.frozensets(DAYS, max_size=20),
    opened_on=st.frozensets(DAYS, max_size=20),
)
WEEKEND = Calendar(closed_weekdays=frozenset({SATURDAY, SUNDAY}))
ALWAYS_CLOSED = Calendar(closed_weekdays=frozenset(range(7)))


def test_a_library_without_a_calendar_is_always_open():
    assert Calendar().is_open(date(2026, 2, 17))


def test_each_way_of_closing_closes_the_day():
    calendar = Calendar(
        closed_weekdays=frozenset({SUNDAY}),
        closed_yearly=frozenset({MonthDay(9, 2)}),
        closed_on=frozenset({date(2026, 2, 17)}),
    )

    assert not calendar.is_open(date(2026, 11, 22))
    assert not calendar.is_open(date(2031, 9, 2))
    assert not calendar.is_open(date(2026, 2, 17))
    assert calendar.is_open(date(2026, 11, 23))


def test_a_reopened_date_wins_over_every_closure():
    day = date(2026, 8, 22)
    calendar = Calendar(
        closed_weekdays=frozenset({day.weekday()}),
        closed_yearly=frozenset({MonthDay(8, 22)}),
        closed_on=frozenset({day}),
        opened_on=frozenset({day}),
    )

    assert calendar.is_open(day)


def test_one_open_day_after_friday_is_monday():
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)

    assert WEEKEND.add_open_days(friday, 1) == monday
    assert WEEKEND.open_days_between(friday, monday) == 1
    assert WEEKEND.next_open(date(2026, 11, 21)) == monday
    assert WEEKEND.previous_open(date(2026, 11, 22)) == friday


def test_a_calendar_that_is_closed_for_ever_ends_the_search():
    with pytest.raises(NeverOpen):
        ALWAYS_CLOSED.next_open(date(2026, 1, 1))
    with pytest.raises(NeverOpen):
        ALWAYS_CLOSED.previous_open(date(2026, 1, 1))
    with pytest.raises(NeverOpen):
        ALWAYS_CLOSED.add_open_days(date(2026, 1, 1), 14)


def test_the_search_stops_at_the_end_of_time():
    with pytest.raises(NeverOpen):
        ALWAYS_CLOSED.next_open(date.max)
    with pytest.raises(NeverOpen):
        ALWAYS_CLOSED.previous_open(date.min)
    with pytest.raises(NeverOpen):
        Calendar().add_open_days(date.max, 1)


@given(CALENDARS, DAYS)
def test_the_next_and_the_previous_open_day_are_open_with_none_between(calendar, day):
    later, earlier = calendar.next_open(day), calendar.previous_open(day)

    assert calendar.is_open(later)
    assert calendar.is_open(earlier)
    assert earlier <= day <= later
    assert not any(
        calendar.is_open(earlier + timedelta(days=past))
        for past in range(1, (later - earlier).days)
        if earlier != later
    )


@given(CALENDARS, DAYS, st.integers(1, 40), st.integers(1, 40))
def test_open_days_added_one_after_the_other_add_up(calendar, day, first, second):
    there = calendar.add_open_days(day, first)

    assert calendar.is_open(there)
    assert calendar.open_days_between(day, there) == first
    assert calendar.add_open_days(there, second) == calendar.add_open_days(day, first + second)


@given(CALENDARS, DAYS)
def test_closing_one_more_day_never_brings_the_next_open_day_forward(calendar, day):
    stricter = Calendar(
        closed_weekdays=calendar.closed_weekdays,
        closed_yearly=calendar.closed_yearly,
        closed_on=calendar.closed_on | {calendar.next_open(day)},
        opened_on=calendar.opened_on - {calendar.next_open(day)},
    )

    assert stricter.next_open(day) >= calendar.next_open(day)


@given(CALENDARS)
def test_a_calendar_survives_being_written_as_lines(calendar):
    lines = [
        *(DayEntry(rule=DayRule.WEEKLY, weekday=day) for day in calendar.closed_weekdays or ()),
        *(
            DayEntry(rule=DayRule.YEARLY, month=each.month, day=each.day)
            for each in calendar.closed_yearly
        ),
        *(DayEntry(rule=DayRule.SINGLE, on=day) for day in calendar.closed_on),
        *(DayEntry(rule=DayRule.REOPENED, on=day) for day in calendar.opened_on),
    ]

    read = Calendar.from_entries(lines)

    assert read.closed_weekdays == (calendar.closed_weekdays or None)
    assert read.closed_yearly == calendar.closed_yearly
    assert read.closed_on == calendar.closed_on
    assert read.opened_on == calendar.opened_on


def test_a_branch_keeps_the_holidays_of_the_province_and_its_own_week():
    province = Calendar(
        closed_weekdays=frozenset({SATURDAY, SUNDAY}), closed_yearly=frozenset({MonthDay(9, 2)})
    )
    branch = Calendar(closed_weekdays=frozenset({0}), opened_on=frozenset({date(2026, 9, 2)}))

    joined = inherited([branch, province])

    assert joined.is_open(date(2026, 11, 22))
    assert not joined.is_open(date(2026, 11, 23))
    assert joined.is_open(date(2026, 9, 2))
    assert not joined.is_open(date(2027, 9, 2))


def test_a_branch_closes_on_a_date_that_the_province_reopened():
    day = date(2026, 8, 22)
    province = Calendar(closed_weekdays=frozenset({SATURDAY}), opened_on=frozenset({day}))

    assert not inherited([Calendar(closed_on=frozenset({day})), province]).is_open(day)
    assert inherited([Calendar(), province]).is_open(day)


@given(CALENDARS)
def test_a_silent_branch_has_the_calendar_of_the_library_above(calendar):
    assert Calendar().over(calendar) == calendar
    assert inherited([calendar]) == calendar


def test_the_holidays_of_2026_are_those_that_were_announced():
    days = {each.on: (each.rule, each.name_vi) for each in vietnam_holidays(2026)}

    assert days[date(2026, 1, 1)] == (DayRule.YEARLY, "Tết Dương lịch")
    assert [day for day in days if day.month == 2] == [date(2026, 2, n) for n in range(16, 21)]
    assert days[date(2026, 2, 17)] == (DayRule.SINGLE, "Tết Nguyên Đán")
    assert days[date(2026, 4, 26)] == (DayRule.SINGLE, "Ngày Giỗ Tổ Hùng Vương")
    assert days[date(2026, 4, 30)][0] is DayRule.YEARLY
    assert days[date(2026, 8, 22)] == (DayRule.REOPENED, "Ngày làm việc bù")
    assert days[date(2026, 9, 1)] == (DayRule.SINGLE, "Quốc khánh")
    assert days[date(2026, 9, 2)] == (DayRule.YEARLY, "Quốc khánh")
    assert days[date(2026, 11, 24)] == (DayRule.YEARLY, "Ngày Văn hóa Việt Nam")


def test_the_day_of_vietnamese_culture_begins_in_2026():
    assert date(2025, 11, 24) not in {each.on for each in vietnam_holidays(2025)}


@given(st.integers(2013, 2099))
def test_every_year_has_its_feasts_and_its_suggestions_close_them(year):
    suggestions = vietnam_holidays(year)

    calendar = Calendar.from_entries(each.as_entry() for each in suggestions)

    assert len({each.on for each in suggestions}) == len(suggestions) >= 11
    assert all(each.on.year == year and each.name_en for each in suggestions)
    for each in suggestions:
        assert calendar.is_open(each.on) is (each.rule is DayRule.REOPENED)


@pytest.mark.parametrize("year", [1994, 2100])
def test_no_holidays_are_invented_for_a_year_whose_moons_are_unknown(year):
    with pytest.raises(ValueError, match=str(year)):
        vietnam_holidays(year)
