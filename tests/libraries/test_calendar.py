from datetime import date

import pytest

from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tangthu.libraries.actions import (
    remove_calendar_entry,
    set_calendar_entry,
    take_over_holidays,
)
from tangthu.libraries.errors import CalendarRefused
from tangthu.libraries.models import CalendarEntry
from tangthu.libraries.policy import DayEntry, DayRule
from tangthu.libraries.reading import calendar_of
from tests.factories import LibraryFactory

pytestmark = pytest.mark.django_db

SUNDAYS = DayEntry(rule=DayRule.WEEKLY, weekday=6)


def test_a_line_counts_for_the_library_and_those_below(province, commune, administrator):
    ward = LibraryFactory(parent=province)

    set_calendar_entry(province, SUNDAYS, note="Nghỉ chủ nhật", by=administrator)

    sunday = date(2026, 11, 22)
    assert not calendar_of(province).is_open(sunday)
    assert not calendar_of(ward).is_open(sunday)
    assert calendar_of(commune).is_open(sunday)


def test_the_same_line_is_written_once(province, administrator):
    first = set_calendar_entry(province, SUNDAYS, by=administrator)
    second = set_calendar_entry(province, SUNDAYS, by=administrator)

    assert first == second == CalendarEntry.objects.get()
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "entry",
    [
        DayEntry(rule=DayRule.WEEKLY),
        DayEntry(rule=DayRule.WEEKLY, weekday=7),
        DayEntry(rule=DayRule.YEARLY, month=2),
        DayEntry(rule=DayRule.YEARLY, month=2, day=30),
        DayEntry(rule=DayRule.YEARLY, month=13, day=1),
        DayEntry(rule=DayRule.SINGLE),
        DayEntry(rule=DayRule.SINGLE, on=date(2026, 1, 1), weekday=3),
        DayEntry(rule=DayRule.REOPENED, month=1, day=1),
    ],
)
def test_a_line_that_names_no_day_is_refused(province, administrator, entry):
    with pytest.raises(CalendarRefused):
        set_calendar_entry(province, entry, by=administrator)

    assert not CalendarEntry.objects.exists()


def test_the_twenty_ninth_of_february_is_a_day(province, administrator):
    assert set_calendar_entry(
        province, DayEntry(rule=DayRule.YEARLY, month=2, day=29), by=administrator
    )


def test_the_holidays_are_taken_over_once_and_stay_editable(province, administrator):
    taken = take_over_holidays(province, 2026, by=administrator)
    again = take_over_holidays(province, 2026, by=administrator)

    assert taken == again
    assert CalendarEntry.objects.count() == len(taken)
    calendar = calendar_of(province)
    assert not calendar.is_open(date(2026, 2, 17))
    assert not calendar.is_open(date(2027, 9, 2))
    assert calendar.is_open(date(2026, 8, 22))

    culture_day = CalendarEntry.objects.get(month=11, day=24)
    assert culture_day.note == "Ngày Văn hóa Việt Nam"
    remove_calendar_entry(culture_day, by=administrator)

    assert calendar_of(province).is_open(date(2026, 11, 24))
    assert AuditEntry.objects.newest().first().action == "calendar.remove"


def test_only_the_chosen_holidays_are_taken_over(province, administrator):
    taken = take_over_holidays(province, 2026, days={date(2026, 9, 1)}, by=administrator)

    assert [entry.on for entry in taken] == [date(2026, 9, 1)]


def test_the_holidays_of_an_unknown_year_are_refused(province, administrator):
    with pytest.raises(CalendarRefused):
        take_over_holidays(province, 2150, by=administrator)


def test_the_desk_and_the_neighbour_leave_the_calendar_alone(
    province, administrator, desk, neighbour
):
    entry = set_calendar_entry(province, SUNDAYS, by=administrator)

    for actor in (desk, neighbour):
        with pytest.raises(NotPermitted):
            set_calendar_entry(province, SUNDAYS, by=actor)
        with pytest.raises(NotPermitted):
            take_over_holidays(province, 2026, by=actor)
        with pytest.raises(NotPermitted):
            remove_calendar_entry(entry, by=actor)

    assert CalendarEntry.objects.get() == entry


def test_a_calendar_costs_one_query_until_something_changes(province, django_assert_num_queries):
    calendar_of(province)

    with django_assert_num_queries(1):
        calendar_of(province)
