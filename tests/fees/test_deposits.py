"""Deposits: the reader's money, apart from every fee."""

from __future__ import annotations

import pytest

from tangthu.fees.actions import (
    Till,
    bring_cash,
    charge,
    return_deposit,
    reverse,
    take_deposit,
    use_deposit,
)
from tangthu.fees.errors import DepositTooSmall, MoreThanOwed, NothingOwed
from tangthu.fees.models import Account, FeeKind, Means, Receipt
from tests.fees.money import balances, dong, holds, owes
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(province, session):
    return Till(library=province)


def test_a_deposit_is_a_liability_and_no_income(patron, counter, till):
    receipt = take_deposit(patron, amount=dong(200_000), through=counter, by=till)

    assert holds(patron) == 200_000
    assert owes(patron) == 0
    assert balances() == {"drawer": 200_000, "deposit": -200_000}
    assert receipt.label.startswith("PT 000001/")


def test_a_deposit_settles_no_fee_by_itself(patron, province, counter, till):
    take_deposit(patron, amount=dong(200_000), through=counter, by=till)

    charge(patron, kind=FeeKind.OVERDUE, amount=dong(7_000), library=province, by=till)

    assert (holds(patron), owes(patron)) == (200_000, 7_000)


def test_a_deposit_is_given_back_against_a_voucher(patron, counter, till):
    take_deposit(patron, amount=dong(200_000), through=counter, by=till)

    voucher = return_deposit(patron, amount=dong(200_000), through=counter, by=till)

    assert holds(patron) == 0
    assert balances() == {}
    assert voucher.label.startswith("PC 000001/")


def test_no_more_is_given_back_than_is_held(patron, counter, till):
    take_deposit(patron, amount=dong(50_000), through=counter, by=till)

    with pytest.raises(DepositTooSmall):
        return_deposit(patron, amount=dong(50_001), through=counter, by=till)

    assert holds(patron) == 50_000
    assert Receipt.objects.count() == 1


def test_a_deposit_is_used_for_fees_only_by_a_deed(patron, province, counter, till):
    take_deposit(patron, amount=dong(50_000), through=counter, by=till)
    charge(patron, kind=FeeKind.LOST, amount=dong(30_000), library=province, by=till)

    use_deposit(patron, amount=dong(30_000), library=province, by=till)

    assert (holds(patron), owes(patron)) == (20_000, 0)
    assert balances() == {"drawer": 50_000, "deposit": -20_000, "income": -30_000}


def test_a_deposit_is_used_for_no_more_than_is_owed_or_held(patron, province, counter, till):
    take_deposit(patron, amount=dong(50_000), through=counter, by=till)

    with pytest.raises(NothingOwed):
        use_deposit(patron, amount=dong(10_000), library=province, by=till)
    charge(patron, kind=FeeKind.LOST, amount=dong(30_000), library=province, by=till)
    with pytest.raises(MoreThanOwed):
        use_deposit(patron, amount=dong(30_001), library=province, by=till)
    with pytest.raises(DepositTooSmall):
        use_deposit(patron, amount=dong(50_001), library=province, by=till)

    assert (holds(patron), owes(patron)) == (50_000, 30_000)


def test_a_deposit_that_was_given_back_is_not_reversed(patron, counter, chief, session):
    taken = take_deposit(patron, amount=dong(50_000), through=counter, by=chief)
    return_deposit(patron, amount=dong(50_000), through=counter, by=chief)
    bring_cash(session, amount=dong(90_000), account=Account.SAFE, reason="Đổi tiền lẻ", by=chief)

    with pytest.raises(DepositTooSmall):
        reverse(taken.entry, reason="Nhầm", by=chief)

    assert holds(patron) == 0
    assert balances() == {"drawer": 90_000, "safe": -90_000}


@pytest.mark.django_db(transaction=True)
def test_a_deposit_is_given_back_once(patron, province, machine):
    bank = Till(library=province, means=Means.BANK)
    take_deposit(patron, amount=dong(100_000), through=bank, by=machine)

    def deed():
        return return_deposit(patron, amount=dong(100_000), through=bank, by=machine)

    answers = at_once(*[deed] * 4)

    assert sum(isinstance(answer, Receipt) for answer in answers) == 1
    assert holds(patron) == 0
