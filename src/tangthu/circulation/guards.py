"""What circulation holds against the deeds of lower apps."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from tangthu.catalogue.models import Item
from tangthu.circulation.errors import CopyNotFree, ItemOnHold, ItemOnLoan
from tangthu.circulation.models import Hold, Loan, SetAside, Transfer


def refuse_while_on_loan(item: Item) -> None:
    """Raise ItemOnLoan for a copy that a reader has: it cannot be withdrawn from the stock."""
    if Loan.objects.open().filter(item=item).exists():
        raise ItemOnLoan(barcode=item.barcode)


def refuse_while_kept_for_a_hold(item: Item) -> None:
    """Raise ItemOnHold for a copy that is kept for a reader, or was asked for by its number."""
    if Hold.objects.trapped().filter(trapped=item).exists():
        raise ItemOnHold(barcode=item.barcode)
    if Hold.objects.waiting().filter(item=item).exists():
        raise ItemOnHold(barcode=item.barcode)


def refuse_while_set_aside(item: Item) -> None:
    """Raise CopyNotFree for a copy that is kept back for a reader."""
    if SetAside.objects.filter(item=item).exists():
        raise CopyNotFree(barcode=item.barcode)


def without_what_is_out(items: QuerySet[Item]) -> QuerySet[Item]:
    """Leave out the copies that are on loan, on their way, or kept for a reader."""
    this = OuterRef("pk")
    return items.exclude(
        Exists(Loan.objects.open().filter(item=this))
        | Exists(Hold.objects.trapped().filter(trapped=this))
        | Exists(Transfer.objects.open().filter(item=this))
        | Exists(SetAside.objects.filter(item=this))
    )
