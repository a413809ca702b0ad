"""Short words for what the tests of money say often."""

from __future__ import annotations

from django.db.models import Sum
from django.utils import timezone

from tangthu.access.models import User
from tangthu.core.money import Money
from tangthu.fees.models import CashDrawer, CashSession, Posting
from tangthu.fees.reading import debt_of, deposit_of
from tangthu.patrons.models import Patron


def dong(amount: int) -> Money:
    return Money(amount)


def open_session(drawer: CashDrawer, user: User | None = None) -> CashSession:
    return CashSession.objects.create(
        drawer=drawer,
        opened_at=timezone.now(),
        opened_by=user.name if user else "",
        opener_id=user.pk if user else None,
    )


def owes(patron: Patron) -> int:
    return debt_of(patron.pk).amount


def holds(patron: Patron) -> int:
    """What the library holds of the reader's as a deposit."""
    return deposit_of(patron.pk).amount


def balances() -> dict[str, int]:
    """The sum of every account; those that are even are left out."""
    sums = Posting.objects.values("account").annotate(total=Sum("amount")).order_by()
    return {row["account"]: row["total"] for row in sums if row["total"]}


def ledger_sum() -> int:
    return Posting.objects.aggregate(total=Sum("amount"))["total"] or 0
