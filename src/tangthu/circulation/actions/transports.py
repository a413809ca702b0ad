"""Copies on their way from one library to another, where no return or hold moves them.

Rows are locked in the order of all lending: the copy first.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.catalogue.models import Item
from tangthu.circulation.actions import keeping
from tangthu.circulation.actions.keeping import Routed, Stop
from tangthu.circulation.errors import TransferClosed, TransferNotAllowed, TransferRefused
from tangthu.circulation.models import Hold, HoldState, Loan, SetAside, Transfer, TransferReason
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.reading import Books, books
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library


@transaction.atomic
def request_transfer(
    item: Item,
    *,
    to: Library,
    by: Actor,
    reason: TransferReason = TransferReason.MANUAL,
    send_now: bool = False,
) -> Transfer:
    """Ask for a copy to be sent to another library, or write down that it is sent now.

    Raises TransferRefused while it is on loan, kept for a reader or on its way already, and for
    a library where it is or that no longer exists; TransferNotAllowed where a limit is against it.
    """
    known = books()
    item = known.item(Item.objects.select_for_update(no_key=True).get(pk=item.pk))
    stay = getattr(item, "stay", None)
    origin = known.network.libraries[stay.library_id if stay else item.library_id]
    by.require(CirculationPermission.LEND, at=by.library_id or origin.pk)
    _check_free(item)
    if to.pk == origin.pk or not to.is_living(timezone.localdate()):
        raise TransferRefused(barcode=item.barcode, library=to.code)
    _check_way(item, origin, to, known)
    stop = Stop(item=item, desk=origin, by=by, at=timezone.now(), known=known)
    return keeping.start(stop, to, reason=reason, sent=send_now)


@transaction.atomic
def send_transfer(transfer: Transfer, *, by: Actor) -> Transfer:
    """Write down that the copy has left; one that has left already stays as it is."""
    by.require(CirculationPermission.LEND, at=transfer.origin_id)
    transfer, stop = _locked(transfer, transfer.origin_id, by)
    return keeping.send(transfer, stop)


@transaction.atomic
def receive_transfer(transfer: Transfer, *, by: Actor) -> Routed:
    """Write down that the copy has arrived, and say where it goes from there."""
    by.require(CirculationPermission.LEND, at=transfer.destination_id)
    _transfer, stop = _locked(transfer, transfer.destination_id, by)
    return keeping.route(stop)


@transaction.atomic
def cancel_transfer(transfer: Transfer, *, by: Actor) -> Transfer:
    """Write down that the copy does not go there; a reader for whom it went waits again, first.

    It counts as standing where it set out.
    """
    by.require(CirculationPermission.LEND, at=by.library_id or transfer.origin_id)
    transfer, stop = _locked(transfer, transfer.origin_id, by)
    keeping.cancel(transfer, stop)
    hold = Hold.objects.select_for_update(no_key=True).filter(
        trapped=transfer.item_id, state=HoldState.IN_TRANSIT
    )
    for kept in hold:
        keeping.put_back(kept, stop)
    return transfer


def _locked(transfer: Transfer, library_id: int, by: Actor) -> tuple[Transfer, Stop]:
    known = books()
    item = known.item(Item.objects.select_for_update(no_key=True).get(pk=transfer.item_id))
    transfer = Transfer.objects.get(pk=transfer.pk)
    if transfer.received_at is not None or transfer.cancelled_at is not None:
        raise TransferClosed(transfer=transfer.pk)
    desk = known.network.libraries[library_id]
    return transfer, Stop(item=item, desk=desk, by=by, at=timezone.now(), known=known)


def _check_way(item: Item, origin: Library, to: Library, known: Books) -> None:
    if not known.limits.allow(origin.chain, to.chain, item_type=item.item_type.code):
        raise TransferNotAllowed(
            barcode=item.barcode, library=to.code, origin=origin.name, destination=to.name
        )


def _check_free(item: Item) -> None:
    is_bound = (
        Loan.objects.open().filter(item=item).exists()
        or Transfer.objects.open().filter(item=item).exists()
        or Hold.objects.trapped().filter(trapped=item).exists()
        or SetAside.objects.filter(item=item).exists()
    )
    if is_bound:
        raise TransferRefused(barcode=item.barcode)
