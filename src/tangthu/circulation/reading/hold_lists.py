"""The desk's lists: what to fetch from the shelves, what stands on the hold shelf, who waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from tangthu.catalogue.models import Item, Record
from tangthu.circulation.models import Hold, HoldState
from tangthu.circulation.reading.parties import Books
from tangthu.circulation.reading.queues import copies_of, pull_list
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron

LONGEST = 500
"""Of a list on one page. Nobody carries more in one round."""


@dataclass(frozen=True, slots=True)
class ToFetch:
    """A copy to take from the shelf, where it stands, and the hold it is for."""

    item: Item
    hold: Hold

    @property
    def order(self) -> tuple[str, str, str]:
        """The order in which one walks along the shelves."""
        location = self.item.location.code if self.item.location else ""
        call_number = self.item.call_number or self.item.record.call_number
        return location, call_number, self.item.accession_number


def to_fetch(library: Library, known: Books, *, today: date) -> list[ToFetch]:
    """Return the pull list of the library, in shelf order. Four queries."""
    pulled = pull_list(library, known, today=today)
    items = (
        Item.objects.select_related("record", "location", "item_type")
        .defer("record__marc")
        .in_bulk([each.copy.item.pk for each in pulled])
    )
    holds = Hold.objects.for_list().in_bulk([each.hold.key for each in pulled])
    found = [
        ToFetch(items[each.copy.item.pk], holds[each.hold.key])
        for each in pulled
        if each.copy.item.pk in items and each.hold.key in holds
    ]
    return sorted(found, key=lambda each: each.order)[:LONGEST]


def on_shelf(library: Library) -> list[Hold]:
    """Return the holds whose copies stand on the library's hold shelf, the oldest first."""
    holds = Hold.objects.filter(pickup=library, state=HoldState.ON_SHELF).for_list()
    return list(holds.order_by("shelf_until", "pk")[:LONGEST])


def to_take_down(library: Library) -> list[Hold]:
    """Return the ended holds whose copies stand on the library's hold shelf still."""
    holds = Hold.objects.left_on_shelf().filter(pickup=library).for_list()
    return list(holds.order_by("closed_at", "pk")[:LONGEST])


def queue(record: Record, actor: Actor) -> list[Hold]:
    """Return the open holds on the title: those served first, then the queue in its order.

    Readers whom the actor may not see stand in it without their names.
    """
    holds = Hold.objects.open().filter(record=record).select_related("recall__loan").for_list()
    waiting = list(holds.waiting().with_place().in_order())
    served = list(holds.exclude(state=HoldState.WAITING).order_by("pk"))
    seen = set(
        Patron.objects.visible_to(actor)
        .filter(pk__in=[hold.patron_id for hold in (*served, *waiting)])
        .values_list("pk", flat=True)
    )
    for hold in (*served, *waiting):
        if hold.patron_id not in seen:
            hold.patron = None
    return [*served, *waiting]


def busiest(library_ids: Iterable[int] | None) -> list[Record]:
    """Return the titles with the longest queues, of holds fetched at these libraries."""
    waiting = Q(holds__state=HoldState.WAITING)
    if library_ids is not None:
        waiting &= Q(holds__pickup__in=list(library_ids))
    records = Record.objects.without_marc().annotate(waiting=Count("holds", filter=waiting))
    return list(records.filter(waiting__gt=0).order_by("-waiting", "title")[:LONGEST])


@dataclass(frozen=True, slots=True)
class Stock:
    """How many copies of a title there are, and how many of them are in."""

    copies: int
    copies_in: int


def stock(record: Record, known: Books) -> Stock:
    """Count the copies of the title. One query."""
    copies = copies_of([record.pk], known).get(record.pk, [])
    return Stock(len(copies), sum(each.is_lendable for each in copies))
