"""A copy comes back, or is lent, while readers wait for it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from tangthu.access.grants import actor_for
from tangthu.catalogue.models import ItemStatus
from tangthu.circulation.actions import (
    check_in,
    check_out,
    place_hold,
    renew,
    suspend_hold,
)
from tangthu.circulation.errors import CheckoutRefused, RenewalRefused
from tangthu.circulation.models import Hold, HoldState, Loan, Stay, Transfer, TransferReason
from tangthu.circulation.policy import Block, CheckinNotice, NextAction
from tangthu.core.actor import Actor, Face
from tangthu.core.models import AuditEntry
from tangthu.fees.reading import debt_of
from tangthu.libraries.models import CalendarEntry, CalendarKind
from tangthu.notices.kinds import NoticeKind
from tangthu.notices.models import Notice
from tests.circulation.conftest import the_reader
from tests.conftest import DESK
from tests.factories import ItemFactory, PatronFactory, UserFactory, grant, lending_rules


@pytest.fixture
def ward_desk(ward, province) -> Actor:
    user = grant(UserFactory(username="ward", library=ward), province, *DESK)
    return actor_for(user, face=Face.STAFF)


def hold_for(patron, title, by, *, pickup=None, **others):
    return place_hold(record=title, for_=patron, pickup=pickup or patron.library, by=by, **others)


def state_of(hold):
    hold.refresh_from_db()
    return hold.state


class TestReturn:
    def test_a_copy_goes_to_the_hold_shelf_for_who_waits_here(
        self, title, copy, lent, patron, desk
    ):
        hold = hold_for(patron, title, desk)

        result = check_in(copy, by=desk)

        assert (result.next_action, result.hold, result.transfer) == (NextAction.HOLD, hold, None)
        assert state_of(hold) == HoldState.ON_SHELF
        assert hold.trapped == copy
        assert AuditEntry.objects.filter(action="hold.trap", object_key=str(hold.pk)).exists()

    @time_machine.travel("2026-11-23T03:00:00+00:00", tick=False)
    def test_it_is_kept_for_open_days_and_the_reader_is_told_until_when(
        self, title, copy, lent, province, desk
    ):
        patron = PatronFactory(library=province, email="an@example.org")
        CalendarEntry.objects.create(library=province, kind=CalendarKind.WEEKLY, weekday=6)
        lending_rules(province, pickup_days=6)
        hold = hold_for(patron, title, desk)

        check_in(copy, by=desk)

        hold.refresh_from_db()
        assert hold.shelf_until == date(2026, 11, 30)

    def test_the_first_in_the_queue_gets_it(self, title, copy, lent, patron, province, desk):
        first = hold_for(patron, title, desk)
        second = hold_for(PatronFactory(library=province), title, desk)

        result = check_in(copy, by=desk)

        assert result.hold == first
        assert state_of(second) == HoldState.WAITING
        assert Hold.objects.with_place().get(pk=second.pk).place == 1

    def test_a_suspended_hold_is_passed_over(self, title, copy, lent, patron, province, desk):
        resting = hold_for(patron, title, desk)
        second = hold_for(PatronFactory(library=province), title, desk)
        suspend_hold(resting, by=desk)

        assert check_in(copy, by=desk).hold == second

    def test_a_hold_for_later_is_passed_over(self, title, copy, lent, patron, desk):
        later = timezone.localdate() + timedelta(days=3)
        hold_for(patron, title, desk, starts_on=later)

        assert check_in(copy, by=desk).next_action is NextAction.SHELVE

    def test_a_damaged_copy_goes_to_nobody(self, title, copy, lent, patron, province, desk):
        ItemFactory(record=title, library=province)
        hold = hold_for(patron, title, desk)
        copy.status = ItemStatus.DAMAGED
        copy.save()

        result = check_in(copy, by=desk)

        assert (result.next_action, result.hold) == (NextAction.SHELVE, None)
        assert state_of(hold) == HoldState.WAITING

    def test_a_copy_found_on_the_shelf_goes_to_who_waits(self, title, copy, patron, desk):
        hold = hold_for(patron, title, desk)

        assert check_in(copy, by=desk).hold == hold

    def test_scanned_again_it_is_still_kept_and_the_reader_is_not_told_twice(
        self, title, copy, lent, patron, desk
    ):
        hold_for(patron, title, desk)
        first, again = check_in(copy, by=desk), check_in(copy, by=desk)

        assert (first.hold, again.next_action) == (again.hold, NextAction.HOLD)
        assert AuditEntry.objects.filter(action="hold.trap").count() == 1
        assert Notice.objects.filter(kind=NoticeKind.HOLD_READY).count() <= 1

    def test_a_copy_for_another_library_goes_on_its_way(
        self, title, copy, lent, patron, ward, desk
    ):
        hold = hold_for(patron, title, desk, pickup=ward)

        result = check_in(copy, by=desk)

        assert (result.next_action, result.hold) == (NextAction.TRANSIT, hold)
        assert state_of(hold) == HoldState.IN_TRANSIT
        transfer = Transfer.objects.open().get()
        assert result.transfer == transfer
        assert (transfer.origin, transfer.destination, transfer.reason) == (
            desk_library(desk),
            ward,
            TransferReason.HOLD,
        )
        assert transfer.sent_at is not None

    def test_it_arrives_and_waits_there(self, title, copy, lent, patron, ward, desk, ward_desk):
        hold = hold_for(patron, title, desk, pickup=ward)
        check_in(copy, by=desk)

        result = check_in(copy, by=ward_desk)

        assert result.next_action is NextAction.HOLD
        assert state_of(hold) == HoldState.ON_SHELF
        assert hold.shelf_until is not None
        assert Transfer.objects.get().received_at is not None

    def test_a_copy_that_came_to_the_wrong_library_goes_on_from_there(
        self, title, copy, lent, patron, ward, commune, desk, neighbour
    ):
        hold = hold_for(patron, title, desk, pickup=ward)
        check_in(copy, by=desk)

        result = check_in(copy, by=neighbour)

        assert result.next_action is NextAction.TRANSIT
        assert CheckinNotice.WAS_SENT_ELSEWHERE in result.notices
        first, second = Transfer.objects.order_by("pk")
        assert first.cancelled_at is not None
        assert (second.origin, second.destination, second.hold) == (commune, ward, hold)
        assert state_of(hold) == HoldState.IN_TRANSIT

    def test_a_copy_that_stood_ready_elsewhere_is_judged_anew(
        self, title, copy, lent, patron, ward, desk, ward_desk
    ):
        hold = hold_for(patron, title, desk, pickup=ward)
        check_in(copy, by=desk)
        check_in(copy, by=ward_desk)

        result = check_in(copy, by=desk)

        assert (result.next_action, result.hold) == (NextAction.TRANSIT, hold)
        assert state_of(hold) == HoldState.IN_TRANSIT
        assert hold.shelf_until is None

    def test_a_copy_of_another_library_is_sent_home(self, copy, lent, province, ward, ward_desk):
        result = check_in(copy, by=ward_desk)

        assert result.next_action is NextAction.TRANSIT
        assert (result.transfer.destination, result.transfer.reason) == (
            province,
            TransferReason.RETURN_HOME,
        )

    def test_at_home_its_way_ends(self, copy, lent, desk, ward_desk):
        check_in(copy, by=ward_desk)

        result = check_in(copy, by=desk)

        assert result.next_action is NextAction.SHELVE
        assert Transfer.objects.get().received_at is not None

    def test_a_copy_stays_where_its_library_lets_it_float(
        self, title, copy, lent, patron, province, ward, desk, ward_desk
    ):
        lending_rules(province, return_to="stay")

        result = check_in(copy, by=ward_desk)

        assert result.next_action is NextAction.SHELVE
        assert Stay.objects.get().library == ward
        assert not Transfer.objects.exists()

    def test_back_home_it_stays_elsewhere_no_more(self, copy, lent, province, desk, ward_desk):
        lending_rules(province, return_to="stay")
        check_in(copy, by=ward_desk)

        check_in(copy, by=desk)

        assert not Stay.objects.exists()

    def test_on_its_way_home_it_may_meet_a_reader_who_waits(
        self, title, copy, lent, patron, ward, desk, ward_desk
    ):
        check_in(copy, by=ward_desk)
        hold = hold_for(patron, title, desk, pickup=ward)

        result = check_in(copy, by=ward_desk)

        assert (result.next_action, result.hold) == (NextAction.HOLD, hold)
        assert Transfer.objects.get().cancelled_at is not None


class TestCheckOut:
    @pytest.fixture
    def ready(self, title, copy, lent, patron, desk):
        hold = hold_for(patron, title, desk)
        check_in(copy, by=desk)
        return hold

    def test_the_reader_gets_the_copy_and_the_hold_is_filled(self, ready, copy, patron, desk):
        loan = check_out(copy, to=patron, by=desk)

        assert loan.overridden == []
        assert state_of(ready) == HoldState.FILLED
        assert (ready.trapped, ready.shelf_until) == (None, None)
        assert ready.closed_at is not None

    def test_nobody_else_gets_it(self, ready, copy, borrower, desk):
        with pytest.raises(CheckoutRefused) as refusal:
            check_out(copy, to=borrower, by=desk)

        assert refusal.value.verdict.codes == (Block.HELD_FOR_ANOTHER,)
        assert refusal.value.blocks[0].data == {"pickup": "Thư viện tỉnh"}
        assert state_of(ready) == HoldState.ON_SHELF

    def test_lent_in_spite_of_it_the_reader_waits_first_again(
        self, ready, title, copy, province, borrower, desk
    ):
        later = hold_for(PatronFactory(library=province), title, desk)

        check_out(copy, to=borrower, by=desk, override=["held_for_another"])

        assert state_of(ready) == HoldState.WAITING
        places = {hold.pk: hold.place for hold in Hold.objects.waiting().with_place()}
        assert places == {ready.pk: 1, later.pk: 2}

    def test_a_copy_is_not_lent_past_those_who_wait(self, title, copy, patron, borrower, desk):
        hold = hold_for(patron, title, desk)

        with pytest.raises(CheckoutRefused) as refusal:
            check_out(copy, to=borrower, by=desk)

        assert refusal.value.verdict.codes == (Block.WAITED_FOR,)
        assert check_out(copy, to=borrower, by=desk, override=["waited_for"])
        assert state_of(hold) == HoldState.WAITING

    def test_with_copies_enough_for_all_it_is_lent(
        self, title, copy, patron, borrower, province, desk
    ):
        ItemFactory(record=title, library=province)
        hold_for(patron, title, desk)

        assert check_out(copy, to=borrower, by=desk)

    def test_a_waiting_reader_who_comes_for_any_copy_is_served(self, title, copy, patron, desk):
        hold = hold_for(patron, title, desk)

        check_out(copy, to=patron, by=desk)

        assert state_of(hold) == HoldState.FILLED

    def test_the_hold_of_a_set_is_filled_by_its_own_volume(
        self, title, copy, patron, province, desk
    ):
        lending_rules(province, holds_per_record=2)
        second = ItemFactory(record=title, library=province)
        one, two = (
            place_hold(item=each, for_=patron, pickup=province, by=desk) for each in (copy, second)
        )

        check_out(second, to=patron, by=desk)

        assert (state_of(one), state_of(two)) == (HoldState.WAITING, HoldState.FILLED)

    def test_a_hold_costs_what_the_rules_say_when_it_is_fetched(
        self, title, copy, patron, province, desk
    ):
        lending_rules(province, hold_fee="5000")
        hold_for(patron, title, desk)
        before = debt_of(patron.pk).amount

        check_out(copy, to=patron, by=desk)

        assert (before, debt_of(patron.pk).amount) == (0, 5000)

    def test_a_copy_lent_on_its_way_is_on_its_way_no_more(
        self, copy, lent, patron, ward_desk, desk
    ):
        check_in(copy, by=ward_desk)

        check_out(copy, to=patron, by=ward_desk)

        assert Transfer.objects.get().cancelled_at is not None

    def test_many_who_wait_shorten_the_loan_where_the_rules_say_so(
        self, title, copy, patron, province, desk
    ):
        lending_rules(province, high_demand_from=1, high_demand_length=3)
        hold_for(patron, title, desk)
        hold_for(PatronFactory(library=province), title, desk)

        loan = check_out(copy, to=patron, by=desk)

        assert (loan.due_at - timezone.now()).days <= 4


class TestRenewal:
    def test_a_loan_is_not_renewed_while_another_waits(self, title, lent, patron, desk):
        hold_for(patron, title, desk)

        with pytest.raises(RenewalRefused) as refusal:
            renew(lent, by=desk, override=Block)

        assert Block.OTHERS_WAIT in refusal.value.verdict.codes

    def test_it_is_renewed_when_another_copy_serves_them(
        self, title, lent, patron, borrower, province, desk
    ):
        with time_machine.travel(timezone.now() + timedelta(days=2)):
            ItemFactory(record=title, library=province)
            hold_for(patron, title, desk)

            assert renew(lent, by=the_reader(borrower)).renewals == 1

    def test_a_library_may_refuse_it_all_the_same(self, title, lent, patron, province, desk):
        lending_rules(province, renewal_while_held="refuse")
        with time_machine.travel(timezone.now() + timedelta(days=2)):
            ItemFactory(record=title, library=province)
            hold_for(patron, title, desk)

            with pytest.raises(RenewalRefused) as refusal:
                renew(lent, by=desk)

        assert refusal.value.verdict.codes == (Block.OTHERS_WAIT,)
        assert refusal.value.blocks[0].rule.value == "refuse"
        assert Loan.objects.get().renewals == 0

    def test_a_suspended_hold_hinders_nobody(self, title, lent, patron, desk):
        suspend_hold(hold_for(patron, title, desk), by=desk)
        with time_machine.travel(timezone.now() + timedelta(days=2)):
            assert renew(lent, by=desk)


def desk_library(desk: Actor):
    from tangthu.libraries.models import Library

    return Library.objects.get(pk=desk.library_id)
