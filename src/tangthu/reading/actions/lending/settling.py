"""What happens by itself: loans end at their moment, places pass on to whoever waits.

Nobody has to come for it: what is over is over by comparison with the clock. Tidying it up frees
the printed copies for the desk, and tells the next reader.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from tangthu.catalogue.models import Item
from tangthu.core import audit
from tangthu.core.actor import Actor, Face
from tangthu.notices.actions import announce
from tangthu.notices.kinds import NoticeKind
from tangthu.reading.actions.lending.traces import (
    locked_object,
    tell_later,
    tie,
    untie,
    write_down,
)
from tangthu.reading.models import DigitalHold, DigitalLoan, Ending, HoldState, Licence
from tangthu.reading.policy.licences import LicenceFacts, best, is_usable
from tangthu.reading.policy.protection import Wanted
from tangthu.reading.standing import (
    NO_PLACES,
    Places,
    copies_for,
    is_lendable,
    local_day,
    places_of,
    ready_until,
    rules_of,
)
from tangthu.repository.models import DigitalObject

MACHINE = Actor.machine("lending", face=Face.JOB)
BATCH = 500


def settle_all(*, now: datetime) -> int:
    """Tidy up after every loan and hold that ended by itself; return how many objects had some.

    Each object in its own transaction: one that fails or waits does not keep the others.
    """
    over = DigitalLoan.objects.over(now).values_list("object_id", flat=True)
    missed = DigitalHold.objects.missed(now).values_list("object_id", flat=True)
    waiting = DigitalHold.objects.waiting().values_list("object_id", flat=True)
    wanted = sorted({*over[:BATCH], *missed[:BATCH], *waiting.distinct()[:BATCH]})
    for key in wanted:
        _settle_one(key, now)
    return len(wanted)


@transaction.atomic
def _settle_one(object_id: int, now: datetime) -> None:
    settle(locked_object(object_id), now=now)


def settle(obj: DigitalObject, *, now: datetime) -> Places:
    """Tidy up a locked object, keep what is free for those who wait, and return how it stands."""
    for loan in DigitalLoan.objects.over(now).filter(object=obj).order_by("item_id", "id"):
        end_loan(loan, Ending.DUE, at=loan.due_at, by=MACHINE)
    for hold in DigitalHold.objects.missed(now).filter(object=obj).order_by("item_id", "id"):
        close_hold(hold, HoldState.EXPIRED, now=now, by=MACHINE)
    _take_back_broken_promises(obj, now=now)
    return _keep_for_those_who_wait(obj, now=now)


def settle_copy(item: Item, now: datetime) -> bool:
    """Put a locked copy to use again if the loan of its scan, or the time to fetch it, is over.

    Asked by the desk when it lends the copy: nobody is sent away because a job has not looked yet.
    """
    loan = DigitalLoan.objects.over(now).filter(item=item).first()
    hold = DigitalHold.objects.missed(now).filter(item=item).first()
    if loan is not None:
        end_loan(loan, Ending.DUE, at=loan.due_at, by=MACHINE)
    elif hold is not None:
        close_hold(hold, HoldState.EXPIRED, now=now, by=MACHINE)
    else:
        return False
    item.refresh_from_db(fields=["status", "updated_at"])
    return True


def end_loan(loan: DigitalLoan, ending: Ending, *, at: datetime, by: Actor) -> None:
    """End a loan, and put the printed copy to use again that stayed in for it."""
    before = audit.snapshot(loan)
    untie(loan.item_id, now=at)
    loan.returned_at, loan.ending = at, ending
    loan.save(update_fields=["returned_at", "ending"])
    if ending != Ending.DUE:
        tell_later(loan, Wanted.END, now=at)
    write_down("digital_loan.end", loan, by=by, before=before)


def close_hold(hold: DigitalHold, state: HoldState, *, now: datetime, by: Actor) -> None:
    """End a hold; what was kept for it is free again."""
    before = audit.snapshot(hold)
    untie(hold.item_id, now=now)
    hold.state, hold.closed_at = state, now
    hold.save(update_fields=["state", "closed_at"])
    write_down(f"digital_hold.{state}", hold, by=by, before=before)


def _take_back_broken_promises(obj: DigitalObject, *, now: datetime) -> None:
    """Let those wait on, at their place, whose licence ended or was stopped before they came."""
    for hold in DigitalHold.objects.ready(now).filter(object=obj).select_related("licence"):
        licence = hold.licence
        if licence is not None and is_usable(licence.facts(out=0), now=now):
            continue
        before = audit.snapshot(hold)
        untie(hold.item_id, now=now)
        hold.state, hold.licence, hold.item = HoldState.WAITING, None, None
        hold.ready_at = hold.ready_until = None
        hold.save(update_fields=["state", "licence", "item", "ready_at", "ready_until"])
        write_down("digital_hold.put_back", hold, by=MACHINE, before=before)


def _keep_for_those_who_wait(obj: DigitalObject, *, now: datetime) -> Places:
    """Keep each free place for the first in the queue whom a licence serves."""
    places = places_of([obj.pk], now=now).get(obj.pk, NO_PLACES)
    if not places.waiting or not is_lendable(obj, now=now):
        return places
    queue = DigitalHold.objects.waiting().filter(object=obj).in_order()
    for hold in queue.select_related("patron__category", "patron__library"):
        if hold.patron is None:
            continue
        chosen = best(places.facts(hold.patron.library), now=now)
        if chosen is None:
            continue
        if keep(hold, chosen, places, now=now):
            places = places_of([obj.pk], now=now).get(obj.pk, NO_PLACES)
    return places


def keep(hold: DigitalHold, chosen: LicenceFacts, places: Places, *, now: datetime) -> bool:
    """Keep a place on the licence for the hold, and tell its reader; not if no copy is left."""
    licence = next(each for each in places.licences if each.pk == chosen.key)
    patron = hold.patron
    if patron is None:
        return False
    item = take_copy(licence, now=now)
    if licence.by_copies and item is None:
        return False
    before = audit.snapshot(hold)
    hold.state, hold.licence, hold.item = HoldState.READY, licence, item
    hold.ready_at, hold.ready_until = now, ready_until(rules_of(patron), now=now)
    hold.save(update_fields=["state", "licence", "item", "ready_at", "ready_until"])
    write_down("digital_hold.ready", hold, by=MACHINE, before=before)
    announce(
        NoticeKind.DIGITAL_READY,
        to=patron,
        library=patron.library,
        values={
            "title": hold.object.title,
            "until": local_day(hold.ready_until),
            "link": reverse("reading:object", args=[hold.object.identifier]),
        },
        source=f"digital_hold:{hold.pk}:{hold.ready_at:%Y%m%d%H%M%S}",
    )
    return True


def take_copy(licence: Licence, *, now: datetime) -> Item | None:
    """Lock a free printed copy and let it stand in for a loan of its scan; nothing if none is.

    The desk locks the same row before it lends the copy: one of the two comes first, and the other
    then sees it. Copies are tried in one order.
    """
    if not licence.by_copies:
        return None
    for key in copies_for(licence).order_by("pk").values_list("pk", flat=True):
        item = Item.objects.select_for_update(no_key=True).get(pk=key)
        if copies_for(licence).filter(pk=key).exists():
            tie(item, licence, now=now)
            return item
    return None
