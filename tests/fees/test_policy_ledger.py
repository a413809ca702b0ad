"""How deeds are shared out over accounts: laws that hold for any amounts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tangthu.fees.policy import (
    Account,
    Line,
    OpenCharge,
    allocate,
    charge_lines,
    credit_moves,
    is_balanced,
    mirrored,
    settling_lines,
)

AMOUNTS = st.integers(1, 10**9)
CHARGES = st.lists(AMOUNTS, max_size=8).map(
    lambda amounts: [OpenCharge(key, open_, "other") for key, open_ in enumerate(amounts, 1)]
)


@given(amount=AMOUNTS, charges=CHARGES, chosen=st.sets(st.integers(1, 8)))
def test_all_of_a_payment_is_allocated_and_no_charge_gets_more_than_is_open(
    amount, charges, chosen
):
    shares = allocate(amount, charges, chosen=chosen)

    open_of = {each.entry: each.open for each in charges}
    assert sum(share.amount for share in shares) == amount
    for share in shares:
        assert share.amount > 0
        if share.charge is not None:
            assert share.amount <= open_of[share.charge]
            assert not chosen or share.charge in chosen


@given(amount=AMOUNTS, charges=CHARGES)
def test_whatever_is_settled_balances(amount, charges):
    shares = allocate(amount, charges)
    drawer = Line(account=Account.DRAWER, amount=amount, session=1)

    assert is_balanced(settling_lines(shares, patron=1, source=drawer))
    assert is_balanced(settling_lines(shares, patron=1, source=None))
    assert is_balanced(charge_lines(amount, patron=1, fee_kind="card", entry=5))


@given(amount=AMOUNTS)
def test_a_mirror_takes_everything_back(amount):
    lines = (
        Line(account=Account.DRAWER, amount=amount, session=1),
        Line(account=Account.OWED, amount=-amount, patron=4, charge=3),
    )

    back = mirrored(lines, session=9)

    assert is_balanced([*lines, *back])
    assert [line.session for line in back] == [9, None]
    assert mirrored(back, session=1) == lines


@given(st.lists(st.integers(-(10**6), 10**6).filter(bool), max_size=10))
def test_credit_and_debt_meet_until_one_of_them_is_gone(amounts):
    before = list(enumerate(amounts, 1))

    moves = dict(credit_moves(before))

    after = {key: amount + moves.get(key, 0) for key, amount in before}
    assert sum(moves.values()) == 0
    assert sum(after.values()) == sum(amounts)
    assert min(after.values(), default=0) >= 0 or max(after.values()) <= 0
    for key, amount in before:
        assert after[key] * amount >= 0
        assert abs(after[key]) <= abs(amount)
