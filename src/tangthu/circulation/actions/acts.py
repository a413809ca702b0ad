"""What every deed on a loan shares: the locks, in one order, and the traces it leaves.

The item is locked before the patron, and both are read after locking.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tangthu.catalogue.models import Item, ItemStatus
from tangthu.circulation import policy
from tangthu.circulation.models import Loan, LoanEvent, LoanEventKind
from tangthu.circulation.reading import Books
from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.core.prepared import Prepared, insert
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron

LOAN_CHANGED = "loan"


@dataclass(frozen=True, slots=True)
class Act:
    """A lending act: what was done with which copy, at which desk, by whom and when."""

    kind: LoanEventKind
    item: Item = field(kw_only=True)
    desk: Library = field(kw_only=True)
    by: Actor = field(kw_only=True)
    at: datetime = field(kw_only=True)


# The locks leave the keys alone (FOR NO KEY UPDATE), so that nobody who merely refers to the
# row, such as another loan of the same reader's library, waits for them.
_LOCKED_ITEM = Prepared(
    lambda pk: Item.objects.select_for_update(no_key=True).filter(pk=pk), slots=1
)
_LOCKED_PATRON = Prepared(
    lambda pk: Patron.objects.select_for_update(no_key=True).filter(pk=pk), slots=1
)
_OPEN_LOAN = Prepared(
    lambda item: Loan.objects.open().filter(item=item).with_wish_for_slip(), slots=1
)
_PATRON = Prepared(lambda pk: Patron.objects.filter(pk=pk), slots=1)


def locked_item(pk: int, known: Books) -> Item:
    """Lock the copy and return it with its library, location and type."""
    item = _LOCKED_ITEM.first(pk)
    if item is None:
        raise Item.DoesNotExist
    return known.item(item)


def locked_patron(pk: int, known: Books) -> Patron:
    """Lock the reader and return them with their category and library."""
    patron = _LOCKED_PATRON.first(pk)
    if patron is None:
        raise Patron.DoesNotExist
    return known.patron(patron)


def open_loan(item: Item, known: Books) -> Loan | None:
    """Return the open loan of a locked copy, with its reader."""
    loan = _OPEN_LOAN.first(item.pk)
    return with_parties(loan, item, known) if loan else None


def with_parties(loan: Loan, item: Item, known: Books) -> Loan:
    """Give the loan its copy, its library and its reader, as they are known."""
    loan.item, loan.library = item, known.network.libraries[loan.library_id]
    patron = _PATRON.first(loan.patron_id) if loan.patron_id else None
    loan.patron = known.patron(patron) if patron else None
    return loan


def set_item_status(
    item: Item, status: ItemStatus, *, action: str, by: Actor, at: datetime
) -> None:
    """Change the state of a locked copy; the search and the audit log hear of it."""
    before = audit.snapshot(item)
    item.status = status
    item.updated_at = at
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
    changes.append("record", [item.record_id], library=item.library_id)


def leave_traces(loan: Loan, act: Act, *, before: dict[str, object] | None = None) -> None:
    """Count the act for statistics, write it in the audit log, and tell the feed."""
    count_act(act, patron=loan.patron)
    write_down(f"loan.{act.kind}", loan, desk=act.desk, by=act.by, before=before)


def count_act(act: Act, *, patron: Patron | None) -> None:
    """Count the act for statistics: the reader's category and age band, never the reader."""
    item = act.item
    insert(
        LoanEvent(
            kind=act.kind,
            at=act.at,
            library=act.desk,
            face=act.by.face,
            item=item,
            record_id=item.record_id,
            location=item.location,
            item_type=item.item_type,
            patron_category=patron.category if patron else None,
            age_band=policy.age_band(patron.age(policy.local_day(act.at))) if patron else "",
        )
    )


def write_down(
    action: str,
    loan: Loan,
    *,
    desk: Library,
    by: Actor,
    before: dict[str, object] | None = None,
) -> None:
    """Write a deed on a loan in the audit log, and tell the feed."""
    audit.record(
        action,
        by=by,
        kind="loan",
        key=loan.pk,
        library=desk.pk,
        before=_told(before or {}),
        after=_told(audit.snapshot(loan)),
    )
    changes.append(LOAN_CHANGED, [loan.pk], library=desk.pk)


_UNTOLD = frozenset({"patron", "fetched_by", "decided"})


def _told(values: dict[str, object]) -> dict[str, object]:
    # The log outlives the loan's tie to its readers, so it names the loan, never them.
    return {name: value for name, value in values.items() if name not in _UNTOLD}
