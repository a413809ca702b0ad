"""Waiting for a digital object, and not waiting any more."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.patrons.models import Patron
from tangthu.reading.actions.lending.settling import close_hold, settle
from tangthu.reading.actions.lending.traces import (
    locked_object,
    locked_patron,
    require,
    write_down,
)
from tangthu.reading.models import DigitalHold, HoldState
from tangthu.reading.policy.lending import judge_hold
from tangthu.reading.refusals import DigitalHoldClosed, DigitalHoldRefused
from tangthu.reading.standing import local_day, object_facts, reader_facts, rules_of
from tangthu.repository.models import DigitalObject


@transaction.atomic
def place_digital_hold(obj: DigitalObject, *, for_: Patron, by: Actor) -> DigitalHold:
    """Let the reader wait for an object of which nothing is free, at the end of the queue.

    When their turn comes a place is kept for the days of the rules, and they are told. Raises
    DigitalHoldRefused with every reason; nobody waits for what they could borrow now.
    """
    require(by, for_.pk, at=for_.library_id)
    now = timezone.now()
    obj = locked_object(obj.pk)
    places = settle(obj, now=now)
    patron = locked_patron(for_.pk)
    rules = rules_of(patron)
    verdict = judge_hold(
        reader_facts(patron, obj, rules, now=now),
        object_facts(obj, places, patron.library, now=now),
        rules,
        today=local_day(now),
    )
    if not verdict:
        raise DigitalHoldRefused(verdict)
    hold = DigitalHold.objects.create(
        object=obj, patron=patron, library=patron.library, placed_at=now
    )
    write_down("digital_hold.place", hold, by=by)
    return hold


@transaction.atomic
def cancel_digital_hold(hold: DigitalHold, *, by: Actor) -> DigitalHold:
    """End a hold that is not wanted any more; what was kept for it passes on to the next.

    Raises DigitalHoldClosed when it has ended.
    """
    require(by, hold.patron_id, at=hold.library_id)
    now = timezone.now()
    obj = locked_object(hold.object_id)
    found = DigitalHold.objects.open(now).filter(pk=hold.pk).first()
    if found is None:
        raise DigitalHoldClosed(hold=hold.pk)
    close_hold(found, HoldState.CANCELLED, now=now, by=by)
    settle(obj, now=now)
    return found
