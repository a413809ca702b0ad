"""Parcels brought to where a test begins."""

from __future__ import annotations

from tangthu.core.actor import Actor
from tangthu.delivery import actions
from tangthu.delivery.models import Delivery


def pack_all(delivery: Delivery, *, by: Actor) -> Delivery:
    """Take every book of an approved parcel from the shelf and scan it in."""
    for line in delivery.lines.filter(is_dropped=False):
        actions.pick(line, by=by)
    for line in delivery.lines.filter(is_dropped=False).select_related("item"):
        actions.pack(delivery, line.item.barcode, by=by)
    delivery.refresh_from_db()
    return delivery


def states(delivery: Delivery) -> list[str]:
    """Return the states that the parcel has been in, from its history."""
    return list(delivery.events.values_list("target", flat=True))
