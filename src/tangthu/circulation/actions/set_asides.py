"""Keeping a copy back for one reader, such as while it is carried to their door."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.catalogue.models import Item
from tangthu.circulation.errors import CopyNotFree
from tangthu.circulation.models import Loan, SetAside, SetAsidePurpose
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.patrons.models import Patron


@transaction.atomic
def set_aside(item: Item, *, for_: Patron, purpose: SetAsidePurpose, by: Actor) -> SetAside:
    """Keep the copy back for the reader: until it is released, the desk lends it to nobody.

    Locks the copy. Raises CopyNotFree while it is on loan or kept back already.
    """
    by.require(CirculationPermission.LEND, at=item.library_id)
    Item.objects.select_for_update(no_key=True).get(pk=item.pk)
    if Loan.objects.open().filter(item=item).exists():
        raise CopyNotFree(barcode=item.barcode)
    row, is_new = SetAside.objects.get_or_create(
        item=item, defaults={"patron": for_, "purpose": purpose, "since": timezone.now()}
    )
    if not is_new:
        raise CopyNotFree(barcode=item.barcode)
    _leave_trace("item.set_aside", item, by=by)
    return row


@transaction.atomic
def release(item: Item, *, by: Actor) -> None:
    """Let the copy be lent again; releasing one that nobody keeps back changes nothing."""
    by.require(CirculationPermission.LEND, at=item.library_id)
    Item.objects.select_for_update(no_key=True).get(pk=item.pk)
    released, _each = SetAside.objects.filter(item=item).delete()
    if released:
        _leave_trace("item.released", item, by=by)


def _leave_trace(action: str, item: Item, *, by: Actor) -> None:
    # For whom is told by the delivery, which in time forgets the reader; the log would not.
    audit.record(action, by=by, kind="item", key=item.pk, library=item.library_id)
    changes.append("record", [item.record_id], library=item.library_id)
