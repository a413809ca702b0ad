"""Calling a loan back for a reader who waits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tangthu.catalogue.models import Item
from tangthu.circulation import policy
from tangthu.circulation.actions.hold_traces import announce_recall
from tangthu.circulation.errors import HoldNotWaiting, RecallRefused
from tangthu.circulation.models import Hold, HoldState, Loan, Recall
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy import Block, Blocked, RuleBook, RuleName, Verdict, Waiting
from tangthu.circulation.policy.queue import suits
from tangthu.circulation.reading import Books, books
from tangthu.circulation.reading.queues import copies_of, copy_at, queues_of, rule_book
from tangthu.core import audit, changes
from tangthu.core.actor import Actor

_NOTHING_TO_RECALL = Verdict(blocks=(Blocked(code=Block.NOTHING_TO_RECALL),))


@transaction.atomic
def recall_loan(hold: Hold, *, by: Actor, override: Collection[str] = ()) -> Recall:
    """Call back, for a hold that waits, the loan of its title that is due first.

    The loan becomes due within the days that the rules give, never later than it was; its
    borrower is told, it is not renewed any more, and the hold comes before all others. Locks the
    copy, then the hold. Raises RecallRefused with every block that is left.
    """
    by.require(CirculationPermission.LEND, at=by.library_id or hold.pickup_id)
    known, now = books(), timezone.now()
    waiting = _as_waiting(hold, known)
    loan = _loan_to_recall(waiting, hold, known)
    if loan is None:
        raise RecallRefused(_NOTHING_TO_RECALL)
    item = known.item(Item.objects.select_for_update(no_key=True).get(pk=loan.item_id))
    loan = Loan.objects.open().filter(pk=loan.pk).first()
    if loan is None:  # It came back just now.
        raise RecallRefused(_NOTHING_TO_RECALL)
    hold = Hold.objects.select_for_update(no_key=True).get(pk=hold.pk)
    if hold.state != HoldState.WAITING:
        raise HoldNotWaiting(hold=hold.pk)
    book = rule_book(known, item.library, category=waiting.category, item_type=item.item_type.code)
    verdict = Verdict(blocks=tuple(_blocks(waiting, hold, book, known))).overridden(override)
    if verdict.waived:
        by.require(CirculationPermission.OVERRIDE, at=by.library_id or hold.pickup_id)
    if not verdict:
        raise RecallRefused(verdict)
    return _recalled(loan, hold, book, known, now=now, by=by)


def _as_waiting(hold: Hold, known: Books) -> Waiting:
    queue = queues_of([hold.record_id], known).get(hold.record_id, [])
    found = next((each for each in queue if each.key == hold.pk), None)
    if found is None:
        raise HoldNotWaiting(hold=hold.pk)
    return found


def _loan_to_recall(waiting: Waiting, hold: Hold, known: Books) -> Loan | None:
    """Return the loan that is due first, of a copy that this reader may have, not called back."""
    loans = (
        Loan.objects.open()
        .filter(item__record=hold.record_id)
        .exclude(patron=waiting.patron)
        .exclude(recalls__in=Recall.objects.open())
        .select_related("item")
        .order_by("due_at", "pk")
    )
    if waiting.recalled is not None:
        return None
    return next(
        (loan for loan in loans if suits(copy_at(loan.item, loan.library_id, known), waiting)), None
    )


def _blocks(waiting: Waiting, hold: Hold, book: RuleBook, known: Books) -> list[Blocked]:
    limit = book[RuleName.RECALLS]
    count = Recall.objects.open().filter(hold__record=hold.record_id).count()
    found = list[Blocked]()
    if limit.number == 0:
        found.append(Blocked(code=Block.RECALLS_NOT_ALLOWED, rule=limit.source))
    elif limit.number is not None and count >= limit.number:
        data = {"count": count, "limit": limit.number}
        found.append(Blocked(code=Block.RECALLS_PER_RECORD, rule=limit.source, data=data))
    copies = copies_of([hold.record_id], known).get(hold.record_id, [])
    if any(each.is_lendable and suits(each.copy, waiting) for each in copies):
        found.append(Blocked(code=Block.COPY_ON_SHELF))
    return found


def _recalled(
    loan: Loan, hold: Hold, book: RuleBook, known: Books, *, now: datetime, by: Actor
) -> Recall:
    days = book[RuleName.RECALL_DAYS].number or 1
    last = policy.local_day(now) + timedelta(days=days)
    library = known.network.libraries[loan.library_id]
    calendar = known.network.calendar(library.chain)
    due_at = min(loan.due_at, policy.end_of(policy.open_day_from(last, calendar)))
    before = audit.snapshot(loan)
    recall = Recall.objects.create(
        hold=hold, loan=loan, requested_at=now, former_due_at=loan.due_at, due_at=due_at
    )
    loan.due_at = due_at
    loan.save(update_fields=["due_at"])
    audit.record(
        "loan.recall",
        by=by,
        kind="loan",
        key=loan.pk,
        library=loan.library_id,
        before={"due_at": before["due_at"]},
        after={"due_at": due_at.isoformat()},
    )
    changes.append("loan", [loan.pk], library=loan.library_id)
    announce_recall(recall, library)
    return recall
