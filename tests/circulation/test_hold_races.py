"""Two people at once, each with a connection of their own, at copies that others wait for."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tangthu.circulation.actions import (
    cancel_hold,
    check_in,
    check_out,
    place_hold,
    recall_loan,
    renew,
)
from tangthu.circulation.errors import (
    CheckoutRefused,
    HoldClosed,
    HoldNotWaiting,
    HoldRefused,
    RecallRefused,
    RenewalRefused,
)
from tangthu.circulation.models import Hold, HoldState, Loan, Recall
from tangthu.circulation.policy import Block, NextAction
from tests.factories import ItemFactory, PatronFactory, lending_rules
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stock(title, province):
    return ItemFactory.create_batch(2, record=title, library=province)


def test_two_copies_that_come_back_at_once_go_to_one_reader_once(
    title, stock, patron, province, desk
):
    hold = place_hold(record=title, for_=patron, pickup=province, by=desk)

    results = at_once(*(lambda item=item: check_in(item, by=desk) for item in stock))

    assert sorted(result.next_action for result in results) == ["hold", "shelve"]
    hold.refresh_from_db()
    assert hold.state == HoldState.ON_SHELF
    assert hold.trapped in stock


def test_two_copies_that_come_back_at_once_serve_both_who_wait(title, stock, province, desk):
    holds = [
        place_hold(record=title, for_=each, pickup=province, by=desk)
        for each in PatronFactory.create_batch(2, library=province)
    ]

    results = at_once(*(lambda item=item: check_in(item, by=desk) for item in stock))

    assert {result.next_action for result in results} == {NextAction.HOLD}
    assert {result.hold.pk for result in results} == {hold.pk for hold in holds}
    assert set(Hold.objects.values_list("trapped", flat=True)) == {item.pk for item in stock}


def test_a_renewal_while_a_hold_is_placed_is_one_before_the_other(
    title, lent, patron, province, desk
):
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        renewed, placed = at_once(
            lambda: renew(lent, by=desk),
            lambda: place_hold(record=title, for_=patron, pickup=province, by=desk),
        )

    assert isinstance(placed, Hold)
    if isinstance(renewed, RenewalRefused):
        assert renewed.verdict.codes == (Block.OTHERS_WAIT,)
    else:
        assert Loan.objects.get().renewals == 1


def test_a_hold_placed_while_the_last_copy_is_lent_waits_or_is_too_late(
    title, copy, patron, borrower, province, desk
):
    lending_rules(province, on_shelf_holds="all_out")

    loan, hold = at_once(
        lambda: check_out(copy, to=borrower, by=desk),
        lambda: place_hold(record=title, for_=patron, pickup=province, by=desk),
    )

    assert isinstance(loan, Loan)
    if isinstance(hold, HoldRefused):
        assert hold.verdict.codes == (Block.COPY_ON_SHELF,)
    else:
        assert Hold.objects.get().state == HoldState.WAITING


def test_one_reader_places_one_hold_however_often_the_button_is_pressed(
    title, copy, patron, province, desk
):
    def press():
        return place_hold(record=title, for_=patron, pickup=province, by=desk)

    results = at_once(press, press, press)

    assert Hold.objects.count() == 1
    refused = [each for each in results if isinstance(each, HoldRefused)]
    assert [each.verdict.codes for each in refused] == [(Block.ALREADY_ON_HOLD,)] * 2


def test_a_hold_that_is_cancelled_while_its_copy_comes_back_never_keeps_it_open(
    title, copy, lent, patron, province, desk
):
    hold = place_hold(record=title, for_=patron, pickup=province, by=desk)

    result, cancelled = at_once(lambda: check_in(copy, by=desk), lambda: cancel_hold(hold, by=desk))

    assert isinstance(cancelled, Hold)
    assert not isinstance(result, Exception)
    hold.refresh_from_db()
    assert hold.state == HoldState.CANCELLED
    left = result.next_action is NextAction.HOLD
    assert Hold.objects.left_on_shelf().exists() is left


def test_a_ready_hold_is_either_fetched_or_cancelled(title, copy, lent, patron, province, desk):
    hold = place_hold(record=title, for_=patron, pickup=province, by=desk)
    check_in(copy, by=desk)

    loan, cancelled = at_once(
        lambda: check_out(copy, to=patron, by=desk), lambda: cancel_hold(hold, by=desk)
    )

    assert isinstance(loan, Loan)
    hold.refresh_from_db()
    if isinstance(cancelled, HoldClosed):
        assert hold.state == HoldState.FILLED
    else:
        assert hold.state == HoldState.CANCELLED
    assert hold.trapped is None


def test_a_kept_copy_is_lent_to_one_of_two(title, copy, lent, patron, borrower, province, desk):
    hold = place_hold(record=title, for_=patron, pickup=province, by=desk)
    check_in(copy, by=desk)

    mine, other = at_once(
        lambda: check_out(copy, to=patron, by=desk),
        lambda: check_out(copy, to=borrower, by=desk),
    )

    assert isinstance(mine, Loan)
    assert isinstance(other, CheckoutRefused)
    hold.refresh_from_db()
    assert hold.state == HoldState.FILLED


def test_a_loan_that_comes_back_while_it_is_called_back_is_called_back_or_not(
    title, copy, lent, patron, province, desk
):
    lending_rules(province, recalls=5, recall_days=3)
    hold = place_hold(record=title, for_=patron, pickup=province, by=desk)

    recalled, returned = at_once(
        lambda: recall_loan(hold, by=desk), lambda: check_in(copy, by=desk)
    )

    assert isinstance(recalled, (Recall, RecallRefused, HoldNotWaiting))
    assert returned.next_action is NextAction.HOLD
    assert Recall.objects.exists() is isinstance(recalled, Recall)
