from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tangthu.circulation.actions import begin_closing, check_out, move_batch, move_due_dates
from tangthu.circulation.actions import closings as deeds
from tangthu.circulation.errors import ClosingRefused
from tangthu.circulation.models import Closing, Loan
from tangthu.circulation.policy import LIBRARY_ZONE, local_day
from tangthu.circulation.reading.closings import moved_to, preview
from tangthu.core.errors import NotPermitted
from tangthu.core.models import Change
from tangthu.libraries.models import CalendarEntry
from tangthu.libraries.reading import calendar_of
from tangthu.notices.models import Notice
from tests.circulation.lending import CALENDARS, MOMENTS
from tests.factories import ItemFactory, LibraryFactory, PatronFactory, lending_rules

REASON = "Lũ trên sông Sêrêpốk"


def day(past):
    return local_day(timezone.now()) + timedelta(days=past)


@pytest.fixture
def loans(province, desk, db):
    lending_rules(province, max_loans=99, due_mode="days")
    patron = PatronFactory(library=province, email="an@example.org")
    found = []
    for length in (1, 3, 4, 5, 9):
        loan = check_out(ItemFactory(library=province), to=patron, by=desk)
        due_at = datetime.combine(day(length), time(23, 59), LIBRARY_ZONE)
        Loan.objects.filter(pk=loan.pk).update(due_at=due_at)
        found.append(loan)
    return found


def due_days():
    return [local_day(loan.due_at) for loan in Loan.objects.order_by("pk")]


@pytest.mark.django_db
def test_due_dates_within_a_closing_move_to_the_day_it_opens_again(loans, province, administrator):
    seen = preview(province, day(3), day(5))

    closing = move_due_dates(province, day(3), day(5), reason=REASON, by=administrator)

    assert seen.loans == 3
    assert [each.to for each in seen.days] == [day(6)] * 3
    assert due_days() == [day(1), day(6), day(6), day(6), day(9)]
    assert (closing.moved, closing.done_at is not None) == (3, True)
    closed = calendar_of(province)
    assert not any(closed.is_open(day(past)) for past in (3, 4, 5))
    assert CalendarEntry.objects.filter(library=province, note=REASON).count() == 3
    moved = [str(loan.pk) for loan in loans[1:4]]
    assert Change.objects.filter(kind="loan", key__in=moved).count() >= 3


@pytest.mark.django_db
def test_readers_are_told_of_each_loan_once(loans, province, administrator, monkeypatch):
    monkeypatch.setattr("tangthu.notices.setup.configured", lambda: frozenset({"email"}))

    closing = move_due_dates(province, day(3), day(5), reason=REASON, by=administrator)
    sources = set(Notice.objects.values_list("source", flat=True))

    assert sources <= {f"closing:{closing.pk}:loan:{loan.pk}" for loan in loans[1:4]}


@pytest.mark.django_db
def test_a_closing_that_was_cut_off_goes_on_where_it_stopped(
    loans, province, administrator, monkeypatch
):
    monkeypatch.setattr(deeds, "BATCH", 2)
    closing = begin_closing(province, day(3), day(5), reason=REASON, by=administrator)

    assert move_batch(closing, by=administrator) == 2
    assert due_days().count(day(6)) == 2
    assert move_batch(closing, by=administrator) == 1
    assert move_batch(closing, by=administrator) == 0

    assert Closing.objects.get().moved == 3
    assert move_batch(closing, by=administrator) == 0


@pytest.mark.django_db
def test_other_libraries_are_left_alone(loans, province, commune, administrator, neighbour):
    other = check_out(ItemFactory(library=commune), to=PatronFactory(library=commune), by=neighbour)

    move_due_dates(province, day(0), day(30), reason=REASON, by=administrator)

    other.refresh_from_db()
    assert local_day(other.due_at) == day(7)
    assert calendar_of(commune).is_open(day(3)) or day(3).weekday() == 6


@pytest.mark.django_db
def test_branches_close_with_their_library(loans, province, administrator):
    branch = LibraryFactory(parent=province)
    Loan.objects.filter(pk=loans[1].pk).update(library=branch)

    move_due_dates(province, day(3), day(5), reason=REASON, by=administrator)

    assert due_days()[1] == day(6)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [(5, 3, "ends_before_it_begins"), (-9, -3, "is_over"), (0, 200, "too_long")],
)
def test_days_that_make_no_closing_are_refused(province, administrator, first, last, fault):
    with pytest.raises(ClosingRefused) as refusal:
        begin_closing(province, day(first), day(last), reason=REASON, by=administrator)

    assert refusal.value.data["fault"] == fault
    assert not Closing.objects.exists()
    assert not CalendarEntry.objects.exists()


@pytest.mark.django_db
def test_the_desk_closes_no_library(province, desk):
    with pytest.raises(NotPermitted):
        begin_closing(province, day(3), day(5), reason=REASON, by=desk)

    assert not Closing.objects.exists()


@given(MOMENTS, st.integers(0, 60), CALENDARS)
def test_a_moved_due_date_lies_after_the_closing_and_never_before_the_old_one(
    due_at, days, calendar
):
    last = local_day(due_at) + timedelta(days=days)

    moved = moved_to(due_at, last, calendar)

    assert local_day(moved) > last
    assert moved > due_at
