"""Placing a hold, and what its reader or the desk do with it while it waits.

Rows are locked in one order: the copy, the patron, then holds by their keys.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tangthu.catalogue.models import Item, Record
from tangthu.circulation.actions.hold_traces import (
    announce_end,
    charge_for_hold,
    leave_hold_trace,
    leave_transfer_trace,
)
from tangthu.circulation.actions.waiving import waive
from tangthu.circulation.errors import (
    HoldClosed,
    HoldNotWaiting,
    HoldRefused,
    RestEndsTooSoon,
)
from tangthu.circulation.models import (
    CancelReason,
    Hold,
    HoldState,
    Transfer,
    TransferReason,
)
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy import Block, Blocked, HoldFeeAt, Verdict, Waiting
from tangthu.circulation.policy.queue import suits
from tangthu.circulation.reading import Books, books
from tangthu.circulation.reading.placing import Wish, judged
from tangthu.circulation.reading.queues import copies_of, place
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import Busy
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron

TRIES = 3


@transaction.atomic
def place_hold(
    *,
    record: Record | None = None,
    item: Item | None = None,
    for_: Patron,
    pickup: Library,
    by: Actor,
    override: Collection[str] = (),
    starts_on: date | None = None,
    expires_on: date | None = None,
) -> Hold:
    """Let the reader wait for a title, or for one copy of it, to fetch it at that library.

    Readers may do so for themselves, but override nothing. The hold goes to the end of the
    queue; from `starts_on` it counts, after `expires_on` no more. Raises HoldRefused with every
    block that is left. Where a rule says so, the fee is charged at once.
    """
    _require(by, for_.pk, at=for_.library_id)
    known, now = books(), timezone.now()
    if item is not None:
        item = known.item(Item.objects.select_for_update(no_key=True).get(pk=item.pk))
        record = Record.objects.without_marc().get(pk=item.record_id)
    if record is None:
        raise TypeError("a hold is on a record or on an item")
    patron = known.patron(Patron.objects.select_for_update(no_key=True).get(pk=for_.pk))
    wish = Wish(
        record=record,
        item=item,
        patron=patron,
        pickup=pickup,
        by_reader=by.patron_id == patron.pk,
        starts_on=starts_on,
        expires_on=expires_on,
    )
    found = judged(wish, known, now=now)
    verdict = waive(found.verdict, override, by=by, at=by.library_id or patron.library_id)
    if not verdict:
        raise HoldRefused(verdict)
    hold = _placed(wish, verdict, at=now)
    leave_hold_trace("hold.place", hold, before=None, by=by)
    charge_for_hold(
        hold,
        patron,
        at=HoldFeeAt.PLACED,
        known=known,
        by=by,
        any_in=found.any_in,
        others=found.others_wait,
    )
    return hold


@transaction.atomic
def cancel_hold(hold: Hold, *, by: Actor, reason: CancelReason | None = None) -> Hold:
    """End a hold that is not wanted any more, and tell its reader if somebody else did it.

    A copy on the hold shelf stays there until the desk takes it down; one on its way goes on,
    and finds its next reader where it arrives. Raises HoldClosed when the hold has ended.
    """
    _require(by, hold.patron_id, at=hold.pickup_id)
    hold = _open_hold(hold.pk)
    is_own = by.patron_id is not None and by.patron_id == hold.patron_id
    default = CancelReason.BY_READER if is_own else CancelReason.BY_DESK
    end_hold(hold, HoldState.CANCELLED, reason or default, at=timezone.now(), by=by)
    if not is_own:
        announce_end(hold, Patron.objects.get(pk=hold.patron_id or 0), hold.pickup)
    return hold


@transaction.atomic
def suspend_hold(hold: Hold, *, by: Actor, until: date | None = None) -> Hold:
    """Let a hold rest, until it is resumed or that day comes; it keeps its place in the queue.

    On the day itself it counts again. Raises RestEndsTooSoon for a day that does not lie ahead,
    HoldNotWaiting when a copy is kept for the reader already.
    """
    _require(by, hold.patron_id, at=hold.pickup_id)
    if until is not None and until <= timezone.localdate():
        raise RestEndsTooSoon("until", until=until)
    hold = _waiting_hold(hold.pk)
    before = audit.snapshot(hold)
    hold.suspended, hold.suspended_until = True, until
    hold.save(update_fields=["suspended", "suspended_until"])
    leave_hold_trace("hold.suspend", hold, before=before, by=by)
    return hold


@transaction.atomic
def resume_hold(hold: Hold, *, by: Actor) -> Hold:
    """Let a suspended hold count again, at its old place in the queue."""
    _require(by, hold.patron_id, at=hold.pickup_id)
    hold = _waiting_hold(hold.pk)
    before = audit.snapshot(hold)
    hold.suspended, hold.suspended_until = False, None
    hold.save(update_fields=["suspended", "suspended_until"])
    leave_hold_trace("hold.resume", hold, before=before, by=by)
    return hold


@transaction.atomic
def move_hold(hold: Hold, *, to: int, by: Actor) -> list[Hold]:
    """Give a hold another place in the queue of its title, 1 being the first; return the queue.

    A deed of the staff who may override: it is in spite of those who have waited longer.
    """
    by.require(CirculationPermission.OVERRIDE, at=by.library_id or hold.pickup_id)
    waiting = Hold.objects.waiting().filter(record=hold.record_id).order_by("pk")
    locked = list(waiting.select_for_update(no_key=True))
    queue = sorted(locked, key=lambda each: (each.rank, each.pk))
    moved = next((each for each in queue if each.pk == hold.pk), None)
    if moved is None:
        raise HoldNotWaiting(hold=hold.pk)
    before = audit.snapshot(moved)
    queue.remove(moved)
    queue.insert(max(to, 1) - 1, moved)
    for rank, each in enumerate(queue, start=1):
        each.rank = rank
    Hold.objects.bulk_update(queue, ["rank"])
    leave_hold_trace("hold.move", moved, before=before, by=by)
    return queue


@transaction.atomic
def change_pickup(hold: Hold, *, pickup: Library, by: Actor) -> Hold:
    """Let the reader fetch it at another library.

    A copy that waits on a hold shelf is asked to be sent there; one on its way is sent on from
    where it arrives. Raises HoldRefused where no copy may be fetched there.
    """
    _require(by, hold.patron_id, at=hold.pickup_id)
    hold = _open_hold(hold.pk)
    if pickup.pk == hold.pickup_id:
        return hold
    known, now = books(), timezone.now()
    _check_reach(hold, pickup, known)
    before = audit.snapshot(hold)
    former, hold.pickup = hold.pickup, pickup
    if hold.state == HoldState.ON_SHELF:
        _ask_for_transport(hold, former, at=now, by=by)
    hold.save(update_fields=["pickup", "state", "shelf_until"])
    leave_hold_trace("hold.pickup", hold, before=before, by=by)
    return hold


def end_hold(
    hold: Hold, state: HoldState, reason: CancelReason, *, at: datetime, by: Actor
) -> None:
    """End a locked hold without its copy, which stays on the hold shelf until it is taken down."""
    before = audit.snapshot(hold)
    if hold.state != HoldState.ON_SHELF:
        hold.trapped = None
    hold.state, hold.reason, hold.closed_at, hold.shelf_until = state, reason, at, None
    hold.suspended, hold.suspended_until = False, None
    hold.save()
    action = "hold.expire" if state == HoldState.EXPIRED else "hold.cancel"
    leave_hold_trace(action, hold, before=before, by=by)


def locked_hold(pk: int) -> Hold:
    """Lock the copy that is kept for the hold, if one is, then the hold, and read it.

    Where the copy changed between the two, the locks are given back and taken anew.
    """
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return _lock_once(pk)
        except _CopyChanged:
            continue
    raise Busy(kind="hold", key=pk)


class _CopyChanged(Exception):
    """Another copy was kept for the hold than the one that was locked."""


def _lock_once(pk: int) -> Hold:
    seen = Hold.objects.values_list("trapped", flat=True).filter(pk=pk).first()
    if seen is not None:
        Item.objects.select_for_update(no_key=True).get(pk=seen)
    hold = Hold.objects.select_for_update(no_key=True).get(pk=pk)
    if hold.trapped_id not in (None, seen):
        raise _CopyChanged
    return hold


def _open_hold(pk: int) -> Hold:
    hold = locked_hold(pk)
    if not hold.is_open:
        raise HoldClosed(hold=pk)
    return hold


def _waiting_hold(pk: int) -> Hold:
    hold = _open_hold(pk)
    if hold.state != HoldState.WAITING:
        raise HoldNotWaiting(hold=pk)
    return hold


def _require(by: Actor, patron_id: int | None, *, at: int) -> None:
    """Let readers deal with their own holds; anybody else needs to lend there."""
    if by.patron_id is None or by.patron_id != patron_id:
        by.require(CirculationPermission.LEND, at=by.library_id or at)


def _placed(wish: Wish, verdict: Verdict, *, at: datetime) -> Hold:
    # Two that are placed at once may get the same rank: then the lower key comes first.
    waiting = Hold.objects.waiting().filter(record=wish.record)
    last = waiting.aggregate(Max("rank"))["rank__max"] or 0
    return Hold.objects.create(
        record=wish.record,
        item=wish.item,
        patron=wish.patron,
        pickup=wish.pickup,
        placed_at=at,
        rank=last + 1,
        starts_on=wish.starts_on,
        expires_on=wish.expires_on,
        overridden=[str(block.code) for block in verdict.waived],
    )


def _check_reach(hold: Hold, pickup: Library, known: Books) -> None:
    """Refuse a library to which none of the copies can come."""
    if not pickup.is_living(timezone.localdate()):
        raise HoldRefused(Verdict(blocks=(Blocked(code=Block.PICKUP_CLOSED),)))
    asked = _as_if(hold, pickup, known)
    copies = copies_of([hold.record_id], known).get(hold.record_id, [])
    kept = [each for each in copies if hold.trapped_id in (None, each.item.pk)]
    if not any(suits(each.copy, asked) for each in kept):
        raise HoldRefused(Verdict(blocks=(Blocked(code=Block.PICKUP_NOT_ALLOWED),)))


def _as_if(hold: Hold, pickup: Library, known: Books) -> Waiting:
    patron = known.patron(Patron.objects.get(pk=hold.patron_id or 0))
    return Waiting(
        key=hold.pk,
        rank=hold.rank,
        patron=patron.pk,
        category=patron.category.code,
        home=place(patron.library_id, known),
        pickup=place(pickup.pk, known),
        wanted=hold.item_id,
        waived=frozenset(hold.overridden),
    )


def _ask_for_transport(hold: Hold, former: Library, *, at: datetime, by: Actor) -> None:
    hold.state, hold.shelf_until = HoldState.IN_TRANSIT, None
    transfer = Transfer.objects.create(
        item_id=hold.trapped_id or 0,
        origin=former,
        destination=hold.pickup,
        reason=TransferReason.HOLD,
        hold=hold,
        requested_at=at,
    )
    leave_transfer_trace("transfer.request", transfer, before=None, by=by)
