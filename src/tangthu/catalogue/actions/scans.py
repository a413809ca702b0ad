"""Keeping a copy in while its scan is on loan, and putting it to use again."""

from __future__ import annotations

from datetime import datetime

from tangthu.catalogue.actions.records import RECORD_CHANGED
from tangthu.catalogue.errors import ItemLentAsScan
from tangthu.catalogue.models import Item, ItemStatus
from tangthu.core import audit, changes
from tangthu.core.actor import Actor, Face

_MACHINE = Actor.machine("scans", face=Face.JOB)


def stand_in(item: Item, *, now: datetime) -> str:
    """Keep the locked copy in for a loan of its scan; return the state it had until then.

    Raises ItemLentAsScan where it stands in for one already. Who borrows the scan is not written
    down here: the log outlives what readers' loans are kept for.
    """
    if item.status == ItemStatus.LENT_AS_SCAN:
        raise ItemLentAsScan(barcode=item.barcode)
    before = item.status
    _set(item, ItemStatus.LENT_AS_SCAN, action="item.lent_as_scan", now=now)
    return before


def stand_down(item: Item, *, to: str, now: datetime) -> None:
    """Put the locked copy to use again, in the state it had. It changes nothing twice."""
    if item.status == ItemStatus.LENT_AS_SCAN:
        _set(item, to, action="item.scan_back", now=now)


def _set(item: Item, status: str, *, action: str, now: datetime) -> None:
    before = audit.snapshot(item)
    item.status, item.updated_at = status, now
    item.save(update_fields=["status", "updated_at"])
    audit.record(
        action,
        by=_MACHINE,
        kind="item",
        key=item.pk,
        library=item.library_id,
        before=before,
        after=audit.snapshot(item),
    )
    changes.append(RECORD_CHANGED, [item.record_id], library=item.library_id)
