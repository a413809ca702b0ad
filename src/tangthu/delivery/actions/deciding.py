"""Approving, declining and calling off."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from tangthu.catalogue.models import Item
from tangthu.circulation.actions import check_out
from tangthu.circulation.errors import CheckoutRefused
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy import Blocked
from tangthu.core.actor import Actor
from tangthu.delivery.actions.steps import deputy, locked, take
from tangthu.delivery.errors import NoCopyFree, RulesRefused
from tangthu.delivery.models import Delivery, DeliveryItem
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.delivery.policy import Leg, State, StepName
from tangthu.delivery.reading import free_copies


@transaction.atomic
def approve(
    delivery: Delivery,
    *,
    by: Actor,
    without: Mapping[int, str] | None = None,
    in_spite: bool = False,
) -> Delivery:
    """Say yes: choose a copy of each book, keep it back for the reader, and charge the fee.

    `without` names the lines that are left out, each with the reason that the reader gets. Raises
    NoCopyFree when the last copy of a book went out since it was asked for, RulesRefused when the
    lending rules would refuse the loans today, StepRefused when nothing is left to send. With
    `in_spite` blocks that may be overridden are, by those who may.
    """
    by.require(DeliveryPermission.APPROVE, at=delivery.library_id)
    delivery = locked(delivery)
    if delivery.state == State.ASKED:
        _leave_out(delivery, without or {})
        if delivery.leg == Leg.OUT:
            _choose_copies(delivery)
            _rehearse(delivery, by=by, in_spite=in_spite)
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
    copy = free_copies(line.record_id, delivery.library, for_=delivery.patron).first()
    if copy is None:
        raise NoCopyFree(title=line.record.title)
    return copy


class _Undone(Exception):
    """The rehearsal went well, and is taken back."""


def _rehearse(delivery: Delivery, *, by: Actor, in_spite: bool) -> None:
    """Lend the books and take it all back: so the rules are asked before anything is sent.

    It is the same decision as at the desk, of all the books together, with nothing left of it.
    """
    against: list[Blocked] = []
    try:
        with transaction.atomic():
            for line in delivery.lines.filter(is_dropped=False).select_related("item"):
                if line.item is not None:
                    against += _lend_in_spite(line.item, delivery, by=by)
            raise _Undone
    except _Undone:
        pass
    if not against:
        return
    if not in_spite:
        raise RulesRefused(against)
    by.require(CirculationPermission.OVERRIDE, at=delivery.library_id)


def _lend_in_spite(item: Item, delivery: Delivery, *, by: Actor) -> tuple[Blocked, ...]:
    """Lend what may be lent by waiving, and return what was waived; RulesRefused for the rest."""
    assert delivery.patron is not None  # noqa: S101 (a constraint: it is open)
    lender = deputy(by, delivery, item)
    try:
        check_out(item, to=delivery.patron, by=lender)
    except CheckoutRefused as refused:
        if not all(block.overridable for block in refused.blocks):
            raise RulesRefused(refused.blocks) from None
        codes = [block.code for block in refused.blocks]
        check_out(item, to=delivery.patron, by=lender, override=codes)
        return refused.blocks
    return ()
