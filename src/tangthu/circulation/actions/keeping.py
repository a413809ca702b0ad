"""A copy at a desk finds its way: to the reader who waits, to another library, to the shelf.

The copy is locked by the deed that calls this, then holds by their keys; a hold is read again
under its lock, since another copy may have reached its reader in the meantime.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Subquery

from tangthu.catalogue.models import Item, ItemStatus
from tangthu.circulation import policy
from tangthu.circulation.actions.hold_traces import (
    announce_ready,
    charge_for_hold,
    leave_hold_trace,
    leave_transfer_trace,
)
from tangthu.circulation.models import (
    Hold,
    HoldState,
    SetAside,
    Stay,
    Transfer,
    TransferReason,
)
from tangthu.circulation.policy import Block, HoldFeeAt, NextAction, ReturnTo, RuleName
from tangthu.circulation.reading import Books
from tangthu.circulation.reading.queues import Claims, claims_on, copy_at, rule_book
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.prepared import Prepared
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A copy at a library's desk, in somebody's hands: who has it there, and when."""

    item: Item
    desk: Library
    by: Actor
    at: datetime
    known: Books


@dataclass(frozen=True, slots=True)
class Routed:
    """Where the copy goes now. `was_lost_on_the_way` tells that it was sent elsewhere."""

    action: NextAction = NextAction.SHELVE
    hold: Hold | None = None
    transfer: Transfer | None = None
    was_sent_elsewhere: bool = False


_WHEREABOUTS = Prepared(
    lambda item: Item.objects.filter(pk=item).values_list(
        Subquery(Transfer.objects.open().filter(item=OuterRef("pk")).values("pk")[:1]),
        Exists(Stay.objects.filter(item=OuterRef("pk"))),
        Exists(SetAside.objects.filter(item=OuterRef("pk"))),
    ),
    slots=1,
)


def route(stop: Stop) -> Routed:
    """Say where the copy that came to the desk goes, and write it down.

    A hold it is kept for comes first, then the best of those who wait, then the way on which it
    was sent, then its home; what was set aside for a reader stays so. Two queries when nobody
    wants it and it stands at home.
    """
    sent, stays, is_set_aside = _WHEREABOUTS.first(stop.item.pk) or (None, False, False)
    if is_set_aside:
        return Routed(NextAction.SET_ASIDE)
    claims = claims_on(stop.item, stop.known)
    transfer = Transfer.objects.get(pk=sent) if sent else None
    arrived = transfer is not None and transfer.destination_id == stop.desk.pk
    astray = transfer is not None and stop.desk.pk not in (
        transfer.destination_id,
        transfer.origin_id,
    )
    _take_down(claims)
    was_meant = transfer is not None and arrived and _goes_on(transfer)
    if transfer is not None and arrived:
        receive(transfer, stop)
        transfer = None
    hold = _kept_for(claims, stop) or _next_in_line(claims, stop)
    if hold is not None:
        routed = _to_reader(hold, transfer, stop)
    elif transfer is not None and _goes_on(transfer):
        routed = Routed(NextAction.TRANSIT, None, _resend(transfer, stop))
    else:
        if transfer is not None:
            cancel(transfer, stop)
        routed = _home(stop, stays=bool(stays), was_meant=was_meant)
    return Routed(routed.action, routed.hold, routed.transfer, astray)


def settle(
    claims: Claims, patron: Patron, stop: Stop, *, transfer: int | None = None
) -> Hold | None:
    """Settle what was wanted of a copy that was just lent, and return the hold that is filled.

    The reader's own hold is filled. Another's hold, for which the copy was kept, goes back to
    the head of its queue; the transport on which the copy was sent ends here.
    """
    if transfer is not None:
        way = Transfer.objects.get(pk=transfer)
        end = receive if way.destination_id == stop.desk.pk else cancel
        end(way, stop)
    _take_down(claims)
    kept = claims.kept
    if kept is not None and kept.patron != patron.pk:
        put_back(_locked(kept.hold), stop)
    own = _own_hold(claims, patron, stop.item)
    return _fill(own, patron, stop) if own is not None else None


def receive(transfer: Transfer, stop: Stop) -> None:
    """Write down that the copy has arrived."""
    before = audit.snapshot(transfer)
    transfer.received_at = stop.at
    transfer.sent_at = transfer.sent_at or stop.at
    transfer.save(update_fields=["received_at", "sent_at"])
    leave_transfer_trace("transfer.receive", transfer, before=before, by=stop.by)


def cancel(transfer: Transfer, stop: Stop) -> None:
    """Write down that the copy does not go that way after all."""
    before = audit.snapshot(transfer)
    transfer.cancelled_at = stop.at
    transfer.save(update_fields=["cancelled_at"])
    leave_transfer_trace("transfer.cancel", transfer, before=before, by=stop.by)


def start(
    stop: Stop,
    destination: Library,
    *,
    reason: TransferReason,
    hold: Hold | None = None,
    sent: bool = True,
) -> Transfer:
    """Set the copy on its way from the desk; or ask for it where it is yet to be fetched."""
    transfer = Transfer.objects.create(
        item=stop.item,
        origin=stop.desk,
        destination=destination,
        reason=reason,
        hold=hold,
        requested_at=stop.at,
        sent_at=stop.at if sent else None,
    )
    action = "transfer.send" if sent else "transfer.request"
    leave_transfer_trace(action, transfer, before=None, by=stop.by)
    return transfer


def put_back(hold: Hold, stop: Stop) -> None:
    """Put the hold back at the head of its queue, without a copy."""
    before = audit.snapshot(hold)
    waiting = Hold.objects.waiting().filter(record=hold.record_id)
    first = waiting.aggregate(Min("rank"))["rank__min"]
    hold.state, hold.trapped, hold.trapped_at, hold.shelf_until = (
        HoldState.WAITING,
        None,
        None,
        None,
    )
    hold.rank = min(hold.rank, hold.rank if first is None else first - 1)
    hold.save(update_fields=["state", "trapped", "trapped_at", "shelf_until", "rank"])
    leave_hold_trace("hold.release", hold, before=before, by=stop.by)


def is_fit(item: Item) -> bool:
    """Tell whether the copy is in a state in which it can be lent at all."""
    on_site = item.location is not None and item.location.on_site_only
    return item.status == ItemStatus.AVAILABLE and item.item_type.loanable and not on_site


def _take_down(claims: Claims) -> None:
    """Forget the ended holds whose copy stood on the hold shelf until now."""
    ended = [claim.hold for claim in claims.bound if not claim.is_open]
    if ended:
        Hold.objects.filter(pk__in=ended).update(trapped=None)


def _kept_for(claims: Claims, stop: Stop) -> Hold | None:
    """Return the hold that the copy is kept for, unless it cannot reach its reader from here.

    A copy that stood ready at another library, or is not fit to be lent, loses its hold: the
    reader goes back to the head of the queue, and may well be the next in line for it.
    """
    if claims.kept is None:
        return None
    hold = _locked(claims.kept.hold)
    if hold.trapped_id != stop.item.pk or not hold.is_open:
        return None
    stood_elsewhere = hold.state == HoldState.ON_SHELF and hold.pickup_id != stop.desk.pk
    if is_fit(stop.item) and not stood_elsewhere and _may_reach(hold, stop):
        return hold
    put_back(hold, stop)
    return None


def _may_reach(hold: Hold, stop: Stop) -> bool:
    """Tell whether no limit is against carrying the copy from the desk to the hold's reader."""
    if Block.PICKUP_OUT_OF_REACH in hold.overridden:
        return True
    return _may_go(stop, stop.known.network.libraries[hold.pickup_id])


def _may_go(stop: Stop, to: Library) -> bool:
    item_type = stop.item.item_type.code
    return stop.known.limits.allow(stop.desk.chain, to.chain, item_type=item_type)


def _next_in_line(claims: Claims, stop: Stop) -> Hold | None:
    """Return the waiting hold whose turn it is for this copy, locked."""
    if not is_fit(stop.item):
        return None
    queue = list(claims.queue) if claims.kept is None else _fresh_queue(stop)
    copy, today = copy_at(stop.item, stop.desk.pk, stop.known), policy.local_day(stop.at)
    while (best := policy.choose(copy, queue, today=today)) is not None:
        hold = (
            Hold.objects.waiting()
            .filter(pk=best.key, suspended=False)
            .select_for_update(no_key=True)
            .first()
        )
        if hold is not None:
            return hold
        queue.remove(best)
    return None


def _fresh_queue(stop: Stop) -> list[policy.Waiting]:
    # A hold that lost this copy a moment ago waits again, and is not in what was read before.
    return list(claims_on(stop.item, stop.known).queue)


def _to_reader(hold: Hold, transfer: Transfer | None, stop: Stop) -> Routed:
    """Put the copy on the hold shelf here, or send it where its reader fetches it."""
    pickup = stop.known.network.libraries[hold.pickup_id]
    if pickup.pk == stop.desk.pk:
        if transfer is not None:
            cancel(transfer, stop)
        if hold.state != HoldState.ON_SHELF:
            _shelve(hold, stop)
        return Routed(NextAction.HOLD, hold)
    way = _way(transfer, hold, stop)
    if hold.state != HoldState.IN_TRANSIT:
        _trap(hold, HoldState.IN_TRANSIT, stop)
    return Routed(NextAction.TRANSIT, hold, way)


def _way(transfer: Transfer | None, hold: Hold, stop: Stop) -> Transfer:
    """Return the transport to the reader's library from here: the one begun, or a new one."""
    if transfer is not None:
        if (transfer.origin_id, transfer.destination_id) == (stop.desk.pk, hold.pickup_id):
            return send(transfer, stop)
        cancel(transfer, stop)
    recalled = hasattr(hold, "recall")
    reason = TransferReason.RECALL if recalled else TransferReason.HOLD
    pickup = stop.known.network.libraries[hold.pickup_id]
    return start(stop, pickup, reason=reason, hold=hold)


def send(transfer: Transfer, stop: Stop) -> Transfer:
    """Write down that the copy has left; one that has left already is only handed on."""
    if transfer.sent_at is None:
        before = audit.snapshot(transfer)
        transfer.sent_at = stop.at
        transfer.save(update_fields=["sent_at"])
        leave_transfer_trace("transfer.send", transfer, before=before, by=stop.by)
    return transfer


def _shelve(hold: Hold, stop: Stop) -> None:
    """Put the copy on the hold shelf of the desk, and tell its reader until when."""
    patron = Patron.objects.get(pk=hold.patron_id or 0)
    pickup = stop.known.network.libraries[hold.pickup_id]
    book = rule_book(
        stop.known,
        pickup,
        category=stop.known.categories[patron.category_id].code,
        item_type=stop.item.item_type.code,
    )
    calendar = stop.known.network.calendar(pickup.chain)
    today = policy.local_day(stop.at)
    hold.shelf_until = policy.shelf_until(max(today, hold.starts_on or today), book, calendar)
    _trap(hold, HoldState.ON_SHELF, stop)
    announce_ready(hold, patron, pickup)


def _trap(hold: Hold, state: HoldState, stop: Stop) -> None:
    before = audit.snapshot(hold)
    hold.state, hold.trapped = state, stop.item
    hold.trapped_at = hold.trapped_at or stop.at
    hold.save(update_fields=["state", "trapped", "trapped_at", "shelf_until"])
    leave_hold_trace("hold.trap", hold, before=before, by=stop.by)


def _goes_on(transfer: Transfer) -> bool:
    return transfer.reason in (TransferReason.MANUAL, TransferReason.ROTATION)


def _resend(transfer: Transfer, stop: Stop) -> Transfer:
    """Send the copy on to where the staff wanted it, from wherever it has come to light."""
    if transfer.origin_id == stop.desk.pk:
        return send(transfer, stop)
    cancel(transfer, stop)
    destination = stop.known.network.libraries[transfer.destination_id]
    return start(stop, destination, reason=TransferReason(transfer.reason))


def _home(stop: Stop, *, stays: bool, was_meant: bool) -> Routed:
    """Shelve the copy here when it is at home, stays, or was sent here; else send it home."""
    owner = stop.item.library
    if stop.item.status == ItemStatus.WITHDRAWN:
        return Routed(NextAction.SET_ASIDE)
    if owner.pk == stop.desk.pk:
        if stays:
            Stay.objects.filter(item=stop.item).delete()
        return Routed()
    if was_meant or _stays(stop):
        Stay.objects.update_or_create(
            item=stop.item, defaults={"library": stop.desk, "since": stop.at}
        )
        return Routed()
    transfer = start(stop, owner, reason=TransferReason.RETURN_HOME)
    return Routed(NextAction.TRANSIT, None, transfer)


def _stays(stop: Stop) -> bool:
    """Tell whether the copy stays where it came back.

    So its library says, or it has none left, or a limit is against the way home.
    """
    owner = stop.item.library
    if not owner.is_living(policy.local_day(stop.at)) or not _may_go(stop, owner):
        return True
    # A rule about copies: it is not set for categories of readers, so any of them will do.
    category = next(iter(stop.known.categories.values()), None)
    rows = stop.known.rules(owner, category).rows if category else ()
    book = policy.RuleBook(rows, "", stop.item.item_type.code)
    return book[RuleName.RETURN_TO].value == ReturnTo.STAY


def _own_hold(claims: Claims, patron: Patron, item: Item) -> int | None:
    """Return the reader's own hold that the copy fills: kept on it, for it, or on its title."""
    kept = claims.kept
    if kept is not None and kept.patron == patron.pk:
        return kept.hold
    mine = [
        hold for hold in claims.queue if hold.patron == patron.pk and hold.wanted in (None, item.pk)
    ]
    first = min(mine, key=lambda hold: (hold.wanted is None, hold.rank, hold.key), default=None)
    return first.key if first is not None else None


def _fill(pk: int, patron: Patron, stop: Stop) -> Hold | None:
    hold = _locked(pk)
    if not hold.is_open:
        return None
    before = audit.snapshot(hold)
    hold.state, hold.closed_at = HoldState.FILLED, stop.at
    hold.trapped, hold.shelf_until = None, None
    hold.save(update_fields=["state", "closed_at", "trapped", "shelf_until"])
    leave_hold_trace("hold.fill", hold, before=before, by=stop.by)
    charge_for_hold(hold, patron, at=HoldFeeAt.PICKUP, known=stop.known, by=stop.by)
    return hold


def _locked(pk: int) -> Hold:
    return Hold.objects.select_for_update(no_key=True).get(pk=pk)
