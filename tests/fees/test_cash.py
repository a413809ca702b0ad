"""The cash desk: floats, counts, differences."""

from __future__ import annotations

import pytest

from tangthu.core.errors import NotPermitted
from tangthu.fees.actions import (
    Till,
    add_drawer,
    bring_cash,
    change_drawer,
    charge,
    close_session,
    open_session,
    pay,
    take_cash,
)
from tangthu.fees.errors import (
    BadAmount,
    DifferenceUnexplained,
    DrawerNameTaken,
    DrawerTooEmpty,
    NoOpenSession,
    ReasonMissing,
    SessionClosed,
    SessionOpen,
)
from tangthu.fees.models import Account, CashDrawer, CashSession, FeeKind
from tests.fees.money import balances, dong
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(drawer, till):
    """The drawer with a float of 200,000 and a payment of 15,000."""
    return open_session(drawer, start=dong(200_000), by=till)


@pytest.fixture
def paid(opened, patron, province, till):
    charge(patron, kind=FeeKind.CARD, amount=dong(15_000), library=province, by=till)
    return pay(patron, amount=dong(15_000), through=Till(library=province), by=till)


RIGHT = {100_000: 2, 10_000: 1, 5_000: 1}


def test_a_drawer_that_counts_right_is_emptied_into_the_safe(opened, paid, till):
    closed = close_session(opened, notes=RIGHT, explanation="", by=till)

    assert (closed.expected, closed.counted, closed.difference) == (215_000, 215_000, 0)
    assert closed.counts == {"100000": 2, "10000": 1, "5000": 1}
    assert balances() == {"safe": 15_000, "income": -15_000}


def test_a_difference_must_be_explained(opened, paid, till):
    with pytest.raises(DifferenceUnexplained) as refusal:
        close_session(opened, notes={100_000: 2, 10_000: 1}, explanation=" ", by=till)

    assert refusal.value.data["expected"] == 215_000
    opened.refresh_from_db()
    assert opened.is_open


def test_a_difference_is_entered_in_an_account_of_its_own(opened, paid, till):
    closed = close_session(
        opened, notes={100_000: 2, 10_000: 1}, explanation="Thối nhầm 5.000 đ", by=till
    )

    assert (closed.difference, closed.explanation) == (-5_000, "Thối nhầm 5.000 đ")
    assert balances() == {"safe": 10_000, "difference": 5_000, "income": -15_000}


def test_a_count_of_notes_that_do_not_exist_is_refused(opened, till):
    with pytest.raises(BadAmount):
        close_session(opened, notes={30_000: 1}, explanation="", by=till)
    with pytest.raises(BadAmount):
        close_session(opened, notes={1_000: -1}, explanation="", by=till)


def test_a_closed_session_takes_no_more_cash_and_is_not_closed_again(
    opened, paid, patron, province, till
):
    close_session(opened, notes=RIGHT, explanation="", by=till)
    charge(patron, kind=FeeKind.CARD, amount=dong(1_000), library=province, by=till)

    with pytest.raises(SessionClosed):
        close_session(opened, notes=RIGHT, explanation="", by=till)
    through = Till(library=province, session=opened)
    with pytest.raises(NoOpenSession):
        pay(patron, amount=dong(1_000), through=through, by=till)


def test_a_drawer_is_opened_once(drawer, opened, till):
    with pytest.raises(SessionOpen):
        open_session(drawer, start=dong(0), by=till)

    assert CashSession.objects.open().count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_four_who_open_a_drawer_at_once_one_does(drawer, machine):
    deed = lambda: open_session(drawer, start=dong(10_000), by=machine)  # noqa: E731

    answers = at_once(*[deed] * 4)

    assert sum(isinstance(answer, CashSession) for answer in answers) == 1
    assert balances() == {"drawer": 10_000, "safe": -10_000}


@pytest.mark.django_db(transaction=True)
def test_no_payment_slips_between_the_count_and_the_end(drawer, patron, province, machine):
    session = open_session(drawer, start=dong(0), by=machine)
    charge(patron, kind=FeeKind.OTHER, amount=dong(6_000), library=province, by=machine)

    def paying():
        return pay(patron, amount=dong(1_000), through=Till(library=province), by=machine)

    def closing():
        return close_session(session, notes={}, explanation="Thử", by=machine)

    at_once(paying, paying, closing, paying)

    session.refresh_from_db()
    assert not session.is_open
    sums = balances()
    assert "drawer" not in sums
    assert sums.get("difference", 0) == session.expected


def test_cash_is_brought_and_taken_with_a_reason(opened, till):
    bring_cash(opened, amount=dong(50_000), account=Account.SAFE, reason="Tiền lẻ", by=till)
    take_cash(opened, amount=dong(150_000), account=Account.BANK, reason="Nộp kho bạc", by=till)

    assert balances() == {"drawer": 100_000, "safe": -250_000, "bank": 150_000}


def test_no_more_is_taken_out_than_lies_in_the_drawer(opened, till):
    with pytest.raises(DrawerTooEmpty):
        take_cash(opened, amount=dong(200_001), account=Account.SAFE, reason="Nộp", by=till)
    with pytest.raises(ReasonMissing):
        take_cash(opened, amount=dong(1_000), account=Account.SAFE, reason=" ", by=till)
    with pytest.raises(BadAmount):
        take_cash(opened, amount=dong(1_000), account=Account.INCOME, reason="?", by=till)

    assert balances() == {"drawer": 200_000, "safe": -200_000}


def test_the_cash_desk_is_for_those_who_may(drawer, desk, till, province):
    with pytest.raises(NotPermitted):
        open_session(drawer, start=dong(0), by=desk)
    with pytest.raises(NotPermitted):
        add_drawer(province, "Quầy 2", by=till)

    assert not CashSession.objects.exists()


def test_drawers_are_put_up_renamed_and_taken_out_of_use(province, chief, drawer, opened):
    second = add_drawer(province, "Phòng thiếu nhi", by=chief)

    with pytest.raises(DrawerNameTaken):
        add_drawer(province, "Phòng thiếu nhi", by=chief)
    with pytest.raises(DrawerNameTaken):
        change_drawer(second, name=drawer.name, is_active=True, by=chief)
    with pytest.raises(SessionOpen):
        change_drawer(drawer, name=drawer.name, is_active=False, by=chief)
    change_drawer(second, name="Thiếu nhi", is_active=False, by=chief)

    assert set(CashDrawer.objects.values_list("name", "is_active")) == {
        ("Quầy mượn trả", True),
        ("Thiếu nhi", False),
    }
