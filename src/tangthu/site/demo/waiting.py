"""Holds of the demo: queues, a copy on the hold shelf, one on its way to a ward."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from tangthu.catalogue.models import Item, ItemStatus
from tangthu.circulation import actions
from tangthu.circulation.errors import HoldRefused
from tangthu.circulation.models import Hold, Loan
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron

QUEUES = 6


def place_holds(tree: dict[str, Library], *, by: Actor) -> int:
    """Let readers wait: for titles that are out, on the shelf, and at a ward's library."""
    province, ward = tree["DLK"], tree["EAKAO"]
    readers = _readers(province)
    held = 0
    for number, loan in enumerate(_loans(province)[:QUEUES]):
        wanted = 1 + number % 3
        for reader in (next(readers, None) for _each in range(wanted)):
            held += _hold(loan.item, reader, province, by)
    free = free_items(province)
    desk = replace(by, library_id=province.pk)
    for pickup in (province, ward):
        item, reader = next(free, None), next(readers, None)
        if item is not None and _hold(item, reader, pickup, by):
            actions.check_in(item, by=desk)
            held += 1
    item, reader = next(free, None), next(readers, None)
    return held + (_hold(item, reader, province, by) if item is not None else 0)


def _hold(item: Item, reader: Patron | None, pickup: Library, by: Actor) -> int:
    if reader is None or Hold.objects.open().filter(record=item.record_id, patron=reader).exists():
        return 0
    try:
        actions.place_hold(record=item.record, for_=reader, pickup=pickup, by=by)
    except HoldRefused:
        return 0
    return 1


def _readers(library: Library) -> Iterator[Patron]:
    now: datetime = timezone.now()
    late = Loan.objects.overdue(now).values("patron")
    today = timezone.localdate(now)
    good = Patron.objects.filter(library=library, card_status="active", expires_on__gt=today)
    return iter(list(good.exclude(pk__in=late).order_by("card")[40:80]))


def _loans(library: Library) -> list[Loan]:
    now = timezone.now()
    loans = Loan.objects.open().filter(item__library=library, due_at__gt=now)
    return list(loans.select_related("item__record").order_by("due_at", "pk")[:QUEUES])


def free_items(library: Library) -> Iterator[Item]:
    """Yield copies that can be lent, of records that nobody has or waits for."""
    items = (
        Item.objects.filter(library=library, status=ItemStatus.AVAILABLE)
        .filter(item_type__loanable=True, location__on_site_only=False)
        .exclude(pk__in=Loan.objects.open().values("item"))
        .exclude(record__in=Loan.objects.open().values("item__record"))
        .exclude(record__holds__isnull=False)
        .select_related("record")
        .order_by("-barcode")
    )
    return iter(list(items[:10]))
