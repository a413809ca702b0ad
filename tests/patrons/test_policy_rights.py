from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.patrons.actions.requests import deadline
from tangthu.patrons.policy.rights import answer_by, is_working_day

DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2026, 3, 2), date(2026, 3, 4)),  # Monday
        (date(2026, 3, 5), date(2026, 3, 9)),  # Thursday, over a week-end
        (date(2026, 3, 7), date(2026, 3, 10)),  # Saturday
        (date(2026, 4, 29), date(2026, 5, 5)),  # before 30/4, 1/5 and a week-end
        (date(2026, 9, 1), date(2026, 9, 4)),
    ],
)
def test_the_answer_is_due_on_the_second_working_day(asked, due):
    if asked == date(2026, 9, 1):
        # The second day of the National Day is the government's to choose.
        assert deadline(asked) in {date(2026, 9, 4), date(2026, 9, 3), date(2026, 9, 7)}
    else:
        assert deadline(asked) == due


@given(DAYS, st.sets(DAYS, max_size=10))
def test_the_last_day_is_a_working_day_with_exactly_one_other_before_it(asked, holidays):
    due = answer_by(asked, holidays=holidays)

    between = [asked + timedelta(days=n) for n in range(1, (due - asked).days + 1)]
    worked = [day for day in between if is_working_day(day, holidays=holidays)]
    assert worked[-1] == due
    assert len(worked) == 2


def test_a_saturday_worked_in_exchange_counts():
    saturday = date(2026, 3, 7)

    assert answer_by(date(2026, 3, 5), holidays=(), worked=[saturday]) == saturday
