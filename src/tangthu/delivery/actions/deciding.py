"""Approving, declining and calling off."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from tangthu.catalogue.models import Item
from tangthu.core.actor import Actor
from tangthu.delivery.actions.steps import locked, take
from tangthu.delivery.errors import NoCopyFree
from tangthu.delivery.models import Delivery, DeliveryItem
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.delivery.policy import Leg, State, StepName
from tangthu.delivery.reading import free_copies


@transaction.atomic
def approve(delivery: Delivery, *, by: Actor, without: Mapping[int, str] | None = None) -> Delivery:
    """Say yes: choose a copy of each book, keep it back for the reader, and charge the fee.

    `without` names the lines that are left out, each with the reason that the reader gets. Raises
    NoCopyFree when the last copy of a book went out since it was asked for, StepRefused when
    nothing is left to send.
    """
    by.require(DeliveryPermission.APPROVE, at=delivery.library_id)
    delivery = locked(delivery)
    if delivery.state == State.ASKED:
        _leave_out(delivery, without or {})
        if delivery.leg == Leg.OUT:
            _choose_copies(delivery)
    return take(StepName.APPROVE, delivery, by=by)


def reject(delivery: Delivery, *, reason: str, by: Actor) -> Delivery:
    """Say no, with the reason that the reader gets. Nothing was kept back or charged yet."""
    return take(StepName.REJECT, delivery, by=by, reason=reason)


def cancel(delivery: Delivery, *, by: Actor, reason: str = "") -> Delivery:
    """Call it off: the copies are free again, the fee is taken back.

    The reader may until the books are taken from the shelf, staff until they leave the house.
    """
    return take(StepName.CANCEL, delivery, by=by, reason=reason)


def _leave_out(delivery: Delivery, without: Mapping[int, str]) -> None:
    for line in delivery.lines.filter(pk__in=without, is_dropped=False):
        drop(line, without[line.pk])


def drop(line: DeliveryItem, reason: str) -> None:
    """Take a book off the parcel; its copy is bound to it no more."""
    line.is_dropped, line.is_open = True, False
    line.drop_reason = " ".join(reason.split())[:200]
    line.save(update_fields=["is_dropped", "is_open", "drop_reason"])


def _choose_copies(delivery: Delivery) -> None:
    lines = delivery.lines.filter(is_dropped=False, item=None).select_related("record")
    for line in lines.order_by("record_id", "id"):
        line.item = _free_copy(line, delivery)
        try:
            with transaction.atomic():
                line.save(update_fields=["item"])
        except IntegrityError:
            # Another parcel was given this copy in the same moment.
            raise NoCopyFree(title=line.record.title) from None


def _free_copy(line: DeliveryItem, delivery: Delivery) -> Item:
    copy = free_copies(line.record_id, delivery.library).first()
    if copy is None:
        raise NoCopyFree(title=line.record.title)
    return copy
