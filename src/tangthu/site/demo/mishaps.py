"""What went wrong in the demo: late returns, a lost book, a damaged one, "I did return it"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tangthu.circulation import actions
from tangthu.circulation.models import HarmReport, Loan
from tangthu.core.actor import Actor
from tangthu.core.money import Money
from tangthu.libraries.models import Library
from tangthu.site.demo.words import MARK

LATE = timedelta(days=3)
REPAIR = Money(20_000)


@transaction.atomic
def mishaps(library: Library, *, by: Actor) -> None:
    """Let some late loans end as late loans do, unless there are such cases already."""
    if HarmReport.objects.exists():
        return
    desk = replace(by, library_id=library.pk)
    endings = (return_late, return_late, lose, damage, claim)
    for end, loan in zip(endings, _late(library, len(endings)), strict=False):
        end(loan, desk)


def return_late(loan: Loan, desk: Actor) -> None:
    """Take it back: the rules charge a grown-up, and suspend a child."""
    actions.check_in(loan.item, by=desk)


def lose(loan: Loan, desk: Actor) -> None:
    """Report it lost: the rules charge a multiple of its price."""
    actions.report_lost(loan, by=desk, note=f"{MARK} Rơi xuống suối")


def damage(loan: Loan, desk: Actor) -> None:
    """Take it back with its cover torn off."""
    actions.check_in(loan.item, by=desk)
    ended = Loan.objects.get(pk=loan.pk)
    actions.report_damage(ended, by=desk, amount=REPAIR, note=f"{MARK} Rách bìa")


def claim(loan: Loan, desk: Actor) -> None:
    """Note that the reader says it was returned."""
    actions.claim_returned(loan, by=desk)


def _late(library: Library, count: int) -> list[Loan]:
    rows = Loan.objects.overdue(timezone.now() - LATE).filter(item__library=library)
    return list(rows.select_related("item__record", "patron").order_by("-patron__card")[:count])
