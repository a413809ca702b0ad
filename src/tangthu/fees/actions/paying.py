"""Paying, waiving, giving back what was paid too much."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from tangthu.core.actor import Actor
from tangthu.core.money import Money
from tangthu.fees import policy
from tangthu.fees.actions.posting import Draft, lock, post, whole
from tangthu.fees.actions.receipts import issue
from tangthu.fees.actions.sessions import Till, money_line
from tangthu.fees.errors import MoreThanCredit, MoreThanOwed, NothingOwed, ReasonMissing
from tangthu.fees.models import (
    Account,
    Entry,
    EntryKind,
    Receipt,
    ReceiptKind,
)
from tangthu.fees.permissions import FeesPermission
from tangthu.fees.policy import Allocation, Line, OpenCharge
from tangthu.fees.reading import open_charges, outstanding
from tangthu.patrons.models import Patron


@transaction.atomic
def pay(
    patron: Patron,
    *,
    amount: Money,
    through: Till,
    by: Actor,
    charges: Collection[int] = (),
    note: str = "",
) -> Receipt:
    """Take money for what the reader owes: the oldest charges first, or the chosen ones.

    Locks the patron, then the drawer's session. Raises NothingOwed and MoreThanOwed (another
    till may have been quicker), NoOpenSession for cash.
    """
    by.require(FeesPermission.TAKE_MONEY, at=through.library.pk)
    return take(
        patron,
        amount=whole(amount),
        through=through,
        by=by,
        charges=charges,
        note=note,
    )


def take(
    patron: Patron,
    *,
    amount: int,
    through: Till,
    by: Actor,
    charges: Collection[int] = (),
    note: str = "",
    keep_rest: bool = False,
) -> Receipt:
    """Enter a payment. With `keep_rest` what is more than owed becomes the reader's credit."""
    lock(patron)
    open_now = open_charges(patron.pk)
    chosen = _chosen(open_now, charges)
    if not keep_rest:
        _require_owed(chosen, amount)
    shares = _shares(open_now, chosen, amount)
    money = money_line(through, by=by, change=amount)
    lines = policy.settling_lines(shares, patron=patron.pk, source=money)
    draft = Draft(kind=EntryKind.PAYMENT, library=through.library, patron=patron, note=note)
    entry = post(draft, lambda _: lines, by=by)
    return issue(entry, kind=ReceiptKind.IN, means=through.means, amount=amount)


@transaction.atomic
def waive(charge: Entry, *, reason: str, by: Actor, amount: Money | None = None) -> Entry:
    """Forgive a charge, or a part of it. What was paid of it stays paid. Needs WAIVE."""
    by.require(FeesPermission.WAIVE, at=charge.library_id)
    if not reason.strip():
        raise ReasonMissing("reason")
    patron = charge.patron
    if patron is None:
        raise NothingOwed
    lock(patron)
    found = [each for each in open_charges(patron.pk) if each.entry == charge.pk]
    if not found:
        raise NothingOwed
    forgiven = found[0].open if amount is None else whole(amount)
    _require_owed(found, forgiven)
    shares = policy.allocate(forgiven, found)
    lines = policy.settling_lines(shares, patron=patron.pk, source=None)
    draft = Draft(kind=EntryKind.WAIVER, library=charge.library, patron=patron, note=reason)
    return post(draft, lambda _: lines, by=by)


@transaction.atomic
def refund(
    patron: Patron,
    *,
    amount: Money,
    through: Till,
    by: Actor,
    reason: str,
) -> Receipt:
    """Give back what the reader paid too much, against a voucher. Raises MoreThanCredit."""
    by.require(FeesPermission.TAKE_MONEY, at=through.library.pk)
    if not reason.strip():
        raise ReasonMissing("reason")
    back = whole(amount)
    lock(patron)
    credit = [OpenCharge(key or 0, -left) for key, left in outstanding(patron.pk) if left < 0]
    if back > sum(each.open for each in credit):
        raise MoreThanCredit(credit=sum(each.open for each in credit))
    money = money_line(through, by=by, change=-back)
    owed = [
        Line(
            account=Account.OWED,
            amount=share.amount,
            patron=patron.pk,
            charge=share.charge or None,
        )
        for share in policy.allocate(back, credit)
    ]
    draft = Draft(kind=EntryKind.REFUND, library=through.library, patron=patron, note=reason)
    entry = post(draft, lambda _: (*owed, money), by=by)
    return issue(entry, kind=ReceiptKind.OUT, means=through.means, amount=back)


def _chosen(open_now: list[OpenCharge], charges: Collection[int]) -> list[OpenCharge]:
    return [each for each in open_now if each.entry in charges] if charges else open_now


def _require_owed(charges: Collection[OpenCharge], amount: int) -> None:
    owed = sum(each.open for each in charges)
    if not owed:
        raise NothingOwed
    if amount > owed:
        raise MoreThanOwed(owed=owed)


def _shares(
    open_now: list[OpenCharge], chosen: list[OpenCharge], amount: int
) -> tuple[Allocation, ...]:
    """Share the amount out: the chosen charges, then the others, then credit."""
    others = [each for each in open_now if each not in chosen]
    return policy.allocate(amount, [*chosen, *others])
