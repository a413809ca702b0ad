"""Holds that begin on a later day: copies are kept for them in time, and lent no further."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tangthu.circulation.actions import check_in, check_out, place_hold
from tangthu.circulation.errors import CheckoutRefused
from tangthu.circulation.models import Hold, HoldState
from tangthu.circulation.policy import Block, NextAction, Remark
from tests.circulation.lending import NOW
from tests.circulation.test_desk import scan
from tests.factories import ItemFactory, lending_rules


@pytest.fixture(autouse=True)
def _ten_in_the_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def day(past):
    return timezone.localdate() + timedelta(days=past)


@pytest.fixture
def ahead(province):
    """Copies are kept for a hold from three days before it begins."""
    lending_rules(province, hold_look_ahead=3, pickup_days=5)


def hold_from(days, title, patron, province, desk) -> Hold:
    return place_hold(record=title, for_=patron, pickup=province, by=desk, starts_on=day(days))


def test_a_copy_that_comes_back_is_kept_for_a_hold_that_begins_soon(
    ahead, lent, copy, title, patron, province, desk
):
    hold = hold_from(3, title, patron, province, desk)

    result = check_in(copy, by=desk)

    hold.refresh_from_db()
    assert (result.next_action, result.hold) == (NextAction.HOLD, hold)
    assert (hold.state, hold.shelf_until) == (HoldState.ON_SHELF, day(3 + 5))


@pytest.mark.parametrize("days", [4, 30])
def test_it_goes_to_the_shelf_while_the_hold_is_further_off(
    ahead, lent, copy, title, patron, province, desk, days
):
    hold = hold_from(days, title, patron, province, desk)

    result = check_in(copy, by=desk)

    hold.refresh_from_db()
    assert (result.next_action, hold.state) == (NextAction.SHELVE, HoldState.WAITING)


def test_without_the_rule_a_hold_begins_on_its_day(lent, copy, title, patron, province, desk):
    hold_from(1, title, patron, province, desk)

    result = check_in(copy, by=desk)

    assert result.next_action is NextAction.SHELVE


def test_a_copy_for_a_hold_that_begins_soon_is_not_lent_to_others(
    ahead, copy, title, patron, borrower, province, desk
):
    hold_from(2, title, patron, province, desk)

    with pytest.raises(CheckoutRefused) as refused:
        check_out(copy, to=borrower, by=desk)

    assert refused.value.verdict.codes == (Block.WAITED_FOR,)


def test_the_desk_is_told_when_a_loan_reaches_into_a_hold(
    copy, title, patron, borrower, province, desk
):
    hold_from(10, title, patron, province, desk)

    loan = check_out(copy, to=borrower, by=desk)

    assert [(each.code, each.data["starts_on"]) for each in loan.remarks] == [
        (Remark.WANTED_FROM, day(10))
    ]


def test_the_screen_says_from_when_another_waits(
    copy, title, patron, borrower, province, desk, desk_client
):
    hold_from(10, title, patron, province, desk)

    page = scan(desk_client, copy.barcode, patron=borrower.card).content.decode()

    assert f"Có bạn đọc khác chờ từ {day(10):%d/%m/%Y}" in page


def test_the_desk_is_not_told_of_what_another_copy_can_fill(
    copy, title, patron, borrower, province, desk
):
    hold_from(10, title, patron, province, desk)
    ItemFactory(record=title, library=province)

    loan = check_out(copy, to=borrower, by=desk)

    assert loan.remarks == ()


def test_the_desk_is_not_told_of_a_hold_that_begins_after_the_loan(
    copy, title, patron, borrower, province, desk
):
    hold_from(15, title, patron, province, desk)

    loan = check_out(copy, to=borrower, by=desk)

    assert loan.remarks == ()
