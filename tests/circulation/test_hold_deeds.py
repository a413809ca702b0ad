"""What readers and the desk do with a hold that was placed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.circulation.actions import (
    cancel_hold,
    change_pickup,
    check_in,
    check_out,
    forget_hold_readers,
    forget_holds_of,
    keep_holds_in_time,
    move_hold,
    place_hold,
    resume_hold,
    send_transfer,
    suspend_hold,
)
from tangthu.circulation.errors import HoldClosed, HoldNotWaiting, HoldRefused, RestEndsTooSoon
from tangthu.circulation.models import CancelReason, Hold, HoldState, Transfer
from tangthu.circulation.policy import Block, NextAction
from tangthu.circulation.reader_holds import HOLDER
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tests.circulation.conftest import the_reader
from tests.factories import PatronFactory, lending_rules


@pytest.fixture
def hold(title, lent, patron, province, desk) -> Hold:
    return place_hold(record=title, for_=patron, pickup=province, by=desk)


@pytest.fixture
def ready(hold, copy, desk) -> Hold:
    """A hold whose copy stands on the hold shelf."""
    check_in(copy, by=desk)
    hold.refresh_from_db()
    return hold


def order_of(title):
    return list(Hold.objects.waiting().filter(record=title).in_order())


def places(title):
    holds = Hold.objects.waiting().filter(record=title).with_place()
    return {hold.pk: hold.place for hold in holds}


def test_a_reader_cancels_their_own_hold(hold, patron):
    cancel_hold(hold, by=the_reader(patron))

    hold.refresh_from_db()
    assert (hold.state, hold.reason) == (HoldState.CANCELLED, CancelReason.BY_READER)
    assert hold.closed_at is not None


def test_nobody_cancels_the_hold_of_another(hold, borrower):
    with pytest.raises(NotPermitted):
        cancel_hold(hold, by=the_reader(borrower))

    assert Hold.objects.get().is_open


def test_a_hold_ends_once(hold, desk):
    cancel_hold(hold, by=desk)

    with pytest.raises(HoldClosed):
        cancel_hold(hold, by=desk)

    assert AuditEntry.objects.filter(action="hold.cancel").count() == 1


def test_a_cancelled_copy_stays_on_the_hold_shelf_until_it_is_taken_down(ready, copy, desk):
    cancel_hold(ready, by=desk)
    left = list(Hold.objects.left_on_shelf())

    result = check_in(copy, by=desk)

    assert left == [ready]
    assert result.next_action is NextAction.SHELVE
    assert not Hold.objects.left_on_shelf().exists()


def test_what_was_taken_down_goes_to_the_next_who_waits(ready, title, copy, province, desk):
    following = place_hold(
        record=title, for_=PatronFactory(library=province), pickup=province, by=desk
    )
    cancel_hold(ready, by=desk)

    assert check_in(copy, by=desk).hold == following


def test_a_copy_on_its_way_finds_its_next_reader_where_it_arrives(
    title, copy, lent, patron, province, ward, desk, machine
):
    first = place_hold(record=title, for_=patron, pickup=ward, by=desk)
    following = place_hold(record=title, for_=PatronFactory(library=ward), pickup=ward, by=desk)
    check_in(copy, by=desk)
    cancel_hold(first, by=desk)

    result = check_in(copy, by=at(machine, ward))

    assert (result.next_action, result.hold) == (NextAction.HOLD, following)
    assert Transfer.objects.get().received_at is not None


def test_a_suspended_hold_keeps_its_place_and_resumes(hold, title, province, patron, desk):
    later = place_hold(record=title, for_=PatronFactory(library=province), pickup=province, by=desk)
    until = timezone.localdate() + timedelta(days=5)

    suspend_hold(hold, by=the_reader(patron), until=until)
    hold.refresh_from_db()
    suspended = (hold.suspended, hold.suspended_until, places(title))
    resume_hold(hold, by=the_reader(patron))

    assert suspended == (True, until, {hold.pk: 1, later.pk: 2})
    hold.refresh_from_db()
    assert (hold.suspended, hold.suspended_until) == (False, None)


@pytest.mark.parametrize("days", [-1, 0])
def test_a_rest_ends_on_a_day_that_lies_ahead(hold, desk, days):
    with pytest.raises(RestEndsTooSoon):
        suspend_hold(hold, by=desk, until=timezone.localdate() + timedelta(days=days))

    hold.refresh_from_db()
    assert (hold.suspended, hold.suspended_until) == (False, None)


def test_a_hold_whose_copy_is_ready_does_not_rest(ready, desk):
    with pytest.raises(HoldNotWaiting):
        suspend_hold(ready, by=desk)

    ready.refresh_from_db()
    assert not ready.suspended


@pytest.mark.parametrize(("to", "order"), [(1, (2, 0, 1)), (2, (0, 2, 1)), (99, (0, 1, 2))])
def test_the_staff_moves_a_hold_in_its_queue(title, lent, province, desk, to, order):
    holds = [
        place_hold(record=title, for_=patron, pickup=province, by=desk)
        for patron in PatronFactory.create_batch(3, library=province)
    ]

    move_hold(holds[2], to=to, by=desk)

    assert order_of(title) == [holds[n] for n in order]
    assert sorted(places(title).values()) == [1, 2, 3]


def test_readers_do_not_jump_the_queue(hold, patron):
    with pytest.raises(NotPermitted):
        move_hold(hold, to=1, by=the_reader(patron))


def test_a_waiting_hold_is_fetched_elsewhere(hold, ward, patron):
    change_pickup(hold, pickup=ward, by=the_reader(patron))

    hold.refresh_from_db()
    assert (hold.pickup, hold.state) == (ward, HoldState.WAITING)


def test_a_copy_that_is_ready_is_asked_to_be_sent(ready, copy, province, ward, desk):
    change_pickup(ready, pickup=ward, by=desk)
    transfer = Transfer.objects.open().get()
    asked = (transfer.sent_at, transfer.origin, transfer.destination, transfer.hold)

    send_transfer(transfer, by=desk)

    assert asked == (None, province, ward, ready)
    ready.refresh_from_db()
    assert (ready.state, ready.trapped, ready.shelf_until) == (HoldState.IN_TRANSIT, copy, None)
    assert Transfer.objects.get().sent_at is not None


def test_nothing_is_fetched_where_its_library_does_not_let_it(hold, province, ward, desk):
    lending_rules(province, pickup_policy="item_library")

    with pytest.raises(HoldRefused) as refusal:
        change_pickup(hold, pickup=ward, by=desk)

    assert refusal.value.verdict.codes == (Block.PICKUP_NOT_ALLOWED,)
    hold.refresh_from_db()
    assert hold.pickup == province


class TestTime:
    def test_a_rest_ends_on_its_day(self, hold, desk, machine):
        today = timezone.now()
        suspend_hold(hold, by=desk, until=timezone.localdate(today) + timedelta(days=2))

        early = keep_holds_in_time(now=today + timedelta(days=1), by=machine)
        done = keep_holds_in_time(now=today + timedelta(days=2), by=machine)

        hold.refresh_from_db()
        assert (early, done, hold.suspended) == (0, 1, False)

    def test_a_hold_ends_after_its_last_day(self, title, lent, patron, province, desk, machine):
        now = timezone.now()
        last = timezone.localdate(now) + timedelta(days=1)
        hold = place_hold(record=title, for_=patron, pickup=province, by=desk, expires_on=last)

        early = keep_holds_in_time(now=now + timedelta(days=1), by=machine)
        done = keep_holds_in_time(now=now + timedelta(days=2), by=machine)

        hold.refresh_from_db()
        assert (early, done) == (0, 1)
        assert (hold.state, hold.reason) == (HoldState.EXPIRED, CancelReason.TOO_LATE)

    def test_what_is_not_fetched_ends_and_waits_to_be_taken_down(self, ready, copy, machine):
        late = timezone.now() + timedelta(days=30)

        done = keep_holds_in_time(now=late, by=machine)
        again = keep_holds_in_time(now=late, by=machine)

        ready.refresh_from_db()
        assert (done, again) == (1, 0)
        assert (ready.state, ready.reason) == (HoldState.EXPIRED, CancelReason.NOT_FETCHED)
        assert list(Hold.objects.left_on_shelf()) == [ready]

    def test_ended_holds_forget_their_readers_and_open_ones_do_not(
        self, hold, title, province, desk, machine
    ):
        place_hold(record=title, for_=PatronFactory(library=province), pickup=province, by=desk)
        cancel_hold(hold, by=desk)

        count = forget_hold_readers(closed_before=timezone.now(), by=machine)

        assert count == 1
        assert Hold.objects.get(pk=hold.pk).patron is None
        assert Hold.objects.open().get().patron is not None

    def test_a_reader_who_is_erased_waits_for_nothing_and_is_not_named(
        self, hold, ready, copy, patron, desk
    ):
        forget_holds_of(patron)

        hold.refresh_from_db()
        assert (hold.state, hold.reason, hold.patron) == (
            HoldState.CANCELLED,
            CancelReason.READER_LEFT,
            None,
        )
        assert check_in(copy, by=desk).next_action is NextAction.SHELVE

    def test_a_reader_may_read_what_is_kept_on_their_holds(self, hold, patron):
        (section,) = HOLDER.tells(patron)

        assert [row["title"] for row in section.rows] == ["Đất rừng phương Nam"]

    def test_time_is_the_machines_alone(self, hold, desk):
        with pytest.raises(NotPermitted):
            keep_holds_in_time(now=timezone.now(), by=desk)
        with pytest.raises(NotPermitted):
            forget_hold_readers(closed_before=timezone.now(), by=desk)


def test_readers_see_their_own_holds_with_their_places(hold, title, patron, borrower, neighbour):
    mine = Hold.objects.for_account(patron)

    assert [(each.pk, each.place) for each in mine] == [(hold.pk, 1)]
    assert list(Hold.objects.visible_to(the_reader(patron))) == [hold]
    assert not Hold.objects.visible_to(the_reader(borrower)).exists()
    assert not Hold.objects.visible_to(neighbour).exists()


def test_a_hold_that_was_filled_leaves_the_account(ready, copy, patron, desk):
    check_out(copy, to=patron, by=desk)

    assert not Hold.objects.for_account(patron).exists()


def at(machine, library):
    from dataclasses import replace

    return replace(machine, library_id=library.pk)
