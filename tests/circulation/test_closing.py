from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tangthu.circulation.actions import (
    begin_closing,
    check_in,
    check_out,
    move_batch,
    move_due_dates,
    place_hold,
)
from tangthu.circulation.actions import closings as deeds
from tangthu.circulation.errors import ClosingRefused
from tangthu.circulation.models import Closing, Hold, Loan
from tangthu.circulation.policy import LIBRARY_ZONE, local_day, shelf_after_closing
from tangthu.circulation.reading.closings import moved_to, preview
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry, Change
from tangthu.libraries.models import CalendarEntry
from tangthu.libraries.reading import calendar_of
from tangthu.notices.models import Notice
from tests.circulation.lending import CALENDARS, MOMENTS, NOW
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


class TestHoldShelf:
    """A copy waits for five open days: 0 is the day on which it came."""

    @pytest.fixture(autouse=True)
    def _at_ten_in_the_morning(self):
        with time_machine.travel(NOW, tick=False):
            yield

    @pytest.fixture
    def ready(self, loans, province, desk):
        """A copy that came back for a reader who has the next five days to fetch it."""
        lending_rules(province, pickup_days=5)
        hold = place_hold(
            item=loans[0].item, for_=PatronFactory(library=province), pickup=province, by=desk
        )
        check_in(loans[0].item, by=desk)
        hold.refresh_from_db()
        return hold

    def test_a_copy_is_kept_for_as_many_days_longer_as_were_lost(
        self, ready, province, administrator
    ):
        assert ready.shelf_until == day(5)
        seen = preview(province, day(2), day(3))

        closing = move_due_dates(province, day(2), day(3), reason=REASON, by=administrator)

        ready.refresh_from_db()
        assert ready.shelf_until == day(7)
        assert (seen.kept_longer, closing.shelf_moved) == (1, 1)
        entry = AuditEntry.objects.get(action="hold.keep_longer")
        assert entry.changes["shelf_until"] == [day(5).isoformat(), day(7).isoformat()]

    def test_days_after_the_last_one_give_nobody_more_time(self, ready, province, administrator):
        closing = move_due_dates(province, day(6), day(9), reason=REASON, by=administrator)

        ready.refresh_from_db()
        assert (ready.shelf_until, closing.shelf_moved) == (day(5), 0)

    def test_days_before_the_copy_came_are_not_made_up_for(self, ready, province, administrator):
        move_due_dates(province, day(-9), day(1), reason=REASON, by=administrator)

        ready.refresh_from_db()
        assert ready.shelf_until == day(6)

    def test_days_that_were_closed_already_are_lost_to_nobody(self, ready, province, administrator):
        move_due_dates(province, day(2), day(3), reason=REASON, by=administrator)

        again = move_due_dates(province, day(2), day(3), reason=REASON, by=administrator)

        ready.refresh_from_db()
        assert (ready.shelf_until, again.shelf_moved) == (day(7), 0)

    def test_the_shelves_of_branches_close_with_their_library(self, ready, province, administrator):
        branch = LibraryFactory(parent=province)
        Hold.objects.filter(pk=ready.pk).update(pickup=branch)

        move_due_dates(province, day(5), day(5), reason=REASON, by=administrator)

        ready.refresh_from_db()
        assert ready.shelf_until == day(6)

    def test_the_shelf_of_another_library_is_left_alone(self, ready, commune, administrator):
        move_due_dates(commune, day(2), day(3), reason=REASON, by=administrator)

        ready.refresh_from_db()
        assert ready.shelf_until == day(5)


@given(st.integers(0, 40), st.frozensets(st.integers(-5, 50)), CALENDARS)
def test_a_reader_has_as_many_open_days_as_before_and_loses_none(kept, lost, calendar):
    came = date(2026, 11, 2)
    days = [came + timedelta(days=past) for past in lost]
    closed = replace(
        calendar,
        closed_on=calendar.closed_on.union(days),
        opened_on=calendar.opened_on.difference(days),
    )
    until = came + timedelta(days=kept)

    moved = shelf_after_closing(until, since=came, before=calendar, after=closed)

    assert moved >= until
    assert closed.open_days_between(came, moved) <= calendar.open_days_between(came, until)
    if any(closed.is_open(until + timedelta(days=past)) for past in range(365, 372)):
        assert closed.open_days_between(came, moved) == calendar.open_days_between(came, until)


@given(MOMENTS, st.integers(0, 60), CALENDARS)
def test_a_moved_due_date_lies_after_the_closing_and_never_before_the_old_one(
    due_at, days, calendar
):
    last = local_day(due_at) + timedelta(days=days)

    moved = moved_to(due_at, last, calendar)

    assert local_day(moved) > last
    assert moved > due_at
