"""What the deeds of holds leave behind: audit, feed, notices and fees.

The log outlives the hold's tie to its reader, so it names the hold, never the reader.
"""

from __future__ import annotations

from collections.abc import Mapping

from tangthu.circulation import policy
from tangthu.circulation.models import Hold, Loan, Recall, Transfer
from tangthu.circulation.policy import HoldFeeAt
from tangthu.circulation.reading import Books
from tangthu.circulation.reading.queues import rule_book
from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.core.money import Money
from tangthu.fees.actions import charge
from tangthu.fees.models import FeeKind
from tangthu.libraries.models import Library
from tangthu.notices.actions import announce
from tangthu.notices.kinds import NoticeKind
from tangthu.patrons.models import Patron

HOLD_CHANGED = "hold"
TRANSFER_CHANGED = "transfer"


def leave_hold_trace(
    action: str, hold: Hold, *, before: Mapping[str, object] | None, by: Actor
) -> None:
    """Write the deed in the audit log, and tell the feed."""
    audit.record(
        action,
        by=by,
        kind="hold",
        key=hold.pk,
        library=hold.pickup_id,
        before=_without_reader(before or {}),
        after=_without_reader(audit.snapshot(hold)),
    )
    changes.append(HOLD_CHANGED, [hold.pk], library=hold.pickup_id)


def leave_transfer_trace(
    action: str, transfer: Transfer, *, before: Mapping[str, object] | None, by: Actor
) -> None:
    """Write the deed in the audit log, and tell the feed."""
    audit.record(
        action,
        by=by,
        kind="transfer",
        key=transfer.pk,
        library=transfer.origin_id,
        before=before,
        after=audit.snapshot(transfer),
    )
    changes.append(TRANSFER_CHANGED, [transfer.pk], library=transfer.destination_id)


def announce_ready(hold: Hold, patron: Patron, pickup: Library) -> None:
    """Tell the reader where the copy waits and until when; once for each time it does."""
    announce(
        NoticeKind.HOLD_READY,
        to=patron,
        library=pickup,
        values={"title": hold.record.title, "pickup": pickup.name, "until": hold.shelf_until},
        source=f"hold:{hold.pk}:ready:{hold.trapped_id}:{hold.shelf_until}",
    )


def announce_end(hold: Hold, patron: Patron, pickup: Library) -> None:
    """Tell the reader that the hold has ended without the copy, and why."""
    announce(
        NoticeKind.HOLD_CANCELLED,
        to=patron,
        library=pickup,
        values={"title": hold.record.title, "reason": hold.get_reason_display()},
        source=f"hold:{hold.pk}:ended",
    )


def announce_recall(recall: Recall, library: Library) -> None:
    """Tell the borrower that another needs the copy, and until when it must come."""
    loan = Loan.objects.select_related("patron", "item__record").get(pk=recall.loan_id)
    if loan.patron is not None:
        announce(
            NoticeKind.RECALL,
            to=loan.patron,
            library=library,
            values={
                "title": loan.item.record.title,
                "barcode": loan.item.barcode,
                "due": recall.due_at,
            },
            source=f"recall:{recall.pk}",
        )


def charge_for_hold(
    hold: Hold,
    patron: Patron,
    *,
    at: HoldFeeAt,
    known: Books,
    by: Actor,
    any_in: bool = False,
    others: bool = False,
) -> None:
    """Charge what the rules of the reader's library say a hold costs at this moment, once."""
    home = known.network.libraries[patron.library_id]
    category = known.categories[patron.category_id].code
    book = rule_book(known, home, category=category, item_type="")
    amount = policy.hold_fee(book, at=at, any_in=any_in, others=others)
    if amount:
        charge(
            patron,
            kind=FeeKind.HOLD,
            amount=Money(amount),
            library=known.network.libraries[hold.pickup_id],
            by=by,
            source=f"hold:{hold.pk}:fee",
        )


def _without_reader(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name != "patron"}
