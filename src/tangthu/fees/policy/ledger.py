"""Double entry: how each deed is shared out over accounts, always to a sum of zero.

A positive amount is a debit, a negative one a credit. So what a reader owes and what lies in a
drawer are positive; a deposit, which the library owes to its reader, and income are negative.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class Account(StrEnum):
    """Where money stands."""

    OWED = "owed"
    """What readers owe; below zero, what the library owes to a reader who paid too much."""
    DEPOSIT = "deposit"
    """Tiền cược: readers' money in the library's keeping. A liability of its own."""
    DRAWER = "drawer"
    """The cash drawer of an open session."""
    SAFE = "safe"
    """The library's cash outside the drawers: floats come from here, counts go back."""
    BANK = "bank"
    INCOME = "income"
    WRITTEN_OFF = "written_off"
    """Income that was entered and then waived."""
    DIFFERENCE = "difference"
    """What a count found too much or too little."""


class EntryKind(StrEnum):
    """What happened."""

    CHARGE = "charge"
    PAYMENT = "payment"
    WAIVER = "waiver"
    REFUND = "refund"
    OFFSET = "offset"
    """A reader's credit was set against open charges: the balance stays as it is."""
    DEPOSIT_TAKEN = "deposit_taken"
    DEPOSIT_RETURNED = "deposit_returned"
    DEPOSIT_USED = "deposit_used"
    FLOAT = "float"
    CASH_IN = "cash_in"
    CASH_OUT = "cash_out"
    COUNT = "count"
    """The drawer was counted and emptied at the end of its session."""
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One posting. `charge` is the charge that the line opens or settles; `None` is credit."""

    account: Account
    amount: int
    patron: int | None = None
    session: int | None = None
    fee_kind: str = ""
    charge: int | None = None


@dataclass(frozen=True, slots=True)
class OpenCharge:
    """A charge of which something is still open."""

    entry: int
    open: int
    fee_kind: str = ""


@dataclass(frozen=True, slots=True)
class Allocation:
    """How much of a payment settles which charge; `None` is what is left over, as credit."""

    charge: int | None
    amount: int
    fee_kind: str = ""


def is_balanced(lines: Iterable[Line]) -> bool:
    """Tell whether debits equal credits."""
    return sum(line.amount for line in lines) == 0


def charge_lines(amount: int, *, patron: int, fee_kind: str, entry: int) -> tuple[Line, ...]:
    """Return the lines of a charge: the reader owes, the library has earned."""
    return (
        Line(account=Account.OWED, amount=amount, patron=patron, charge=entry),
        Line(account=Account.INCOME, amount=-amount, fee_kind=fee_kind),
    )


def allocate(
    amount: int, charges: Sequence[OpenCharge], *, chosen: Collection[int] = ()
) -> tuple[Allocation, ...]:
    """Share an amount out over charges, oldest first; over the chosen ones alone, if any.

    `charges` come in the order in which they are settled. What is left over is one allocation
    to no charge.
    """
    left, shares = amount, []
    for each in charges:
        part = min(left, each.open)
        if part > 0 and (not chosen or each.entry in chosen):
            shares.append(Allocation(each.entry, part, each.fee_kind))
            left -= part
    return (*shares, Allocation(None, left)) if left else tuple(shares)


def settling_lines(
    shares: Sequence[Allocation], *, patron: int, source: Line | None
) -> tuple[Line, ...]:
    """Return the lines by which these shares are settled out of one account.

    `source` names the account and its session or reader; its amount is worked out. Without one
    the shares are written off, each under the kind of its charge.
    """
    settled = [
        Line(account=Account.OWED, amount=-share.amount, patron=patron, charge=share.charge)
        for share in shares
    ]
    if source is not None:
        total = sum(share.amount for share in shares)
        return (replace(source, amount=total), *settled)
    forgiven = [
        Line(account=Account.WRITTEN_OFF, amount=share.amount, fee_kind=share.fee_kind)
        for share in shares
    ]
    return (*forgiven, *settled)


def move_lines(amount: int, *, out_of: Line, into: Line) -> tuple[Line, ...]:
    """Return the lines by which an amount goes from one account into another."""
    return replace(into, amount=amount), replace(out_of, amount=-amount)


def credit_moves(
    outstanding: Sequence[tuple[int | None, int]],
) -> tuple[tuple[int | None, int], ...]:
    """Set what a reader has too much against what is open: the amounts by which each changes.

    `outstanding` is every charge (or `None`, credit without one) with what is open of it, oldest
    first; below zero it was overpaid. The changes sum to zero, and nothing changes its sign.
    """
    credit = -sum(amount for _, amount in outstanding if amount < 0)
    debt = sum(amount for _, amount in outstanding if amount > 0)
    shift = min(credit, debt)
    gives, takes, moves = shift, shift, []
    for charge, amount in outstanding:
        if amount > 0 and takes:
            part = min(amount, takes)
            takes -= part
            moves.append((charge, -part))
        elif amount < 0 and gives:
            part = min(-amount, gives)
            gives -= part
            moves.append((charge, part))
    return tuple(moves)


def mirrored(lines: Iterable[Line], *, session: int | None) -> tuple[Line, ...]:
    """Return the lines that take these back; cash moves in the session that is open now."""
    return tuple(
        replace(
            line,
            amount=-line.amount,
            session=session if line.account is Account.DRAWER else None,
        )
        for line in lines
    )
