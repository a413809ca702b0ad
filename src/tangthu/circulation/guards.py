"""What circulation holds against the deeds of lower apps."""

from __future__ import annotations

from tangthu.catalogue.models import Item
from tangthu.circulation.errors import ItemOnLoan
from tangthu.circulation.models import Loan


def refuse_while_on_loan(item: Item) -> None:
    """Raise ItemOnLoan for a copy that a reader has: it cannot be withdrawn from the stock."""
    if Loan.objects.open().filter(item=item).exists():
        raise ItemOnLoan(barcode=item.barcode)
