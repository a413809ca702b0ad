"""Copies on the hold shelf of a library that was closed for some days are kept longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tangthu.circulation import policy
from tangthu.circulation.actions.hold_traces import announce_ready, leave_hold_trace
from tangthu.circulation.models import Closing, Hold
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.libraries.policy import Calendar, DayRule, inherited
from tangthu.libraries.reading import Network, network


def keep_longer(closing: Closing, *, by: Actor, most: int) -> int:
    """Move the last days of the next holds on the shelves of a locked closing; tell their readers.

    Returns how many were looked at. Their readers get back the open days that were lost.
    """
    if not closing.lost_days:
        return 0
    waiting = Hold.objects.on_shelf_past(closing.lost_days[0], library=closing.library)
    rows = waiting.filter(pk__gt=closing.shelf_position).select_related(
        "patron", "pickup", "record"
    )
    locked = rows.defer("record__marc").order_by("pk")
    holds = list(locked.select_for_update(of=("self",), no_key=True)[:most])
    if holds:
        closing.shelf_moved += sum(_keep(hold, closing, network(), by=by) for hold in holds)
        closing.shelf_position = holds[-1].pk
        closing.save(update_fields=["shelf_moved", "shelf_position"])
    return len(holds)


def _keep(hold: Hold, closing: Closing, known: Network, *, by: Actor) -> bool:
    """Move the last day of one hold; tell whether it moved."""
    assert hold.shelf_until is not None, "a hold on the shelf has a last day"  # noqa: S101
    assert hold.trapped_at is not None, "a hold on the shelf has a copy"  # noqa: S101
    assert hold.patron is not None, "an open hold has a patron"  # noqa: S101
    chain = hold.pickup.chain
    until = policy.shelf_after_closing(
        hold.shelf_until,
        since=max(policy.local_day(hold.trapped_at), closing.lost_days[0] - timedelta(days=1)),
        before=_before(closing, chain, known),
        after=known.calendar(chain),
    )
    if until == hold.shelf_until:
        return False
    before = audit.snapshot(hold)
    hold.shelf_until = until
    hold.save(update_fields=["shelf_until"])
    leave_hold_trace("hold.keep_longer", hold, before=before, by=by)
    announce_ready(hold, hold.patron, hold.pickup)
    return True


def _before(closing: Closing, chain: Sequence[int], known: Network) -> Calendar:
    """Return the calendar of a library as it was before the closing was written into it."""
    return inherited(
        Calendar.from_entries(
            entry
            for entry in known.days.get(pk, ())
            if pk != closing.library_id or entry.rule is not DayRule.SINGLE or entry.on not in lost
        )
        for lost in [frozenset(closing.lost_days)]
        for pk in chain
    )
