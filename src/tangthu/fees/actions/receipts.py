"""Receipts and vouchers: numbered without gaps, printed once as the original."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.fees.models import Entry, Means, Receipt, ReceiptKind, ReceiptSeries
from tangthu.fees.permissions import FeesPermission
from tangthu.fees.sequels import receipt_issued
from tangthu.libraries.models import Library


def issue(entry: Entry, *, kind: ReceiptKind, means: Means, amount: int) -> Receipt:
    """Give the entry the next number of its library and year, within its transaction.

    The series stays locked until the commit: a number is taken only by what is really there, so
    none is missing and none is given twice. What follows a reader's payment is done with it.
    """
    year = timezone.localdate(entry.at).year
    receipt = Receipt.objects.create(
        entry=entry,
        library=entry.library,
        kind=kind,
        year=year,
        number=_next_number(entry.library, kind, year),
        issued_at=entry.at,
        payer=entry.patron.name if entry.patron else "",
        amount=amount,
        means=means,
    )
    if kind == ReceiptKind.IN and entry.patron is not None:
        receipt_issued(receipt)
    return receipt


@transaction.atomic
def note_printed(receipt: Receipt, *, by: Actor) -> Receipt:
    """Count a print, so that the second one is marked as a copy."""
    by.require(FeesPermission.TAKE_MONEY, at=receipt.library_id)
    receipt = Receipt.objects.select_for_update().get(pk=receipt.pk)
    receipt.prints += 1
    receipt.save(update_fields=["prints"])
    audit.record(
        "fees.receipt_printed",
        by=by,
        kind="receipt",
        key=receipt.pk,
        library=receipt.library_id,
        after={"prints": receipt.prints},
    )
    return receipt


def _next_number(library: Library, kind: ReceiptKind, year: int) -> int:
    series = ReceiptSeries.objects.filter(library=library, kind=kind, year=year)
    if not series.update(last=F("last") + 1):
        try:
            with transaction.atomic():
                ReceiptSeries.objects.create(library=library, kind=kind, year=year, last=1)
        except IntegrityError:
            # Another till began the year in the same moment.
            series.update(last=F("last") + 1)
    return series.values_list("last", flat=True).get()
