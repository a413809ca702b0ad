"""From the shelf into the parcel."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.catalogue import barcodes
from tangthu.catalogue.models import Item
from tangthu.circulation import actions as circulation
from tangthu.circulation.models import SetAsidePurpose
from tangthu.core.actor import Actor
from tangthu.delivery.actions.deciding import drop
from tangthu.delivery.actions.steps import deputy, locked, take
from tangthu.delivery.errors import NoCopyFree, NotThisParcel, StepRefused
from tangthu.delivery.models import Delivery, DeliveryItem
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.delivery.policy import Refusal, State, StepName
from tangthu.delivery.reading import free_copies


@transaction.atomic
def pick(line: DeliveryItem, *, by: Actor) -> Delivery:
    """Tick a book off the list: it is in the hand. With the last one the parcel is picked."""
    delivery, line = _line_in(line, State.APPROVED, by=by)
    if line.picked_at is None:
        line.picked_at = timezone.now()
        line.save(update_fields=["picked_at"])
    if delivery.lines.filter(is_dropped=False, picked_at=None).exists():
        return delivery
    return take(StepName.PICK, delivery, by=by)


@transaction.atomic
def not_on_shelf(line: DeliveryItem, *, by: Actor, reason: str = "") -> DeliveryItem:
    """Say that the chosen copy is not where it should be: another takes its place.

    Without another one the book is taken off the parcel, and when it was the last, StepRefused
    says so: the request is then called off with its reason.
    """
    delivery, line = _line_in(line, State.APPROVED, by=by)
    missing = line.item
    copies = free_copies(line.record_id, delivery.library, for_=delivery.patron)
    other = copies.exclude(pk=missing.pk).first() if missing else copies.first()
    if other is not None:
        _exchange(line, other, delivery, by=by)
        return line
    if delivery.lines.filter(is_dropped=False).count() == 1:
        raise StepRefused(Refusal.NOTHING_LEFT, reference=delivery.reference)
    if missing is not None:
        circulation.release(missing, by=deputy(by, delivery, missing))
    drop(line, reason)
    if not delivery.lines.filter(is_dropped=False, picked_at=None).exists():
        take(StepName.PICK, delivery, by=by)
    return line


@transaction.atomic
def pack(delivery: Delivery, barcode: str, *, by: Actor) -> Delivery:
    """Scan one book into the parcel. With the last one the parcel is packed.

    A copy of the same book other than the chosen one is taken instead, when it is free: people
    take the nearest from the shelf. Raises NotThisParcel for any other barcode.
    """
    by.require(DeliveryPermission.HANDLE, at=delivery.library_id)
    delivery = locked(delivery)
    if delivery.state != State.PICKED:
        raise StepRefused(Refusal.WRONG_STATE, reference=delivery.reference, state=delivery.state)
    line = _line_of(delivery, barcode, by=by)
    line.packed_at = timezone.now()
    line.save(update_fields=["packed_at"])
    if delivery.lines.filter(is_dropped=False, packed_at=None).exists():
        return delivery
    return take(StepName.PACK, delivery, by=by)


def _line_in(line: DeliveryItem, state: State, *, by: Actor) -> tuple[Delivery, DeliveryItem]:
    """Return the locked parcel and its line anew, when the parcel is in that state."""
    delivery = locked(line.delivery)
    by.require(DeliveryPermission.HANDLE, at=delivery.library_id)
    line = DeliveryItem.objects.select_related("item", "record").get(pk=line.pk)
    if delivery.state != state or line.is_dropped:
        raise StepRefused(Refusal.WRONG_STATE, reference=delivery.reference, state=delivery.state)
    return delivery, line


def _line_of(delivery: Delivery, barcode: str, *, by: Actor) -> DeliveryItem:
    code = barcodes.normal(barcode)
    lines = list(delivery.lines.filter(is_dropped=False).select_related("item"))
    chosen = next((line for line in lines if line.item and line.item.barcode == code), None)
    if chosen is not None:
        return chosen
    item = Item.objects.filter(barcode=code).first()
    twin = next(
        (
            line
            for line in lines
            if item is not None and line.record_id == item.record_id and line.packed_at is None
        ),
        None,
    )
    if item is None or twin is None:
        raise NotThisParcel("barcode", barcode=code)
    twins = free_copies(item.record_id, delivery.library, for_=delivery.patron)
    if not twins.filter(pk=item.pk).exists():
        raise NotThisParcel("barcode", barcode=code)
    _exchange(twin, item, delivery, by=by)
    return twin


def _exchange(line: DeliveryItem, item: Item, delivery: Delivery, *, by: Actor) -> None:
    """Put another copy of the book in the line's place, and keep that one back instead."""
    assert delivery.patron is not None  # noqa: S101 (a constraint: it is open)
    former, line.item = line.item, item
    try:
        with transaction.atomic():
            line.save(update_fields=["item"])
    except IntegrityError:
        raise NoCopyFree(title=line.record.title) from None
    circulation.set_aside(
        item,
        for_=delivery.patron,
        purpose=SetAsidePurpose.DELIVERY,
        by=deputy(by, delivery, item),
    )
    if former is not None:
        circulation.release(former, by=deputy(by, delivery, former))
