"""Forgetting a reader: the ledger stays, and what describes the person goes."""

from __future__ import annotations

from django.db import transaction

from tangthu.fees.models import BankLine, BankTransfer, TransferState
from tangthu.patrons.models import Patron


@transaction.atomic
def forget_reader(patron: Patron) -> None:
    """Drop the reader's exemptions, the transfers waited for, and what banks wrote of them.

    Entries and receipts stay: accounts are kept for as long as the law on accounting asks
    (Luật Kế toán 88/2015/QH13, Điều 41). To be called in the transaction of the erasure.
    """
    patron.fee_exemptions.all().delete()
    waiting = BankTransfer.objects.open().filter(patron=patron)
    waiting.update(state=TransferState.CANCELLED)
    BankLine.objects.filter(transfer__patron=patron).update(text="")
    BankLine.objects.filter(entry__patron=patron).update(text="")
