"""Who carries: kept as a list for each library, so that a run has a name and a telephone."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.delivery.errors import CarrierNameTaken, WrongPoint
from tangthu.delivery.models import Carrier, CarrierKind
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.delivery.reading import post_points
from tangthu.libraries.models import Library
from tangthu.text.normal import normalise
from tangthu.text.phones import normalise_phone


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierData:
    """A carrier as staff describe one."""

    name: str
    kind: str = CarrierKind.COURIER
    phone: str = ""
    point: Library | None = None
    is_active: bool = True


@transaction.atomic
def add_carrier(library: Library, data: CarrierData, *, by: Actor) -> Carrier:
    """Put a carrier on the library's list. Raises CarrierNameTaken, WrongPoint."""
    by.require(DeliveryPermission.APPROVE, at=library.pk)
    return _save(Carrier(library=library), data, "carrier.added", by=by)


@transaction.atomic
def change_carrier(carrier: Carrier, data: CarrierData, *, by: Actor) -> Carrier:
    """Correct a carrier, or put it out of use. Raises CarrierNameTaken, WrongPoint."""
    by.require(DeliveryPermission.APPROVE, at=carrier.library_id)
    row = Carrier.objects.select_for_update(no_key=True).get(pk=carrier.pk)
    return _save(row, data, "carrier.changed", by=by)


def _save(carrier: Carrier, data: CarrierData, action: str, *, by: Actor) -> Carrier:
    before = audit.snapshot(carrier) if carrier.pk else None
    is_point = data.kind == CarrierKind.POST_POINT
    if is_point and data.point and not post_points().filter(pk=data.point.pk).exists():
        raise WrongPoint("point")
    carrier.name = normalise(data.name)[:120]
    carrier.kind = data.kind
    carrier.phone = normalise_phone(data.phone) or normalise(data.phone)[:20]
    carrier.point = data.point if is_point else None
    carrier.is_active = data.is_active
    try:
        with transaction.atomic():
            carrier.save()
    except IntegrityError:
        raise CarrierNameTaken("name") from None
    audit.record(
        action,
        by=by,
        kind="carrier",
        key=carrier.pk,
        library=carrier.library_id,
        before=before,
        after=audit.snapshot(carrier),
    )
    return carrier
