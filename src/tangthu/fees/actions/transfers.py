"""Payments by bank: asked for under a reference of their own, and entered when they came."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.money import Money
from tangthu.fees.actions.deposits import keep
from tangthu.fees.actions.paying import take
from tangthu.fees.actions.posting import lock, whole
from tangthu.fees.actions.sessions import Till
from tangthu.fees.errors import MoreThanOwed, NoBankAccount, NothingOwed, TransferNotOpen
from tangthu.fees.models import BankTransfer, Means, Receipt, TransferPurpose, TransferState
from tangthu.fees.permissions import FeesPermission
from tangthu.fees.policy import POSSIBLE_REFERENCES, reference
from tangthu.fees.reading import bank_account_of, open_charges
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron


@transaction.atomic
def ask_for_transfer(
    patron: Patron,
    *,
    library: Library,
    by: Actor,
    amount: Money | None = None,
    charges: Collection[int] = (),
    purpose: TransferPurpose = TransferPurpose.FEES,
) -> BankTransfer:
    """Ask for a payment by bank, under a reference that nobody else has.

    Without an amount it is all that the charges (or the whole account) leave open. Staff need
    TAKE_MONEY; a reader may ask for their own. Raises NoBankAccount, NothingOwed, MoreThanOwed.
    The open request for the same charges and amount is returned again.
    """
    if by.patron_id != patron.pk:
        by.require(FeesPermission.TAKE_MONEY, at=library.pk)
    if not bank_account_of(library).is_complete:
        raise NoBankAccount(library=library.code)
    lock(patron)
    chosen, wanted = _wanted(patron, amount, charges, purpose)
    asked = _same(patron, library, purpose, wanted, chosen)
    if asked is None:
        asked = _create(patron, library, purpose, wanted, by=by)
        asked.charges.set(chosen)
        _note("fees.transfer_asked", asked, by)
    return asked


@transaction.atomic
def confirm_transfer(transfer: BankTransfer, *, by: Actor, amount: Money | None = None) -> Receipt:
    """Enter a transfer that came, as somebody has seen on the account.

    `amount` is what really came, where it is another than asked for; what is more than owed
    becomes the reader's credit. Raises TransferNotOpen when it was entered or cancelled before.
    """
    by.require(FeesPermission.TAKE_MONEY, at=transfer.library_id)
    return enter(transfer, amount=whole(amount) if amount else None, by=by)


@transaction.atomic
def cancel_transfer(transfer: BankTransfer, *, by: Actor) -> BankTransfer:
    """Stop waiting for a transfer. If the money comes after all, a person decides."""
    if by.patron_id != transfer.patron_id:
        by.require(FeesPermission.TAKE_MONEY, at=transfer.library_id)
    transfer = _locked_open(transfer)
    transfer.state = TransferState.CANCELLED
    transfer.save(update_fields=["state"])
    _note("fees.transfer_cancelled", transfer, by)
    return transfer


def enter(transfer: BankTransfer, *, amount: int | None, by: Actor) -> Receipt:
    """Enter the money of an open transfer; for deeds that asked for their own permission."""
    transfer = _locked_open(transfer)
    came = amount if amount is not None else transfer.amount
    through = Till(library=transfer.library, means=Means.BANK)
    if transfer.purpose == TransferPurpose.DEPOSIT:
        receipt = keep(
            transfer.patron, amount=came, through=through, by=by, note=transfer.reference
        )
    else:
        receipt = take(
            transfer.patron,
            amount=came,
            through=through,
            by=by,
            charges=tuple(transfer.charges.values_list("pk", flat=True)),
            note=transfer.reference,
            keep_rest=True,
        )
    transfer.state, transfer.entry = TransferState.PAID, receipt.entry
    transfer.save(update_fields=["state", "entry"])
    return receipt


def _locked_open(transfer: BankTransfer) -> BankTransfer:
    """Return the transfer, locked after its reader. Raises TransferNotOpen."""
    lock(transfer.patron)
    rows = BankTransfer.objects.select_for_update(of=("self",)).select_related("patron", "library")
    transfer = rows.get(pk=transfer.pk)
    if transfer.state != TransferState.OPEN:
        raise TransferNotOpen(reference=transfer.reference)
    return transfer


def _wanted(
    patron: Patron, amount: Money | None, charges: Collection[int], purpose: TransferPurpose
) -> tuple[list[int], int]:
    """Return the charges that are to be paid and how much of them."""
    if purpose == TransferPurpose.DEPOSIT:
        return [], whole(amount or Money(0))
    open_now = [each for each in open_charges(patron.pk) if not charges or each.entry in charges]
    owed = sum(each.open for each in open_now)
    if not owed:
        raise NothingOwed
    wanted = owed if amount is None else whole(amount)
    if wanted > owed:
        raise MoreThanOwed(owed=owed)
    return [each.entry for each in open_now], wanted


def _same(
    patron: Patron, library: Library, purpose: TransferPurpose, amount: int, charges: list[int]
) -> BankTransfer | None:
    asked = BankTransfer.objects.open().filter(
        patron=patron, library=library, purpose=purpose, amount=amount
    )
    for each in asked.prefetch_related("charges"):
        if {charge.pk for charge in each.charges.all()} == set(charges):
            return each
    return None


def _create(
    patron: Patron, library: Library, purpose: TransferPurpose, amount: int, *, by: Actor
) -> BankTransfer:
    while True:
        asked = BankTransfer(
            reference=reference(secrets.randbelow(POSSIBLE_REFERENCES)),
            library=library,
            patron=patron,
            purpose=purpose,
            amount=amount,
            asked_at=timezone.now(),
            asked_by=by.name,
        )
        try:
            with transaction.atomic():
                asked.save()
        except IntegrityError:
            continue  # one in 887 million: the reference is taken
        return asked


def _note(action: str, transfer: BankTransfer, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="transfer",
        key=transfer.pk,
        library=transfer.library_id,
        after={"reference": transfer.reference, "amount": transfer.amount},
    )
