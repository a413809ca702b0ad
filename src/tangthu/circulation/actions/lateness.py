"""What follows from a late return or renewal: a fee, a suspension, or that it is forgiven."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from tangthu.catalogue.models import Item
from tangthu.circulation.actions.acts import write_down
from tangthu.circulation.models import Loan
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy import local_day
from tangthu.circulation.policy.overdue import Suspension, suspension
from tangthu.circulation.reading import Books
from tangthu.circulation.reading.lateness import Judged, judge_lateness
from tangthu.core.actor import Actor
from tangthu.core.money import Money
from tangthu.fees.actions import charge, reverse_source
from tangthu.fees.models import FeeKind
from tangthu.libraries.models import Library
from tangthu.patrons.actions import lift, restrict
from tangthu.patrons.models import Patron, RestrictionKind

NOTHING = Money(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """What the reader was charged for lateness, and until when nothing is lent to them."""

    units: int = 0
    fee: Money = NOTHING
    suspension: Suspension | None = None


ON_TIME = Lateness()


def settle_lateness(
    loan: Loan, known: Books, *, by: Actor, now: datetime, suspends: bool = True
) -> Lateness:
    """Charge what the loan costs for lateness up to now, and suspend the reader by the rules.

    For a loan with its parties, before its due date changes or it ends. Each stretch between
    renewals is charged once. The rules demand it, not the person at the desk, so that no
    permission is asked for.
    """
    patron = loan.patron
    if now <= loan.due_at or patron is None:
        return ON_TIME
    judged = judge_lateness(loan, loan.item, patron, known, now=now)
    if judged.fee:
        charge(
            patron,
            kind=FeeKind.OVERDUE,
            amount=Money(judged.fee.amount),
            library=loan.library,
            by=by,
            source=overdue_source(loan, loan.renewals),
            note=_reason(judged),
        )
    stopped = _suspend(loan, patron, judged, by=by, now=now) if suspends else None
    return Lateness(units=judged.fee.units, fee=Money(judged.fee.amount), suspension=stopped)


@transaction.atomic
def forgive_lateness(loan: Loan, *, reason: str, by: Actor) -> int:
    """Take back every late fee of the loan and lift the suspensions it brought.

    Returns how many of these there were. What was paid becomes the reader's credit. Needs
    OVERRIDE_DEBT where the loan was made, and a reason. Locks the copy, then the loan.
    """
    by.require(CirculationPermission.OVERRIDE_DEBT, at=loan.library_id)
    Item.objects.select_for_update(no_key=True).get(pk=loan.item_id)
    loan = (
        Loan.objects.select_for_update(no_key=True, of=("self",))
        .select_related("library", "patron")
        .get(pk=loan.pk)
    )
    taken_back = [
        reverse_source(overdue_source(loan, stretch), reason=reason, by=by)
        for stretch in range(loan.renewals + 1)
    ]
    done = sum(entry is not None for entry in taken_back) + _lift(loan, by=by)
    if done:
        write_down("loan.forgiven", loan, desk=loan.library, by=by)
    return done


def overdue_source(loan: Loan, stretch: int) -> str:
    """Name the cause of a late fee: the loan, and after how many renewals."""
    return f"loan:{loan.pk}:overdue:{stretch}"


def charge_at(
    loan: Loan,
    patron: Patron,
    kind: FeeKind,
    amount: int,
    *,
    source: str,
    by: Actor,
    library: Library,
) -> None:
    """Charge the reader of a loan; an amount of nothing is no charge."""
    if amount > 0:
        charge(
            patron,
            kind=kind,
            amount=Money(amount),
            library=library,
            by=by,
            source=f"loan:{loan.pk}:{source}",
        )


def _suspend(
    loan: Loan, patron: Patron, judged: Judged, *, by: Actor, now: datetime
) -> Suspension | None:
    if judged.terms.suspension <= 0 or loan.on_site:
        return None
    running = patron.restrictions.in_force(local_day(now)).filter(kind=RestrictionKind.SUSPENSION)
    ends = min(now, loan.claimed_at) if loan.claimed_at else now
    found = suspension(
        loan.due_at,
        ends,
        judged.terms,
        running_until=running.aggregate(last=Max("until"))["last"],
    )
    if found is not None:
        restrict(
            patron,
            RestrictionKind.SUSPENSION,
            until=found.until,
            note=f"{_reason(judged)} {_mark(loan)}",
            by=_by_rule(by),
        )
    return found


def _lift(loan: Loan, *, by: Actor) -> int:
    if loan.patron is None:
        return 0
    brought = loan.patron.restrictions.filter(
        kind=RestrictionKind.SUSPENSION, note__endswith=_mark(loan), lifted_at=None
    )
    return len([lift(each, by=_by_rule(by)) for each in brought])


def _mark(loan: Loan) -> str:
    """Return how a suspension's note ends, by which it is found again if it is forgiven."""
    return f"(#{loan.pk})"


def _by_rule(by: Actor) -> Actor:
    return replace(by, everywhere=True)


def _reason(judged: Judged) -> str:
    return gettext("Late by %(count)s") % {"count": judged.fee.units}
