"""Deposits (tiền cược): taken, given back against a voucher, used for fees only by this deed."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from tangthu.core.actor import Actor
from tangthu.core.money import Money
from tangthu.fees import policy
from tangthu.fees.actions.posting import Draft, lock, post, whole
from tangthu.fees.actions.receipts import issue
from tangthu.fees.actions.sessions import Till, money_line
from tangthu.fees.errors import DepositTooSmall, MoreThanOwed, NothingOwed
from tangthu.fees.models import Account, Entry, EntryKind, Receipt, ReceiptKind
from tangthu.fees.permissions import FeesPermission
from tangthu.fees.policy import Line
from tangthu.fees.reading import deposit_of, open_charges
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron


@transaction.atomic
def take_deposit(
    patron: Patron,
    *,
    amount: Money,
    through: Till,
    by: Actor,
    note: str = "",
) -> Receipt:
    """Take a deposit into keeping. It stays the reader's money: it settles no fee by itself."""
    by.require(FeesPermission.TAKE_MONEY, at=through.library.pk)
    return keep(
        patron,
        amount=whole(amount),
        through=through,
        by=by,
        note=note,
    )


def keep(
    patron: Patron,
    *,
    amount: int,
    through: Till,
    by: Actor,
    note: str = "",
) -> Receipt:
    """Enter a deposit that was taken."""
    lock(patron)
    money = money_line(through, by=by, change=amount)
    held = Line(account=Account.DEPOSIT, amount=-amount, patron=patron.pk)
    draft = Draft(kind=EntryKind.DEPOSIT_TAKEN, library=through.library, patron=patron, note=note)
    entry = post(draft, lambda _: (money, held), by=by)
    return issue(entry, kind=ReceiptKind.IN, means=through.means, amount=amount)


@transaction.atomic
def return_deposit(
    patron: Patron,
    *,
    amount: Money,
    through: Till,
    by: Actor,
    note: str = "",
) -> Receipt:
    """Give a deposit back, or a part of it, against a voucher. Raises DepositTooSmall."""
    by.require(FeesPermission.TAKE_MONEY, at=through.library.pk)
    back = whole(amount)
    lock(patron)
    _require_held(patron, back)
    money = money_line(through, by=by, change=-back)
    held = Line(account=Account.DEPOSIT, amount=back, patron=patron.pk)
    draft = Draft(
        kind=EntryKind.DEPOSIT_RETURNED, library=through.library, patron=patron, note=note
    )
    entry = post(draft, lambda _: (held, money), by=by)
    return issue(entry, kind=ReceiptKind.OUT, means=through.means, amount=back)


@transaction.atomic
def use_deposit(
    patron: Patron,
    *,
    amount: Money,
    library: Library,
    by: Actor,
    charges: Collection[int] = (),
    note: str = "",
) -> Entry:
    """Settle charges out of the deposit, as the reader agrees: the oldest, or the chosen ones.

    Raises DepositTooSmall, NothingOwed, MoreThanOwed.
    """
    by.require(FeesPermission.TAKE_MONEY, at=library.pk)
    used = whole(amount)
    lock(patron)
    _require_held(patron, used)
    open_now = [each for each in open_charges(patron.pk) if not charges or each.entry in charges]
    owed = sum(each.open for each in open_now)
    if not owed:
        raise NothingOwed
    if used > owed:
        raise MoreThanOwed(owed=owed)
    source = Line(account=Account.DEPOSIT, amount=used, patron=patron.pk)
    lines = policy.settling_lines(policy.allocate(used, open_now), patron=patron.pk, source=source)
    draft = Draft(kind=EntryKind.DEPOSIT_USED, library=library, patron=patron, note=note)
    return post(draft, lambda _: lines, by=by)


def _require_held(patron: Patron, amount: int) -> None:
    held = deposit_of(patron.pk).amount
    if amount > held:
        raise DepositTooSmall(held=held)
