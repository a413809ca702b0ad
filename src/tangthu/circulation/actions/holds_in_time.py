"""What time does to holds: they resume, they end, and in time forget their readers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tangthu.circulation import policy
from tangthu.circulation.actions.hold_traces import announce_end
from tangthu.circulation.actions.holds import end_hold, locked_hold, resume_hold
from tangthu.circulation.models import CancelReason, Hold, HoldQuerySet, HoldState
from tangthu.core import audit
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.patrons.models import Patron


def keep_holds_in_time(*, now: datetime, by: Actor) -> int:
    """Resume the holds whose rest is over, end those whose time is; return how many.

    A copy that was not fetched stays on the hold shelf until the desk takes it down, and then
    finds its next reader. Each hold in a transaction of its own; may be run again at any time.
    """
    _require_machine(by)
    today = policy.local_day(now)
    resting = Hold.objects.waiting().filter(suspended_until__lte=today)
    late = Hold.objects.waiting().filter(expires_on__lt=today)
    left = Hold.objects.filter(state=HoldState.ON_SHELF, shelf_until__lt=today)
    done = _each(resting, lambda hold: _resume(hold, today, by))
    done += _each(late, lambda hold: _end(hold, CancelReason.TOO_LATE, now, by))
    return done + _each(left, lambda hold: _end(hold, CancelReason.NOT_FETCHED, now, by))


@transaction.atomic
def forget_hold_readers(*, closed_before: datetime, by: Actor) -> int:
    """Cut the tie between ended holds and their readers, and return how many were cut.

    A deed of the machine alone (Law 91/2025/QH15: personal data are not kept longer than their
    purpose).
    """
    _require_machine(by)
    past = Hold.objects.filter(closed_at__lt=closed_before, patron__isnull=False)
    count = past.update(patron=None)
    if count:
        audit.record("holds.forgotten", by=by, kind="hold", key="", after={"count": count})
    return count


@transaction.atomic
def forget_holds_of(patron: Patron) -> None:
    """End the open holds of a reader who is erased, and cut all of them from the reader.

    Copies on their way or on the hold shelf find their next readers at the next scan.
    """
    by, now = Actor.machine("erasure", face=Face.JOB), timezone.now()
    for pk in list(Hold.objects.open().filter(patron=patron).order_by("pk").values_list("pk")):
        hold = locked_hold(pk[0])
        if hold.is_open:
            end_hold(hold, HoldState.CANCELLED, CancelReason.READER_LEFT, at=now, by=by)
    Hold.objects.filter(patron=patron).update(patron=None)


def _each(holds: HoldQuerySet, deed: Callable[[int], bool]) -> int:
    keys = holds.order_by("pk").values_list("pk", flat=True)
    return sum(deed(pk) for pk in list(keys))


@transaction.atomic
def _resume(pk: int, today: date, by: Actor) -> bool:
    hold = locked_hold(pk)
    if not hold.suspended_until or hold.suspended_until > today:
        return False
    resume_hold(hold, by=by)
    return True


@transaction.atomic
def _end(pk: int, reason: CancelReason, now: datetime, by: Actor) -> bool:
    """End a hold if its time is still over now that it is locked."""
    hold, today = locked_hold(pk), policy.local_day(now)
    last = hold.shelf_until if reason is CancelReason.NOT_FETCHED else hold.expires_on
    if not hold.is_open or last is None or last >= today:
        return False
    if reason is CancelReason.TOO_LATE and hold.state != HoldState.WAITING:
        return False
    end_hold(hold, HoldState.EXPIRED, reason, at=now, by=by)
    announce_end(hold, Patron.objects.get(pk=hold.patron_id or 0), hold.pickup)
    return True


def _require_machine(by: Actor) -> None:
    if not by.everywhere:
        raise NotPermitted(permission="everywhere")
