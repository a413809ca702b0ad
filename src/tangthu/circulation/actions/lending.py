"""Lending, taking back and renewing.

Rows are locked in one order, the item before the patron, and read after locking.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.catalogue.models import Item, ItemStatus
from tangthu.circulation import policy
from tangthu.circulation.actions import keeping
from tangthu.circulation.actions.keeping import Stop
from tangthu.circulation.errors import CheckoutRefused, LoanClosed, RenewalRefused
from tangthu.circulation.models import Hold, Loan, LoanEvent, LoanEventKind, Transfer
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy import Block, Blocked, Borrower, Verdict
from tangthu.circulation.queues import claims_on
from tangthu.circulation.reading import (
    Books,
    Decision,
    Standing,
    books,
    item_facts,
    patron_facts,
    standing_of,
)
from tangthu.circulation.rivals import against_loan, against_renewal
from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.core.prepared import Prepared, insert
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron

LOAN_CHANGED = "loan"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckinResult:
    """What the desk does with a copy that came back, and what it should know about it.

    `loan` is the loan that ended; `None` when the copy was not on loan. `hold` is the one it is
    now kept for, `transfer` the way on which it goes.
    """

    item: Item
    loan: Loan | None
    next_action: policy.NextAction
    notices: tuple[policy.CheckinNotice, ...] = ()
    late_by: timedelta = timedelta(0)
    hold: Hold | None = None
    transfer: Transfer | None = None


@dataclass(frozen=True, slots=True)
class _Act:
    """A lending act: what was done with which copy, at which desk, by whom and when."""

    kind: LoanEventKind
    item: Item = field(kw_only=True)
    desk: Library = field(kw_only=True)
    by: Actor = field(kw_only=True)
    at: datetime = field(kw_only=True)


def check_out(
    item: Item,
    *,
    to: Patron,
    by: Actor,
    override: Collection[str] = (),
    due_at: datetime | None = None,
    at: datetime | None = None,
) -> Loan:
    """Lend the item to the patron, until the day that the rules give or the desk asks for.

    `override` names the blocks to waive, for which the actor needs the permission. Raises
    CheckoutRefused with every block that is left. A copy that was missing is found by being
    lent. The act is counted for statistics without the reader's name. `at` is when it happened,
    where it is only written down now: the rules are asked for that moment.
    """
    now = at or timezone.now()
    try:
        return _check_out(item, to=to, by=by, override=override, due_at=due_at, now=now)
    except IntegrityError:
        # The constraint is the last word on two desks that lend one copy at once.
        if not Loan.objects.open().filter(item=item).exists():
            raise
        taken = Blocked(code=Block.ON_LOAN_TO_ANOTHER)
        raise CheckoutRefused(Verdict(blocks=(taken,))) from None


@transaction.atomic
def check_in(item: Item, *, by: Actor, at: datetime | None = None) -> CheckinResult:
    """Take the item back, whoever brings it, and say what to do with it.

    A return is never refused, not even of a copy that was not on loan or that belongs to
    another library. A lost copy is found by it. `at` is when it came, where that is past.
    """
    by.require(CirculationPermission.LEND, at=by.library_id or item.library_id)
    known = books()
    item = _locked_item(item.pk, known)
    desk = known.desk(by.library_id, owner=item.library)
    now = at or timezone.now()
    loan = _open_loan(item, known)
    verdict = policy.judge_checkin(
        policy.CheckinFacts(
            now=now,
            state=policy.ItemState(item.status),
            due_at=loan.due_at if loan else None,
            belongs_here=item.library_id == desk.pk,
        )
    )
    if loan is not None:
        before = audit.snapshot(loan)
        loan.returned_at = now
        loan.save(update_fields=["returned_at"])
        act = _Act(LoanEventKind.CHECK_IN, item=item, desk=desk, by=by, at=now)
        _leave_traces(loan, act, before=before)
    if verdict.is_found:
        _mark_found(item, by=by, at=now)
    routed = keeping.route(Stop(item=item, desk=desk, by=by, at=now, known=known))
    astray = (policy.CheckinNotice.WAS_SENT_ELSEWHERE,) if routed.was_sent_elsewhere else ()
    set_aside = verdict.next_action is policy.NextAction.SET_ASIDE
    return CheckinResult(
        item=item,
        loan=loan,
        next_action=verdict.next_action if set_aside else routed.action,
        notices=(*verdict.notices, *astray),
        late_by=verdict.late_by,
        hold=routed.hold,
        transfer=routed.transfer,
    )


@transaction.atomic
def renew(
    loan: Loan, *, by: Actor, override: Collection[str] = (), at: datetime | None = None
) -> Loan:
    """Extend the loan by the rules that hold now at the library that lent it.

    Patrons may renew their own loans, but override nothing. Raises RenewalRefused with every
    block that is left, LoanClosed when the copy has come back. `at` is when it was renewed,
    where that is past.
    """
    desk_id = by.library_id or loan.library_id
    if not _is_own(loan, by):
        by.require(CirculationPermission.LEND, at=desk_id)
    known = books()
    item = _locked_item(loan.item_id, known)
    loan = Loan.objects.get(pk=loan.pk)
    loan.library = known.network.libraries[loan.library_id]
    if loan.patron_id is None or loan.returned_at is not None:
        raise LoanClosed(loan=loan.pk)
    patron = _locked_patron(loan.patron_id, known)
    now = at or timezone.now()
    judged = _judge_renewal(loan, item=item, patron=patron, now=now, known=known)
    verdict = _waive(judged, override, by=by, at=desk_id)
    if not verdict or verdict.due_at is None:
        raise RenewalRefused(verdict)
    before = audit.snapshot(loan)
    loan.due_at = verdict.due_at
    loan.renewals += 1
    loan.overridden = [*loan.overridden, *_waived(verdict)]
    loan.save(update_fields=["due_at", "renewals", "overridden"])
    loan.patron = patron
    act = _Act(LoanEventKind.RENEW, item=item, desk=loan.library, by=by, at=now)
    _leave_traces(loan, act, before=before)
    return loan


@transaction.atomic
def _check_out(
    item: Item,
    *,
    to: Patron,
    by: Actor,
    override: Collection[str],
    due_at: datetime | None,
    now: datetime,
) -> Loan:
    by.require(CirculationPermission.LEND, at=by.library_id or item.library_id)
    known = books()
    item = _locked_item(item.pk, known)
    patron = _locked_patron(to.pk, known)
    desk = known.desk(by.library_id, owner=item.library)
    claims, standing = claims_on(item, known), standing_of(item, patron)
    facts, decision = _checkout_facts(
        item, patron=patron, desk=desk, by=by, now=now, standing=standing, known=known
    )
    facts = replace(
        facts,
        due_at=due_at,
        item=replace(facts.item, waiting=claims.others(patron.pk)),
        rivals=against_loan(item, patron, claims, desk=desk, known=known, now=now),
    )
    verdict = policy.judge_checkout(facts, decision.rules)
    verdict = _waive(verdict, override, by=by, at=desk.pk)
    if not verdict or verdict.due_at is None:
        raise CheckoutRefused(verdict)
    loan = insert(
        Loan(
            item=item,
            patron=patron,
            library=desk,
            lent_at=now,
            due_at=verdict.due_at,
            overridden=_waived(verdict),
        )
    )
    _leave_traces(loan, _Act(LoanEventKind.CHECK_OUT, item=item, desk=desk, by=by, at=now))
    stop = Stop(item=item, desk=desk, by=by, at=now, known=known)
    keeping.settle(claims, patron, stop, transfer=standing.transfer)
    if item.status == ItemStatus.LOST:
        _mark_found(item, by=by, at=now)
    return loan


def _checkout_facts(
    item: Item,
    *,
    patron: Patron,
    desk: Library,
    by: Actor,
    now: datetime,
    standing: Standing,
    known: Books,
) -> tuple[policy.CheckoutFacts, Decision]:
    decision = known.decision(item, patron=patron, desk=desk)
    tallies, overdue = known.tallies(patron, decision, at=now)
    facts = policy.CheckoutFacts(
        now=now,
        patron=patron_facts(patron, now=now, overdue=overdue),
        item=item_facts(
            item,
            now=now,
            standing=standing,
            desk_may_lend=by.may(CirculationPermission.LEND, at=item.library_id),
        ),
        open_loans=tallies,
    )
    return facts, decision


def _judge_renewal(
    loan: Loan, *, item: Item, patron: Patron, now: datetime, known: Books
) -> Verdict:
    facts = policy.RenewalFacts(
        now=now,
        patron=patron_facts(patron, now=now, overdue=patron.loans.overdue(now).count()),
        item=item_facts(item, now=now, standing=Standing(Borrower.THIS_PATRON)),
        due_at=loan.due_at,
        renewals=loan.renewals,
        rivals=against_renewal(loan, item, patron, known=known, now=now),
    )
    decision = known.decision(item, patron=patron, desk=loan.library)
    return policy.judge_renewal(facts, decision.rules)


def _is_own(loan: Loan, by: Actor) -> bool:
    return by.patron_id is not None and by.patron_id == loan.patron_id


# The locks leave the keys alone (FOR NO KEY UPDATE), so that nobody who merely refers to the
# row, such as another loan of the same reader's library, waits for them.
_LOCKED_ITEM = Prepared(
    lambda pk: Item.objects.select_for_update(no_key=True).filter(pk=pk), slots=1
)
_LOCKED_PATRON = Prepared(
    lambda pk: Patron.objects.select_for_update(no_key=True).filter(pk=pk), slots=1
)
_OPEN_LOAN = Prepared(lambda item: Loan.objects.open().filter(item=item), slots=1)
_PATRON = Prepared(lambda pk: Patron.objects.filter(pk=pk), slots=1)


def _locked_item(pk: int, known: Books) -> Item:
    item = _LOCKED_ITEM.first(pk)
    if item is None:
        raise Item.DoesNotExist
    return known.item(item)


def _locked_patron(pk: int, known: Books) -> Patron:
    patron = _LOCKED_PATRON.first(pk)
    if patron is None:
        raise Patron.DoesNotExist
    return known.patron(patron)


def _open_loan(item: Item, known: Books) -> Loan | None:
    loan = _OPEN_LOAN.first(item.pk)
    if loan is None:
        return None
    loan.item, loan.library = item, known.network.libraries[loan.library_id]
    patron = _PATRON.first(loan.patron_id)
    loan.patron = known.patron(patron) if patron else None
    return loan


def _waive(verdict: Verdict, override: Collection[str], *, by: Actor, at: int) -> Verdict:
    """Waive the named blocks, for which the actor needs the permission at that library."""
    lenient = verdict.overridden(override)
    if lenient.waived:
        by.require(CirculationPermission.OVERRIDE, at=at)
    return lenient


def _waived(verdict: Verdict) -> list[str]:
    return [str(block.code) for block in verdict.waived]


def _mark_found(item: Item, *, by: Actor, at: datetime) -> None:
    before = audit.snapshot(item)
    item.status = ItemStatus.AVAILABLE
    item.updated_at = at
    item.save(update_fields=["status", "updated_at"])
    audit.record(
        "item.found",
        by=by,
        kind="item",
        key=item.pk,
        library=item.library_id,
        before=before,
        after=audit.snapshot(item),
    )
    changes.append("record", [item.record_id], library=item.library_id)


def _leave_traces(loan: Loan, act: _Act, *, before: dict[str, object] | None = None) -> None:
    """Count the act for statistics, write it in the audit log, and tell the feed."""
    patron, item = loan.patron, act.item
    insert(
        LoanEvent(
            kind=act.kind,
            at=act.at,
            library=act.desk,
            face=act.by.face,
            item=item,
            record_id=item.record_id,
            location=item.location,
            item_type=item.item_type,
            patron_category=patron.category if patron else None,
            age_band=policy.age_band(patron.age(policy.local_day(act.at))) if patron else "",
        )
    )
    audit.record(
        f"loan.{act.kind}",
        by=act.by,
        kind="loan",
        key=loan.pk,
        library=act.desk.pk,
        before=_without_reader(before or {}),
        after=_without_reader(audit.snapshot(loan)),
    )
    changes.append(LOAN_CHANGED, [loan.pk], library=act.desk.pk)


def _without_reader(values: dict[str, object]) -> dict[str, object]:
    # The log outlives the loan's tie to its reader, so it names the loan, never the reader.
    return {name: value for name, value in values.items() if name != "patron"}
