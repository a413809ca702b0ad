"""Books that come back from readers, and the day on which a parcel is forgotten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tangthu.catalogue import barcodes
from tangthu.circulation import actions as circulation
from tangthu.circulation.actions import CheckinResult
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.delivery.actions.deciding import drop
from tangthu.delivery.actions.steps import deputy, locked, take
from tangthu.delivery.errors import NotThisParcel, StepRefused
from tangthu.delivery.models import Delivery, DeliveryEvent
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.delivery.policy import Leg, Refusal, State, StepName
from tangthu.delivery.reading import collected_at, terms_of
from tangthu.patrons.models import Patron

_COMING = frozenset({State.ON_THE_WAY, State.COLLECTED})


@transaction.atomic
def receive_copy(delivery: Delivery, barcode: str, *, by: Actor) -> CheckinResult:
    """Take back one fetched book: its loan ends, on the day on which it was fetched.

    With the last one the collection is done. Raises NotThisParcel for a book that is not of
    this collection.
    """
    by.require(DeliveryPermission.HANDLE, at=delivery.library_id)
    delivery = locked(delivery)
    if delivery.leg != Leg.BACK or delivery.state not in _COMING:
        raise StepRefused(Refusal.WRONG_STATE, reference=delivery.reference, state=delivery.state)
    code = barcodes.normal(barcode)
    line = (
        delivery.lines.filter(is_dropped=False, item__barcode=code).select_related("item").first()
    )
    if line is None or line.item is None:
        raise NotThisParcel("barcode", barcode=code)
    result = circulation.check_in(
        line.item, by=deputy(by, delivery, line.item), given_at=collected_at(delivery)
    )
    line.taken_back_at = timezone.now()
    line.save(update_fields=["taken_back_at"])
    if not delivery.lines.filter(is_dropped=False, taken_back_at=None).exists():
        take(StepName.RECEIVE, delivery, by=by)
    return result


@transaction.atomic
def receive(
    delivery: Delivery, *, by: Actor, missing: Collection[int] = (), reason: str = ""
) -> Delivery:
    """Close a collection: what it brought is taken back, what is `missing` stays on loan.

    `missing` are lines whose books did not come; their reader keeps them with the same due date.
    """
    by.require(DeliveryPermission.HANDLE, at=delivery.library_id)
    delivery = locked(delivery)
    for line in delivery.lines.filter(pk__in=missing, is_dropped=False, taken_back_at=None):
        drop(line, reason)
    return take(StepName.RECEIVE, delivery, by=by)


@transaction.atomic
def forget_addresses(*, by: Actor) -> int:
    """Forget whose the parcels were that ended a while ago, and return how many were forgotten.

    Each library says for how many days it keeps them, for complaints. What remains counts
    deliveries without naming anybody (Law 91/2025/QH15). A deed of the machine alone.
    """
    if not by.everywhere:
        raise NotPermitted(permission="everywhere")
    now, forgotten, kept = timezone.now(), 0, dict[int, int]()
    rows = Delivery.objects.to_forget(now).select_related("library").order_by("id")
    for delivery in rows.iterator(chunk_size=500):
        days = kept.setdefault(delivery.library_id, terms_of(delivery.library).kept_days)
        if delivery.closed_at is not None and delivery.closed_at < now - timedelta(days=days):
            _forget(delivery)
            forgotten += 1
    if forgotten:
        audit.record(
            "deliveries.forgotten", by=by, kind="delivery", key="", after={"count": forgotten}
        )
    return forgotten


@transaction.atomic
def forget_deliveries_of(patron: Patron) -> None:
    """Forget at once whose the reader's finished deliveries were, as part of an erasure."""
    for delivery in Delivery.objects.filter(patron=patron, closed_at__isnull=False):
        _forget(delivery)


def _forget(delivery: Delivery) -> None:
    delivery.patron = None
    delivery.name = delivery.phone = delivery.address = delivery.note = ""
    delivery.forgotten_at = timezone.now()
    delivery.save(update_fields=["patron", "name", "phone", "address", "note", "forgotten_at"])
    delivery.lines.update(loan=None, drop_reason="")
    DeliveryEvent.objects.filter(delivery=delivery).update(note="")
