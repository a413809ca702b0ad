"""Whether copies are in: the copy's own state and its open loan, in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from tangthu.catalogue.models import Item
from tangthu.circulation.models import Hold, HoldState, Loan, SetAside, Transfer
from tangthu.circulation.reading.parties import Books, books
from tangthu.core.prepared import PreparedForKeys
from tangthu.libraries.models import Location

AVAILABLE = "available"
ON_LOAN = "on_loan"
IN_TRANSIT = "in_transit"
ON_HOLD_SHELF = "on_hold_shelf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy as readers see it: where it stands, whether it is in, when it is due.

    Its library is the one where it stands, be it its own or not.
    """

    item_id: int
    record_id: int
    barcode: str
    accession_number: str
    call_number: str
    item_type: str
    library_code: str
    library: str
    location: str
    status: str
    due_at: datetime | None
    note: str

    @property
    def is_in(self) -> bool:
        return self.status == AVAILABLE


def of_records(record_ids: Iterable[int]) -> dict[int, list[Copy]]:
    """Return the public copies of these records, each list in shelf order. Two queries."""
    found: defaultdict[int, list[Copy]] = defaultdict(list)
    for copy in _copies(_OF_RECORDS.all(list(record_ids))):
        found[copy.record_id].append(copy)
    return dict(found)


def of_item(item: Item) -> Copy:
    """Return this copy as readers see it. Two queries."""
    return _copies(_rows(Item.objects.filter(pk=item.pk)))[0]


def _rows(items: QuerySet[Item]) -> QuerySet[Item, tuple[Any, ...]]:
    this = OuterRef("pk")
    due = Loan.objects.filter(item=this, returned_at=None).values("due_at")[:1]
    on_shelf = Hold.objects.filter(trapped=this, state=HoldState.ON_SHELF)
    kept = Exists(on_shelf) | Exists(SetAside.objects.filter(item=this))
    sent = Transfer.objects.on_the_way().filter(item=this)
    return (
        items.order_by()
        .annotate(due_at=Subquery(due), is_kept=kept, is_sent=Exists(sent))
        .values_list(*_COLUMNS, "due_at", "is_kept", "is_sent")
    )


def _copies(rows: Iterable[tuple[Any, ...]]) -> list[Copy]:
    known = books()
    found = [_Found(*row) for row in rows]
    found.sort(key=lambda each: each.place(known))
    return [each.copy(known) for each in found]


_COLUMNS = (
    "id",
    "record_id",
    "barcode",
    "accession_number",
    "call_number",
    "status",
    "note",
    "item_type_id",
    "library_id",
    "location_id",
    "stay__library_id",
)

_OF_RECORDS = PreparedForKeys(
    lambda records: _rows(Item.objects.in_stock().filter(record__pk__in=records))
)


class _Found(NamedTuple):
    """A copy as the query finds it. A page of results shows hundreds: rows of models cost more."""

    id: int
    record_id: int
    barcode: str
    accession_number: str
    call_number: str
    status: str
    note: str
    item_type_id: int
    library_id: int
    location_id: int | None
    stays_at: int | None
    due_at: datetime | None
    is_kept: bool
    is_sent: bool

    def place(self, known: Books) -> tuple[str, str, str, int]:
        """Return what orders the copies: tree of libraries, stacks, register."""
        path = known.network.libraries[self.library_id].path
        location = self._location(known)
        return path, location.code if location else "", self.accession_number, self.id

    def copy(self, known: Books) -> Copy:
        library = known.network.libraries[self.stays_at or self.library_id]
        location = self._location(known)
        return Copy(
            item_id=self.id,
            record_id=self.record_id,
            barcode=self.barcode,
            accession_number=self.accession_number,
            call_number=self.call_number,
            item_type=known.item_types[self.item_type_id].code,
            library_code=library.code,
            library=library.name,
            location=location.name if location else "",
            status=self._status(known),
            due_at=self.due_at,
            note=self.note,
        )

    def _location(self, known: Books) -> Location | None:
        return known.network.locations[self.location_id] if self.location_id else None

    def _status(self, known: Books) -> str:
        if self.due_at:
            return ON_LOAN
        if self.is_kept:
            return ON_HOLD_SHELF
        if self.is_sent:
            return IN_TRANSIT
        location = self._location(known)
        on_site = location is not None and location.on_site_only
        if self.status == AVAILABLE and (
            on_site or not known.item_types[self.item_type_id].loanable
        ):
            return "on_site_only"
        return self.status


def summary(copies: Iterable[Copy]) -> tuple[str, datetime | None]:
    """Return the best state among the copies, and when the first of those on loan is due."""
    copies = list(copies)
    if not copies:
        return "none", None
    states = {copy.status for copy in copies}
    for best in (AVAILABLE, "on_site_only"):
        if best in states:
            return best, None
    due = [copy.due_at for copy in copies if copy.due_at]
    return (ON_LOAN, min(due)) if due else (copies[0].status, None)
