"""What the ledger says of a reader. Everything is the sum of postings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Sum

from tangthu.core.money import Money
from tangthu.fees.models import Account, Entry, Posting
from tangthu.fees.policy import BankAccount, OpenCharge
from tangthu.libraries.models import Library
from tangthu.libraries.policy.preferences.fees import BANK_ACCOUNT, BANK_BIN, BANK_HOLDER
from tangthu.libraries.reading import preference


def debt_of(patron_id: int) -> Money:
    """Return what the reader owes, deposits apart; below zero it is the reader's credit."""
    return Money(Posting.objects.owed_by(patron_id).total())


def debts_of(patron_ids: Iterable[int]) -> dict[int, Money]:
    """Return what these readers owe, those who owe nothing left out. One query."""
    rows = Posting.objects.filter(patron__in=set(patron_ids), account=Account.OWED)
    sums = rows.values("patron").annotate(owed=Sum("amount")).exclude(owed=0).order_by()
    return {row["patron"]: Money(row["owed"]) for row in sums}


def deposit_of(patron_id: int) -> Money:
    """Return the deposit that the library holds for the reader."""
    held = Posting.objects.filter(patron=patron_id, account=Account.DEPOSIT)
    return Money(-held.total())


def outstanding(patron_id: int) -> list[tuple[int | None, int]]:
    """Return the reader's charges that are not settled exactly, oldest first, with what is open.

    Below zero a charge was overpaid; under `None` stands credit that belongs to no charge.
    """
    rows = Posting.objects.owed_by(patron_id).values("charge").order_by()
    sums = rows.annotate(open=Sum("amount")).exclude(open=0).values_list("charge", "open")
    return sorted(sums, key=lambda row: row[0] or 0)


def open_charges(patron_id: int) -> list[OpenCharge]:
    """Return the reader's charges of which something is open, oldest first."""
    unsettled = {pk: left for pk, left in outstanding(patron_id) if pk is not None and left > 0}
    kinds = Entry.objects.filter(pk__in=unsettled).order_by("id").values_list("id", "fee_kind")
    return [OpenCharge(pk, unsettled[pk], kind) for pk, kind in kinds]


def open_amount(entry: Entry) -> Money:
    """Return what is still open of a charge."""
    return Money(Posting.objects.filter(charge=entry.pk).total())


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """A line of a reader's account: by how much it changed what the reader owes."""

    at: datetime
    kind: str
    fee_kind: str
    amount: int
    note: str


def account_lines(patron_id: int) -> Sequence[AccountLine]:
    """Return every change of what the reader owes, oldest first; they sum to the balance."""
    owed = Posting.objects.owed_by(patron_id)
    rows = (
        owed.values("entry")
        .annotate(
            total=Sum("amount"),
            at=F("entry__at"),
            kind=F("entry__kind"),
            fee_kind=F("entry__fee_kind"),
            note=F("entry__note"),
        )
        .exclude(total=0)
        .order_by("at", "entry")
    )
    return [
        AccountLine(
            at=row["at"],
            kind=row["kind"],
            fee_kind=row["fee_kind"],
            amount=row["total"],
            note=row["note"],
        )
        for row in rows
    ]


def bank_account_of(library: Library) -> BankAccount:
    """Return the account to which transfers for the library go, its own or inherited."""
    names = (BANK_BIN.name, BANK_ACCOUNT.name, BANK_HOLDER.name)
    bank, number, holder = (str(preference(library, name)) for name in names)
    return BankAccount(bank=bank, number="".join(number.split()), holder=holder)
