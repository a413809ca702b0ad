"""What can be read on the screen of what a record describes."""

from __future__ import annotations

from dataclasses import dataclass

from tangthu.core.actor import Actor
from tangthu.reading.presenting import address_of
from tangthu.reading.readers import readable
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.kinds import Access


@dataclass(frozen=True, slots=True)
class Offer:
    """An object that can be opened, and where. `limits` says who may, unless everybody may."""

    title: str
    address: str
    limits: str
    kind: str


def offers_of(record_id: int, actor: Actor) -> list[Offer]:
    """Return the published objects of the record that a reader can show: one query."""
    shown = DigitalObject.objects.visible_to(actor).published().of_records([record_id])
    found = shown.filter(readable()).order_by("title_key", "id")
    return [
        Offer(
            title=obj.title,
            address=address_of(obj),
            limits="" if obj.access == Access.PUBLIC else obj.get_access_display(),
            kind=obj.kind,
        )
        for obj in found
    ]
