"""Reminders: on their day, once, to those who chose them, and never of what came back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from tangthu.circulation.actions.reminders import remind
from tangthu.circulation.models import Loan
from tangthu.circulation.policy.reminding import WINDOW, Reminder, ReminderDays, reminder
from tangthu.circulation.reminding import outdated, source_of
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tangthu.libraries.actions import set_preference
from tangthu.libraries.models import Library
from tangthu.notices.kinds import Channel, Topic
from tangthu.notices.models import Notice
from tangthu.patrons.models import CardStatus, Patron
from tests.factories import ItemFactory, PatronFactory
from tests.notices.readers import agree

MORNING = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # Monday the 23rd, six at the library
TODAY = date(2026, 11, 23)
DAYS = ReminderDays()


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        (-4, None),
        (-3, Reminder.DUE_SOON),
        (0, Reminder.DUE_SOON),
        (1, Reminder.OVERDUE),
        (6, Reminder.OVERDUE),
        (7, Reminder.OVERDUE_AGAIN),
        (20, Reminder.OVERDUE_AGAIN),
        (21, Reminder.OVERDUE_LAST),
        (51, Reminder.OVERDUE_LAST),
        (52, None),
    ],
)
def test_each_day_has_its_reminder(late: int, expected: Reminder | None) -> None:
    due_on = TODAY - timedelta(days=late)

    assert reminder(lent_on=date(2026, 1, 1), due_on=due_on, today=TODAY, days=DAYS) is expected


def test_nobody_is_reminded_on_the_day_of_the_loan() -> None:
    due_on = TODAY + timedelta(days=1)

    assert reminder(lent_on=TODAY, due_on=due_on, today=TODAY, days=DAYS) is None


days = st.integers(0, 400)


@given(before=days, first=days, second=days, last=days, late=st.integers(-500, 900))
def test_reminders_follow_each_other_and_end(
    before: int, first: int, second: int, last: int, late: int
) -> None:
    chosen = ReminderDays(before=before, first=first, second=second, last=last)

    found = reminder(
        lent_on=date(2000, 1, 1), due_on=TODAY - timedelta(days=late), today=TODAY, days=chosen
    )

    if found is Reminder.DUE_SOON:
        assert 0 <= -late <= before
    elif found is not None:
        day = {step: day for day, step in chosen.steps}[found]
        assert 0 < day <= late <= day + WINDOW
        assert not any(day < other <= late for other, _ in chosen.steps)


@pytest.fixture(autouse=True)
def mail(settings: Settings) -> None:
    settings.EMAIL_HOST = "127.0.0.1"


@pytest.fixture
def lan(province: Library) -> Patron:
    patron = PatronFactory(library=province, email="lan@example.vn")
    for topic in (Topic.DUE_SOON, Topic.OVERDUE, Topic.CARD):
        agree(patron, topic, Channel.EMAIL)
    return patron


def lent(patron: Patron, *, late: int, **values: object) -> Loan:
    """A loan that is so many days late on the morning of the tests."""
    due = datetime(2026, 11, 23, 16, 59, tzinfo=UTC) - timedelta(days=late)
    return Loan.objects.create(
        item=ItemFactory(library=patron.library),
        patron=patron,
        library=patron.library,
        lent_at=due - timedelta(days=14),
        due_at=due,
        **values,
    )


def told() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("id").values_list("kind", "source"))


def selects(queries: CaptureQueriesContext) -> int:
    return sum(query["sql"].startswith("SELECT") for query in queries)


def run(machine: Actor, *, days_later: int = 0):
    with time_machine.travel(MORNING + timedelta(days=days_later), tick=False):
        return remind(by=machine)


@pytest.mark.django_db
def test_each_loan_is_told_in_its_own_step(lan: Patron, machine: Actor) -> None:
    soon, first, last = (lent(lan, late=late) for late in (-3, 1, 25))
    lent(lan, late=-9)

    done = run(machine)

    assert sorted(told()) == sorted(
        [
            ("due_soon", f"loan:{soon.pk}:due:2026-11-26"),
            ("overdue", f"loan:{first.pk}:due:2026-11-22"),
            ("overdue_last", f"loan:{last.pk}:due:2026-10-29"),
        ]
    )
    assert done.notices == 3
    assert AuditEntry.objects.get(action="reminders.announced").changes["notices"] == [None, 3]


@pytest.mark.django_db
def test_what_was_announced_is_not_announced_again(lan: Patron, machine: Actor) -> None:
    lent(lan, late=1)

    first, second = run(machine), run(machine)

    assert (first.notices, second.notices) == (1, 0)
    assert len(told()) == 1


@pytest.mark.django_db
def test_the_steps_follow_each_other(lan: Patron, machine: Actor) -> None:
    lent(lan, late=-3)

    for day in range(60):
        run(machine, days_later=day)

    assert [kind for kind, _ in told()] == ["due_soon", "overdue", "overdue_again", "overdue_last"]


@pytest.mark.django_db
def test_who_did_not_choose_it_is_not_reminded(province: Library, machine: Actor) -> None:
    lent(PatronFactory(library=province, email="hoa@example.vn"), late=1)

    assert run(machine).notices == 0


@pytest.mark.django_db
def test_the_last_reminder_is_a_letter_where_nothing_else_reaches(
    province: Library, machine: Actor
) -> None:
    reader = PatronFactory(library=province, address="12 Lê Duẩn, Buôn Ma Thuột")
    lent(reader, late=22)
    lent(PatronFactory(library=province), late=22)

    run(machine)

    assert [notice.channel for notice in Notice.objects.all()] == ["letter"]


@pytest.mark.django_db
def test_a_library_may_want_no_letters(
    province: Library, machine: Actor, administrator: Actor
) -> None:
    set_preference(province, "letter_for_last_reminder", "false", by=administrator)
    lent(PatronFactory(library=province, address="12 Lê Duẩn"), late=22)

    assert run(machine).notices == 0


@pytest.mark.django_db
def test_each_library_has_days_of_its_own(
    lan: Patron, province: Library, machine: Actor, administrator: Actor
) -> None:
    set_preference(province, "remind_days_before", "0", by=administrator)
    set_preference(province, "remind_overdue_first", "5", by=administrator)
    lent(lan, late=-2)
    lent(lan, late=4)
    five = lent(lan, late=5)

    run(machine)

    assert told() == [("overdue", source_of(five.pk, date(2026, 11, 18)))]


@pytest.mark.django_db
def test_a_claimed_return_and_reading_on_site_are_left_alone(lan: Patron, machine: Actor) -> None:
    lent(lan, late=3, claimed_at=MORNING)
    lent(lan, late=0, on_site=True)
    lent(lan, late=2, returned_at=MORNING)

    assert run(machine).notices == 0


@pytest.mark.django_db
def test_a_card_that_ends_is_told_once(lan: Patron, machine: Actor) -> None:
    Patron.objects.filter(pk=lan.pk).update(expires_on=date(2026, 12, 20))
    lost = PatronFactory(
        library=lan.library,
        email="mai@example.vn",
        expires_on=date(2026, 12, 1),
        card_status=CardStatus.LOST,
    )
    agree(lost, Topic.CARD, Channel.EMAIL)

    done = [run(machine, days_later=day).notices for day in range(3)]

    assert done == [1, 0, 0]
    assert told() == [("card_ending", f"card:{lan.pk}:ends:2026-12-20")]


@pytest.mark.django_db
def test_a_reminder_of_what_came_back_or_was_renewed_is_outdated(lan: Patron) -> None:
    stays, back, renewed = (lent(lan, late=1) for _ in range(3))
    sources = [source_of(loan.pk, date(2026, 11, 22)) for loan in (stays, back, renewed)]
    Loan.objects.filter(pk=back.pk).update(returned_at=MORNING)
    Loan.objects.filter(pk=renewed.pk).update(due_at=MORNING + timedelta(days=9))

    assert outdated([*sources, "something else"]) == frozenset(sources[1:])


@pytest.mark.django_db
def test_only_the_machine_reminds(administrator: Actor) -> None:
    with pytest.raises(NotPermitted):
        remind(by=administrator)


@pytest.mark.django_db
def test_a_hundred_loans_cost_as_many_queries_as_one(lan: Patron, machine: Actor) -> None:
    lent(lan, late=1)
    with CaptureQueriesContext(connection) as one:
        run(machine)
    for _ in range(100):
        lent(lan, late=1)

    with CaptureQueriesContext(connection) as hundred:
        run(machine)

    assert Notice.objects.count() == 101
    assert selects(hundred) == selects(one)
