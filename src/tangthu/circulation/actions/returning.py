"""Taking copies back, and what follows from it.

Rows are locked in one order, the item before the patron, and read after locking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tangthu.catalogue.models import Item, ItemStatus
from tangthu.circulation import policy
from tangthu.circulation.actions import keeping
from tangthu.circulation.actions.acts import (
    Act,
    leave_traces,
    locked_item,
    open_loan,
    set_item_status,
)
from tangthu.circulation.actions.keeping import Stop
from tangthu.circulation.actions.lateness import ON_TIME, Lateness, settle_lateness
from tangthu.circulation.actions.lost import undo_loss
from tangthu.circulation.actions.slips import send_return_slip
from tangthu.circulation.models import HarmReport, Hold, Loan, LoanEventKind, Transfer
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.reading import Books, books
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckinResult:
    """What the desk does with a copy that came back, and what it should know about it.

    `loan` is the loan that ended; `None` when the copy was not on loan. `hold` is the one it is
    now kept for, `transfer` the way on which it goes. `lateness` is what the reader was charged,
    `found` the report of its loss that this undid.
    """

    item: Item
    loan: Loan | None
    next_action: policy.NextAction
    notices: tuple[policy.CheckinNotice, ...] = ()
    late_by: timedelta = timedelta(0)
    hold: Hold | None = None
    transfer: Transfer | None = None
    lateness: Lateness = ON_TIME
    found: HarmReport | None = None


@transaction.atomic
def check_in(
    item: Item, *, by: Actor, at: datetime | None = None, given_at: datetime | None = None
) -> CheckinResult:
    """Take the item back, whoever brings it, and say what to do with it.

    A return is never refused, not even of a copy that was not on loan or that belongs to
    another library. Lateness is charged by the rules, or suspends the reader; a lost copy is
    found by it, which undoes what its loss brought. `at` is when it came, where that is past;
    `given_at` when the reader gave it away, to a courier say: the loan ends then, and is late
    only up to then.
    """
    by.require(CirculationPermission.LEND, at=by.library_id or item.library_id)
    known = books()
    item = locked_item(item.pk, known)
    desk = known.desk(by.library_id, owner=item.library)
    now = at or timezone.now()
    loan = open_loan(item, known)
    ended = policy.ended_at(loan.lent_at, given_at, now=now) if loan else now
    verdict = policy.judge_checkin(
        policy.CheckinFacts(
            now=ended,
            state=policy.ItemState(item.status),
            due_at=loan.due_at if loan else None,
            belongs_here=item.library_id == desk.pk,
        )
    )
    lateness = _end(loan, desk, known, by=by, now=ended) if loan else ON_TIME
    found = find(item, known, by=by, now=now) if verdict.is_found else None
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
        lateness=lateness,
        found=found,
    )


def find(item: Item, known: Books, *, by: Actor, now: datetime) -> HarmReport | None:
    """Put a locked copy that was lost to use again, and undo what its loss brought."""
    set_item_status(item, ItemStatus.AVAILABLE, action="item.found", by=by, at=now)
    return undo_loss(item, known, by=by, now=now)


def _end(loan: Loan, desk: Library, known: Books, *, by: Actor, now: datetime) -> Lateness:
    """End the loan: who fetched it is forgotten, and what it costs is settled."""
    lateness = settle_lateness(loan, known, by=by, now=now)
    before = audit.snapshot(loan)
    loan.returned_at, loan.fetched_by = now, None
    loan.save(update_fields=["returned_at", "fetched_by"])
    act = Act(LoanEventKind.CHECK_IN, item=loan.item, desk=desk, by=by, at=now)
    leave_traces(loan, act, before=before)
    if loan.wants_slip:
        send_return_slip(loan, desk=desk, at=now)
    return lateness
