"""Taking a copy from the shelf to be digitised, and bringing it back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.catalogue.actions.records import RECORD_CHANGED
from tangthu.catalogue.errors import ItemNotFree
from tangthu.catalogue.models import Item, ItemStatus
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.catalogue.scans import free_copies
from tangthu.core import audit, changes
from tangthu.core.actor import Actor


@transaction.atomic
def take_to_digitise(item: Item, *, by: Actor) -> str:
    """Show the copy as being digitised; return the state it had until then. Locks the copy.

    Raises ItemNotFree for one that is on loan, on its way, kept for a reader, or not fit for use.
    One that is being digitised already stays so, and its former state is not known here: empty.
    """
    by.require(CataloguePermission.EDIT_ITEMS, at=item.library_id)
    locked = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
    if locked.status == ItemStatus.IN_DIGITISATION:
        return ""
    if not free_copies(Item.objects.filter(pk=locked.pk)).exists():
        raise ItemNotFree(barcode=locked.barcode)
    before = locked.status
    _set(locked, ItemStatus.IN_DIGITISATION, action="item.digitising", by=by)
    return before


@transaction.atomic
def bring_back_digitised(item: Item, *, to: str, by: Actor) -> None:
    """Put the copy to use again in the state it had. One that is in another by now stays so."""
    by.require(CataloguePermission.EDIT_ITEMS, at=item.library_id)
    locked = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
    if locked.status == ItemStatus.IN_DIGITISATION:
        _set(locked, to or ItemStatus.AVAILABLE, action="item.digitised", by=by)


def _set(item: Item, status: str, *, action: str, by: Actor) -> None:
    before = audit.snapshot(item)
    item.status, item.updated_at = status, timezone.now()
    item.save(update_fields=["status", "updated_at"])
    audit.record(
        action,
        by=by,
        kind="item",
        key=item.pk,
        library=item.library_id,
        before=before,
        after=audit.snapshot(item),
    )
    changes.append(RECORD_CHANGED, [item.record_id], library=item.library_id)
