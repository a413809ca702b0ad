"""Counting the use of documents (COUNTER 5.1), without keeping who it was."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.patrons.models import Patron
from tangthu.reading.models import UsageEvent, UsageMonth, UsageSalt
from tangthu.reading.policy.counter import (
    AccessType,
    Event,
    Use,
    is_robot,
    session_of,
    tallies,
)
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.kinds import Access

SETTLED = timedelta(days=3)
"""How long after its end a month is summed: questions about its last days can still be seen."""


def note_use(obj: DigitalObject, use: Use, *, by: Actor, address: str, program: str) -> None:
    """Count one use of an object; that of robots and of the machine itself is not counted.

    One insert. Readers are told apart within an hour by a digest that nobody can read backwards:
    what it is made with is thrown away with the day.
    """
    if by.everywhere or is_robot(program):
        return
    now = timezone.localtime()
    who = f"{by.patron_id}/{by.user_id}"
    if by.patron_id is None and by.user_id is None:
        who = f"{address}/{program}"
    UsageEvent.objects.create(
        object=obj,
        library_id=_library(obj, by),
        use=use,
        access=_access(obj),
        session=session_of(secret=salt_of(now.date()), day=now.date(), hour=now.hour, who=who),
        at=now,
    )


@transaction.atomic
def sum_up(*, now: datetime) -> int:
    """Sum the months that are over, and throw their events and old salts away.

    Returns how many events were summed. Begun again after a fault it counts nothing twice: the
    events of a month go in the transaction that writes its sums.
    """
    UsageSalt.objects.filter(day__lt=timezone.localdate(now)).delete()
    this_month = timezone.localdate(now - SETTLED).replace(day=1)
    first = UsageEvent.objects.order_by("at").values_list("at", flat=True).first()
    count = 0
    while first is not None and timezone.localdate(first) < this_month:
        count += _sum_month(timezone.localdate(first).replace(day=1))
        first = UsageEvent.objects.order_by("at").values_list("at", flat=True).first()
    return count


def _sum_month(month: date) -> int:
    begin, end = span(month)
    events = UsageEvent.objects.between(begin, end)
    for library in events.order_by().values_list("library", flat=True).distinct():
        UsageMonth.objects.bulk_create(
            [
                UsageMonth(
                    object_id=each.item,
                    library_id=library,
                    month=month,
                    access=each.access,
                    metric=each.metric,
                    count=each.count,
                )
                for each in tallies(_events(begin, end, library))
            ],
            batch_size=500,
        )
    return events.delete()[0]


def _events(begin: datetime, end: datetime, library: int) -> Iterator[Event]:
    rows = UsageEvent.objects.between(begin, end).filter(library=library)
    columns = ("object_id", "access", "use", "session", "at")
    for item, access, use, session, at in rows.values_list(*columns).iterator():
        yield Event(item, access, Use(use), session, at)


def span(month: date) -> tuple[datetime, datetime]:
    """Return when a month begins at the library, and when the next one does."""
    following = (month + timedelta(days=31)).replace(day=1)
    moments = (datetime(day.year, day.month, 1) for day in (month, following))  # noqa: DTZ001
    begin, end = (timezone.make_aware(each) for each in moments)
    return begin, end


def _access(obj: DigitalObject) -> AccessType:
    return AccessType.OPEN if obj.access == Access.PUBLIC else AccessType.CONTROLLED


def _library(obj: DigitalObject, by: Actor) -> int:
    if by.patron_id is None:
        return obj.library_id
    own = Patron.objects.filter(pk=by.patron_id).values_list("library_id", flat=True).first()
    return own or obj.library_id


@lru_cache(maxsize=2)
def salt_of(day: date) -> bytes:
    """Return what the sessions of the day are digested with; every process has the same."""
    row, _made = UsageSalt.objects.get_or_create(
        day=day, defaults={"salt": secrets.token_bytes(32)}
    )
    return bytes(row.salt)
