"""What readers said to have returned."""

from __future__ import annotations

from tangthu.circulation.models import Loan, LoanEvent, LoanEventKind, LoanQuerySet
from tangthu.core.actor import Actor


def was_claimed(loan: Loan) -> bool:
    """Tell whether the loan's copy was ever said to be returned, be it that this was dropped."""
    claims = LoanEvent.objects.filter(item=loan.item_id, kind=LoanEventKind.CLAIM)
    return loan.claimed_at is not None or claims.filter(at__gte=loan.lent_at).exists()


def claimed_loans(actor: Actor) -> LoanQuerySet:
    """Return the loans whose copies staff look for on the shelves, the first to be said first."""
    loans = Loan.objects.visible_to(actor).open().filter(claimed_at__isnull=False).for_desk()
    return loans.select_related("patron", "item__location").order_by("claimed_at", "pk")
