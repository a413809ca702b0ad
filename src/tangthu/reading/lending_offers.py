"""What a visitor can do with an object that is lent: borrow, wait, read, give back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tangthu.core.actor import Actor
from tangthu.reading.lending import Availability, availability_of
from tangthu.reading.models import DigitalHold, DigitalLoan
from tangthu.repository.models import DigitalObject


@dataclass(frozen=True, slots=True, kw_only=True)
class LendingOffer:
    """How an object is lent, and how this visitor stands to it."""

    availability: Availability
    loan: DigitalLoan | None = None
    hold: DigitalHold | None = None

    @property
    def may_borrow(self) -> bool:
        """Whether a copy is free, or kept for this visitor. The rules may still say no."""
        is_free = self.availability.is_lent and self.availability.free != 0
        return self.loan is None and (is_free or (self.hold is not None and self.hold.is_ready))

    @property
    def may_hold(self) -> bool:
        """Whether there is something to wait for."""
        nothing_free = self.availability.is_lent and self.availability.free == 0
        return nothing_free and self.loan is None and self.hold is None


def lending_offers(
    objects: Iterable[DigitalObject], actor: Actor, *, now: datetime
) -> Mapping[int, LendingOffer]:
    """Return what can be done with each of these objects: six queries at most for all."""
    keys = [obj.pk for obj in objects]
    if not keys:
        return {}
    free = availability_of(keys, now=now)
    loans: dict[int, DigitalLoan] = {}
    holds: dict[int, DigitalHold] = {}
    if actor.patron_id is not None:
        mine = DigitalLoan.objects.live(now).filter(patron=actor.patron_id, object__in=keys)
        loans = {loan.object_id: loan for loan in mine.select_related("licence")}
        waits = DigitalHold.objects.open(now).filter(patron=actor.patron_id, object__in=keys)
        holds = {hold.object_id: hold for hold in waits.with_place()}
    return {
        key: LendingOffer(availability=free[key], loan=loans.get(key), hold=holds.get(key))
        for key in keys
    }
