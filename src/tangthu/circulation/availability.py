"""Whether copies are in: the copy's own state and its open loan, in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from tangthu.catalogue.models import Item
from tangthu.circulation.models import Hold, HoldState, Loan, Transfer

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
    """Return the public copies of these records, each list in shelf order. One query."""
    found: defaultdict[int, list[Copy]] = defaultdict(list)
    for copy in _copies(Item.objects.in_stock().filter(record__in=list(record_ids))):
        found[copy.record_id].append(copy)
    return dict(found)


def of_item(item: Item) -> Copy:
    """Return this copy as readers see it. One query."""
    return _copies(Item.objects.filter(pk=item.pk))[0]


def _copies(items: QuerySet[Item]) -> list[Copy]:
    this = OuterRef("pk")
    due = Loan.objects.filter(item=this, returned_at=None).values("due_at")[:1]
    kept = Hold.objects.filter(trapped=this, state=HoldState.ON_SHELF)
    rows = (
        items.annotate(
            loan_due_at=Subquery(due),
            is_kept=Exists(kept),
            is_sent=Exists(Transfer.objects.on_the_way().filter(item=this)),
        )
        .select_related("library", "location", "item_type", "stay__library")
        .order_by("library__path", "location__code", "accession_number", "id")
    )
    return [_copy(row) for row in rows]


def _copy(item: Item) -> Copy:
    due_at: datetime | None = item.loan_due_at  # type: ignore[attr-defined]
    stay = getattr(item, "stay", None)
    library = stay.library if stay else item.library
    return Copy(
        item_id=item.pk,
        record_id=item.record_id,
        barcode=item.barcode,
        accession_number=item.accession_number,
        call_number=item.call_number,
        item_type=item.item_type.code,
        library_code=library.code,
        library=library.name,
        location=item.location.name if item.location else "",
        status=_status(item, due_at),
        due_at=due_at,
        note=item.note,
    )


def _status(item: Item, due_at: datetime | None) -> str:
    if due_at:
        return ON_LOAN
    if item.is_kept:  # type: ignore[attr-defined]
        return ON_HOLD_SHELF
    if item.is_sent:  # type: ignore[attr-defined]
        return IN_TRANSIT
    on_site = item.location is not None and item.location.on_site_only
    if item.status == AVAILABLE and (on_site or not item.item_type.loanable):
        return "on_site_only"
    return item.status


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
