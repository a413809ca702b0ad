"""Closing a library for some days, for a flood say: its calendar, and what was due, in batches.

Due dates move to the day it opens again; what waits on a hold shelf is kept as many days longer as
were lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tangthu.circulation.actions.acts import LOAN_CHANGED
from tangthu.circulation.actions.keeping_longer import keep_longer
from tangthu.circulation.errors import ClosingRefused
from tangthu.circulation.models import Closing, Loan
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.reading.closings import due_within, moved_to
from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.libraries.actions import set_calendar_entry
from tangthu.libraries.models import Library
from tangthu.libraries.policy import DayEntry, DayRule
from tangthu.libraries.reading import calendar_of
from tangthu.notices.actions import Announcement, announce_many
from tangthu.notices.kinds import NoticeKind

BATCH = 200
MOST_DAYS = 120


def move_due_dates(library: Library, first: date, last: date, *, reason: str, by: Actor) -> Closing:
    """Close the library on these days and move every due date among them to the next open day.

    Needs MANAGE_RULES there, and to keep its calendar. Loans made at the library and at those
    below it are moved, in short batches, each reader told of each loan; so are the last days of
    copies on their hold shelves. It may be begun again after a break: what is moved is not moved
    twice.
    """
    closing = begin_closing(library, first, last, reason=reason, by=by)
    while move_batch(closing, by=by):
        closing.refresh_from_db()
    closing.refresh_from_db()
    return closing


@transaction.atomic
def begin_closing(library: Library, first: date, last: date, *, reason: str, by: Actor) -> Closing:
    """Write the closed days into the calendar and note the closing; due dates move afterwards.

    Raises ClosingRefused for days in the wrong order, all past, or more than 120.
    """
    by.require(CirculationPermission.MANAGE_RULES, at=library.pk)
    now = timezone.now()
    if last < first:
        raise ClosingRefused("last", fault="ends_before_it_begins")
    if last < timezone.localdate(now):
        raise ClosingRefused("last", fault="is_over")
    if (last - first).days >= MOST_DAYS:
        raise ClosingRefused("last", fault="too_long")
    calendar = calendar_of(library)
    lost = [day for day in _days(first, last) if calendar.is_open(day)]
    for day in lost:
        entry = DayEntry(rule=DayRule.SINGLE, on=day)
        set_calendar_entry(library, entry, note=reason, by=by)
    closing = Closing.objects.create(
        library=library,
        first=first,
        last=last,
        reason=reason[:120],
        lost=[day.isoformat() for day in lost],
        began_at=now,
        begun_by=by.name,
    )
    _write_down("closing.begin", closing, by=by)
    return closing


@transaction.atomic
def move_batch(closing: Closing, *, by: Actor) -> int:
    """Move the next due dates of a closing, then the next holds; return how many rows were seen.

    With none left the closing is done. Locks the closing, then the loans or the holds by their
    keys: desks wait for two hundred rows at most.
    """
    by.require(CirculationPermission.MANAGE_RULES, at=closing.library_id)
    rows = Closing.objects.select_related("library").select_for_update(of=("self",))
    closing = rows.get(pk=closing.pk)
    if closing.done_at is not None:
        return 0
    seen = _move_loans(closing) or keep_longer(closing, by=by, most=BATCH)
    if not seen:
        closing.done_at = timezone.now()
        closing.save(update_fields=["done_at"])
        _write_down("closing.done", closing, by=by)
    return seen


def _move_loans(closing: Closing) -> int:
    loans = list(_next(closing))
    if not loans:
        return 0
    calendars = {pk: calendar_of(library) for pk, library in _libraries(loans).items()}
    for loan in loans:
        loan.due_at = moved_to(loan.due_at, closing.last, calendars[loan.library_id])
    Loan.objects.bulk_update(loans, ["due_at"])
    changes.append(LOAN_CHANGED, [loan.pk for loan in loans], library=closing.library_id)
    announce_many(_news(closing, loan, loan.due_at) for loan in loans)
    closing.position, closing.moved = loans[-1].pk, closing.moved + len(loans)
    closing.save(update_fields=["position", "moved"])
    return len(loans)


def _next(closing: Closing) -> Iterator[Loan]:
    waiting = due_within(closing.library, closing.first, closing.last)
    rows = waiting.filter(pk__gt=closing.position).order_by("pk")
    return rows.select_for_update(of=("self",), no_key=True)[:BATCH].iterator()


def _libraries(loans: list[Loan]) -> dict[int, Library]:
    return {loan.library_id: loan.library for loan in loans}


def _news(closing: Closing, loan: Loan, due_at: datetime) -> Announcement:
    assert loan.patron is not None, "an open loan has a patron"  # noqa: S101
    return Announcement(
        kind=NoticeKind.DUE_DATES_MOVED,
        to=loan.patron,
        library=closing.library,
        values={"title": loan.item.record.title, "barcode": loan.item.barcode, "due": due_at},
        source=f"closing:{closing.pk}:loan:{loan.pk}",
    )


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=past) for past in range((last - first).days + 1))


def _write_down(action: str, closing: Closing, *, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="closing",
        key=closing.pk,
        library=closing.library_id,
        after=audit.snapshot(closing),
    )
