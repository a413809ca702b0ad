"""What others ask of electronic lending: what is free, what a reader has, and whether it opens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tangthu.core.actor import Actor
from tangthu.patrons.models import Patron
from tangthu.reading.models import DigitalHold, DigitalLoan
from tangthu.reading.policy.licences import Protection
from tangthu.reading.standing import NO_PLACES, Places, places_of
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.kinds import Access


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """How an object is lent. `total` and `free` are `None` where they are without limit.

    `is_lent` tells whether any licence lends it now. `waiting` counts those who wait and are kept
    nothing yet; what is free is free for them first. `next_due_at` is when the first of the loans
    ends by itself.
    """

    is_lent: bool = False
    total: int | None = 0
    free: int | None = 0
    waiting: int = 0
    next_due_at: datetime | None = None


def availability_of(object_ids: Iterable[int], *, now: datetime) -> dict[int, Availability]:
    """Return how each of these objects is lent at that moment: at most four queries for all."""
    wanted = list(object_ids)
    found = places_of(wanted, now=now)
    return {key: _availability(found.get(key, NO_PLACES), now) for key in wanted}


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a reader has and waits for, the soonest due and the first placed at the head.

    Each hold knows its `place` in the queue; 0 where a copy is kept for the reader.
    """

    loans: Sequence[DigitalLoan] = ()
    holds: Sequence[DigitalHold] = ()

    def __bool__(self) -> bool:
        return bool(self.loans or self.holds)


def shelf_of(patron: Patron, *, now: datetime) -> Shelf:
    """Return the reader's live loans and open holds. Two queries."""
    return Shelf(
        list(DigitalLoan.objects.live(now).filter(patron=patron).for_shelf()),
        list(DigitalHold.objects.open(now).filter(patron=patron).for_shelf()),
    )


def loan_of(obj: DigitalObject, actor: Actor, *, now: datetime) -> DigitalLoan | None:
    """Return the live loan by which this reader has the object, if there is one."""
    if actor.patron_id is None:
        return None
    mine = DigitalLoan.objects.live(now).filter(patron=actor.patron_id, object=obj)
    return mine.select_related("licence").first()


def dues_of(actor: Actor, *, now: datetime) -> list[tuple[DigitalObject, datetime]]:
    """Return what this reader has on loan, and until when; nothing for anybody else. One query."""
    if actor.patron_id is None:
        return []
    mine = DigitalLoan.objects.live(now).filter(patron=actor.patron_id).select_related("object")
    return [(loan.object, loan.due_at) for loan in mine]


def opens(obj: DigitalObject, actor: Actor, now: datetime) -> bool:
    """Tell whether a live loan opens the object to this visitor. One query, for a reader alone.

    What is lent with an LCP licence opens in programs that know LCP, never on our pages.
    """
    if actor.patron_id is None or obj.access != Access.LENT:
        return False
    mine = DigitalLoan.objects.live(now).filter(patron=actor.patron_id, object=obj)
    return mine.exclude(licence__protection=Protection.LCP).exists()


def _availability(places: Places, now: datetime) -> Availability:
    return Availability(
        is_lent=bool(places.licences),
        total=places.total(),
        free=places.free(now=now),
        waiting=places.waiting,
        next_due_at=places.next_due_at,
    )
