"""Copies are sent from one library to another, and loans are called back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.circulation.actions import (
    cancel_transfer,
    check_in,
    check_out,
    place_hold,
    recall_loan,
    receive_transfer,
    renew,
    request_transfer,
    send_transfer,
)
from tangthu.circulation.errors import (
    RecallRefused,
    RenewalRefused,
    TransferClosed,
    TransferRefused,
)
from tangthu.circulation.models import (
    Hold,
    HoldState,
    Loan,
    Recall,
    Transfer,
    TransferReason,
)
from tangthu.circulation.policy import Block, NextAction, local_day
from tangthu.core.errors import NotPermitted
from tests.factories import ItemFactory, PatronFactory, lending_rules


class TestTransport:
    def test_a_copy_is_asked_for_sent_and_received(self, copy, province, ward, desk, machine):
        transfer = request_transfer(copy, to=ward, by=desk)
        asked = transfer.sent_at
        send_transfer(transfer, by=desk)

        routed = receive_transfer(transfer, by=machine)

        assert (asked, transfer.origin, transfer.reason) == (
            None,
            province,
            TransferReason.MANUAL,
        )
        transfer.refresh_from_db()
        assert None not in (transfer.sent_at, transfer.received_at)
        assert routed.action is NextAction.SHELVE

    def test_it_stands_where_it_was_sent(self, copy, ward, desk, machine):
        transfer = request_transfer(copy, to=ward, by=desk, send_now=True)

        receive_transfer(transfer, by=machine)

        copy.refresh_from_db()
        assert copy.stay.library == ward

    def test_a_copy_that_is_out_is_not_sent(self, copy, lent, ward, desk):
        with pytest.raises(TransferRefused):
            request_transfer(copy, to=ward, by=desk)

        assert not Transfer.objects.exists()

    def test_a_copy_travels_once_at_a_time(self, copy, ward, commune, desk):
        request_transfer(copy, to=ward, by=desk)

        with pytest.raises(TransferRefused):
            request_transfer(copy, to=commune, by=desk)

        assert Transfer.objects.count() == 1

    def test_the_database_knows_one_way_at_a_time(self, copy, province, ward, desk):
        request_transfer(copy, to=ward, by=desk)

        with pytest.raises(IntegrityError), transaction.atomic():
            Transfer.objects.create(
                item=copy, origin=province, destination=ward, reason="manual", requested_at=now()
            )

    def test_a_copy_is_not_sent_to_where_it_is(self, copy, province, desk):
        with pytest.raises(TransferRefused):
            request_transfer(copy, to=province, by=desk)

    def test_what_was_cancelled_does_not_arrive(self, copy, ward, desk, machine):
        transfer = request_transfer(copy, to=ward, by=desk)
        cancel_transfer(transfer, by=desk)

        with pytest.raises(TransferClosed):
            receive_transfer(transfer, by=machine)

        transfer.refresh_from_db()
        assert transfer.received_at is None

    def test_a_reader_whose_transport_is_cancelled_waits_first_again(
        self, title, copy, lent, patron, province, ward, desk
    ):
        hold = place_hold(record=title, for_=patron, pickup=ward, by=desk)
        other = place_hold(
            record=title, for_=PatronFactory(library=province), pickup=province, by=desk
        )
        transfer = check_in(copy, by=desk).transfer

        cancel_transfer(transfer, by=desk)

        assert list(Hold.objects.waiting().in_order()) == [hold, other]
        hold.refresh_from_db()
        assert (hold.state, hold.trapped) == (HoldState.WAITING, None)

    def test_a_copy_sent_by_the_staff_goes_on_from_a_wrong_library(
        self, copy, ward, commune, desk, neighbour
    ):
        request_transfer(copy, to=ward, by=desk, send_now=True)

        result = check_in(copy, by=neighbour)

        assert result.next_action is NextAction.TRANSIT
        assert (result.transfer.origin, result.transfer.destination) == (commune, ward)
        assert Transfer.objects.open().count() == 1

    def test_scanned_where_it_was_asked_for_it_is_sent(self, copy, ward, desk):
        transfer = request_transfer(copy, to=ward, by=desk)

        result = check_in(copy, by=desk)

        assert (result.next_action, result.transfer) == (NextAction.TRANSIT, transfer)
        transfer.refresh_from_db()
        assert transfer.sent_at is not None

    def test_only_the_desk_sends(self, copy, ward, cataloguer):
        with pytest.raises(NotPermitted):
            request_transfer(copy, to=ward, by=cataloguer)


class TestRecall:
    @pytest.fixture
    def hold(self, title, lent, patron, province, desk):
        lending_rules(province, recalls=1, recall_days=3, renewals=5)
        return place_hold(record=title, for_=patron, pickup=province, by=desk)

    def test_a_loan_is_called_back_within_days(self, hold, lent, desk):
        former = lent.due_at

        recall = recall_loan(hold, by=desk)

        lent.refresh_from_db()
        assert local_day(lent.due_at) == local_day(now()) + timedelta(days=3)
        assert (recall.loan, recall.former_due_at, recall.due_at) == (lent, former, lent.due_at)

    def test_a_loan_that_is_due_sooner_keeps_its_day(self, hold, lent, desk):
        soon = now() + timedelta(hours=5)
        Loan.objects.filter(pk=lent.pk).update(due_at=soon)

        recall_loan(hold, by=desk)

        lent.refresh_from_db()
        assert lent.due_at == soon

    def test_it_is_not_renewed_any_more(self, hold, lent, desk):
        recall_loan(hold, by=desk)

        with (
            pytest.raises(RenewalRefused) as refusal,
            time_machine.travel(now() + timedelta(days=1)),
        ):
            renew(lent, by=desk, override=Block)

        assert Block.RECALLED in refusal.value.verdict.codes

    def test_its_reader_comes_before_all_others(self, hold, title, copy, lent, province, desk):
        later = place_hold(
            record=title, for_=PatronFactory(library=province), pickup=province, by=desk
        )
        Hold.objects.filter(pk=hold.pk).update(rank=later.rank + 5)
        recall_loan(hold, by=desk)

        assert check_in(copy, by=desk).hold == hold

    def test_nothing_is_called_back_where_no_library_wants_it(self, hold, province, lent, desk):
        lending_rules(province, recalls=0)
        former = lent.due_at

        with pytest.raises(RecallRefused) as refusal:
            recall_loan(hold, by=desk)

        assert refusal.value.verdict.codes == (Block.RECALLS_NOT_ALLOWED,)
        lent.refresh_from_db()
        assert lent.due_at == former
        assert not Recall.objects.exists()

    def test_nothing_is_called_back_while_a_copy_is_in(self, hold, title, province, desk):
        ItemFactory(record=title, library=province)

        with pytest.raises(RecallRefused) as refusal:
            recall_loan(hold, by=desk)

        assert refusal.value.verdict.codes == (Block.COPY_ON_SHELF,)

    def test_a_hold_calls_one_loan_back(self, hold, desk):
        recall_loan(hold, by=desk)

        with pytest.raises(RecallRefused) as refusal:
            recall_loan(hold, by=desk, override=Block)

        assert refusal.value.verdict.codes == (Block.NOTHING_TO_RECALL,)
        assert Recall.objects.count() == 1

    def test_so_many_loans_of_a_title_at_the_same_time(self, hold, title, province, desk):
        other = ItemFactory(record=title, library=province)
        check_out(other, to=PatronFactory(library=province), by=desk, override=["waited_for"])
        second = place_hold(
            record=title, for_=PatronFactory(library=province), pickup=province, by=desk
        )
        recall_loan(hold, by=desk)

        with pytest.raises(RecallRefused) as refusal:
            recall_loan(second, by=desk)

        assert refusal.value.verdict.codes == (Block.RECALLS_PER_RECORD,)


def now():
    return timezone.now()
