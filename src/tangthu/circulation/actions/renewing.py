"""Extending loans.

Rows are locked in one order, the item before the patron, and read after locking.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tangthu.catalogue.models import Item
from tangthu.circulation import policy
from tangthu.circulation.actions.acts import Act, leave_traces, locked_item, locked_patron
from tangthu.circulation.actions.lateness import settle_lateness
from tangthu.circulation.actions.waiving import decided, waive, waived
from tangthu.circulation.errors import LoanClosed, RenewalRefused
from tangthu.circulation.models import Loan, LoanEventKind
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy import Borrower, Remark, Remarked, RuleName, Verdict
from tangthu.circulation.policy.names import YesNo
from tangthu.circulation.reading import Books, Standing, books, item_facts, patron_facts
from tangthu.circulation.reading.asked import with_debts
from tangthu.circulation.reading.lateness import book_of
from tangthu.circulation.reading.rivals import against_renewal
from tangthu.core import audit
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted


@transaction.atomic
def renew(
    loan: Loan, *, by: Actor, override: Collection[str] = (), at: datetime | None = None
) -> Loan:
    """Extend the loan by the rules that hold now at the library that lent it.

    Patrons may renew their own loans, but override nothing; that is a renewal unseen, of which
    the rules may count fewer. What lateness has cost so far is charged. Raises RenewalRefused
    with every block that is left, LoanClosed when the copy has come back. `at` is when it was
    renewed, where that is past.
    """
    desk_id = by.library_id or loan.library_id
    own = by.patron_id is not None and by.patron_id == loan.patron_id
    unseen = own or by.face is Face.JOB
    if not own:
        by.require(CirculationPermission.LEND, at=desk_id)
    known = books()
    item = locked_item(loan.item_id, known)
    loan = Loan.objects.get(pk=loan.pk)
    loan.library = known.network.libraries[loan.library_id]
    if loan.patron_id is None or loan.returned_at is not None:
        raise LoanClosed(loan=loan.pk)
    loan.item, loan.patron = item, locked_patron(loan.patron_id, known)
    now = at or timezone.now()
    judged = _judge(loan, item, known, now=now, unseen=unseen)
    verdict = waive(judged, override, by=by, at=desk_id)
    if not verdict or verdict.due_at is None:
        raise RenewalRefused(verdict)
    return _extend(loan, verdict, known, by=by, now=now, unseen=unseen)


def renew_by_itself(*, by: Actor) -> int:
    """Renew the loans due today where the rules say that it happens by itself; return how many.

    Each in a transaction of its own, so that no desk waits; what the rules refuse is left to
    the reader, who is reminded as usual. A deed of the machine alone.
    """
    if not by.everywhere:
        raise NotPermitted(permission="everywhere")
    now, known = timezone.now(), books()
    tonight = policy.end_of(policy.local_day(now))
    due = Loan.objects.open().filter(due_at__gt=now, due_at__lte=tonight, on_site=False)
    parts = due.filter(claimed_at=None).select_related("item", "patron").order_by("pk")
    return sum(_renews(loan, known, by=by) for loan in parts.iterator(chunk_size=500))


def _renews(loan: Loan, known: Books, *, by: Actor) -> bool:
    if loan.patron is None:
        return False
    item, patron = known.item(loan.item), known.patron(loan.patron)
    loan.library = known.network.libraries[loan.library_id]
    book = book_of(loan, item, patron, known)
    if book[RuleName.RENEWED_BY_ITSELF].value != YesNo.YES:
        return False
    try:
        renew(loan, by=by)
    except (RenewalRefused, LoanClosed):
        return False
    return True


def _extend(
    loan: Loan, verdict: Verdict, known: Books, *, by: Actor, now: datetime, unseen: bool
) -> Loan:
    assert verdict.due_at is not None, "a renewal that is allowed has a due date"  # noqa: S101
    lateness = settle_lateness(loan, known, by=by, now=now, suspends=False)
    before = audit.snapshot(loan)
    loan.due_at = verdict.due_at
    loan.renewals += 1
    loan.unseen_renewals = loan.unseen_renewals + 1 if unseen else 0
    loan.overridden = [*loan.overridden, *waived(verdict)]
    loan.decided = decided(verdict)
    loan.save(update_fields=["due_at", "renewals", "unseen_renewals", "overridden", "decided"])
    if lateness.fee.amount:
        fee = Remarked(code=Remark.LATE_FEE, data={"owed": lateness.fee.amount})
        loan.remarks = (fee, *verdict.remarks)
    act = Act(LoanEventKind.RENEW, item=loan.item, desk=loan.library, by=by, at=now)
    leave_traces(loan, act, before=before)
    return loan


def _judge(loan: Loan, item: Item, known: Books, *, now: datetime, unseen: bool) -> Verdict:
    patron = loan.patron
    assert patron is not None, "an open loan has a patron"  # noqa: S101
    decision = known.decision(item, patron=patron, desk=loan.library)
    facts = patron_facts(patron, now=now, overdue=patron.loans.overdue(now).count())
    book = decision.rules.book(patron.category.code, item.item_type.code)
    renewal = policy.RenewalFacts(
        now=now,
        patron=with_debts(facts, book, patron=patron),
        item=item_facts(item, now=now, standing=Standing(Borrower.THIS_PATRON)),
        due_at=loan.due_at,
        renewals=loan.renewals,
        lent_at=loan.lent_at,
        on_site=loan.on_site,
        claimed=loan.claimed_at is not None,
        unseen=unseen,
        unseen_renewals=loan.unseen_renewals,
        rivals=against_renewal(loan, item, patron, known=known, now=now),
    )
    return policy.judge_renewal(renewal, decision.rules)
