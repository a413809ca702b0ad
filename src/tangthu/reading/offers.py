"""What can be read on the screen of what a record describes."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.reading.lending_offers import LendingOffer, lending_offers
from tangthu.reading.presenting import address_of
from tangthu.reading.readers import readable
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.kinds import Access


@dataclass(frozen=True, slots=True)
class Offer:
    """An object that can be opened, and where. `limits` says who may, unless everybody may.

    `lending` tells of what is lent how it is, and how the visitor stands to it.
    """

    title: str
    address: str
    limits: str
    kind: str
    lending: LendingOffer | None = None


def offers_of(record_id: int, actor: Actor) -> list[Offer]:
    """Return the published objects of the record that a reader can show.

    One query; a few more where some of them are lent.
    """
    shown = DigitalObject.objects.visible_to(actor).published().of_records([record_id])
    found = list(shown.filter(readable()).order_by("title_key", "id"))
    lent = [obj for obj in found if obj.access == Access.LENT]
    lending = lending_offers(lent, actor, now=timezone.now()) if lent else {}
    return [
        Offer(
            title=obj.title,
            address=address_of(obj),
            limits="" if obj.access == Access.PUBLIC else obj.get_access_display(),
            kind=obj.kind,
            lending=lending.get(obj.pk),
        )
        for obj in found
    ]
