"""Home deliveries of the demo, one in each state that a day brings, and a self-service station."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tangthu.catalogue.models import Record
from tangthu.circulation import actions as circulation
from tangthu.circulation.models import Loan
from tangthu.core.actor import Actor
from tangthu.delivery import actions
from tangthu.delivery.actions import CarrierData, Request
from tangthu.delivery.models import Carrier, CarrierKind, Delivery, FailReason
from tangthu.delivery.reading import Destination, free_copies
from tangthu.libraries.actions import set_preference
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron

PREFERENCES = {
    "delivery_offered": "true",
    "delivery_fee": "15000",
    "delivery_collection_fee": "10000",
}
WAITING = 2


@transaction.atomic
def bring_books(tree: dict[str, Library], *, by: Actor) -> None:
    """Ask for books to be brought by a few readers, and carry some of them along the way."""
    library = tree["DLK"]
    for name, value in PREFERENCES.items():
        set_preference(library, name, value, by=by)
    circulation.add_station(library, "Sảnh tầng 1 (trình diễn)", by=by)
    carrier = actions.add_carrier(
        library,
        CarrierData(name="Bưu tá trình diễn", kind=CarrierKind.COURIER, phone="0900900900"),
        by=by,
    )
    asked = list(_requests(library, by=by))
    for delivery in asked[WAITING:]:
        actions.approve(delivery, by=by)
    ready = asked[WAITING + 1 :]
    for delivery in ready:
        _pack(delivery, by=by)
    _send(ready[1:], carrier, by=by)
    if len(ready) > 3:
        actions.fail(ready[2], FailReason.NOT_HOME, by=by, note="Đã gọi hai lần")
        delivered = actions.deliver(ready[3], by=by)
        _ask_to_fetch(delivered, by=by)


def _requests(library: Library, *, by: Actor) -> Iterator[Delivery]:
    """Yield a request of each of a few readers who have nothing at home yet."""
    busy = Loan.objects.open().filter(patron=OuterRef("pk"))
    readers = (
        Patron.objects.filter(library=library, category__code="adult")
        .filter(expires_on__gt=timezone.localdate())
        .exclude(Exists(busy))
        .exclude(phone="")
        .select_related("category", "library")
        .order_by("card")[: WAITING + 6]
    )
    for reader, record in zip(readers, _records(library), strict=False):
        to = Destination(name=reader.name, phone=reader.phone, address=reader.address)
        note = "Có người ở nhà sau 17 giờ"
        request = Request(patron=reader, library=library, to=to, note=note)
        yield actions.ask(request, [record], by=by)


def _records(library: Library) -> Iterator[Record]:
    """Yield records of which two copies are free, so that the desk has one left to lend."""
    rows = Record.objects.filter(items__library=library).defer("marc").distinct().order_by("-pk")
    return (row for row in rows if free_copies(row.pk, library, for_=None).count() > 1)


def _pack(delivery: Delivery, *, by: Actor) -> None:
    for line in delivery.lines.select_related("item"):
        actions.pick(line, by=by)
    for line in delivery.lines.exclude(item=None).select_related("item"):
        if line.item is not None:
            actions.pack(delivery, line.item.barcode, by=by)


def _send(parcels: list[Delivery], carrier: Carrier, *, by: Actor) -> None:
    if not parcels:
        return
    run = actions.begin_run(carrier, by=by)
    for delivery in parcels:
        actions.load(run, delivery.reference, by=by)
    actions.hand_over(run, by=by)


def _ask_to_fetch(delivery: Delivery, *, by: Actor) -> None:
    """Ask for the books of a finished delivery to be fetched again."""
    if delivery.patron is None:
        return
    reader = Patron.objects.select_related("category", "library").get(pk=delivery.patron.pk)
    to = Destination(name=delivery.name, phone=delivery.phone, address=delivery.address)
    request = Request(patron=reader, library=delivery.library, to=to)
    actions.ask_collection(request, Loan.objects.open().filter(patron=reader), by=by)
