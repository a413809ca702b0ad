"""Events of an offline desk as they come in: stored once, whatever the line does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tangthu.access.models import User
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.offline.errors import EventsMissing
from tangthu.offline.models import Device, EventState, OfflineEvent
from tangthu.offline.permissions import OfflinePermission
from tangthu.offline.policy import Event, Exchange, Reading, encode, moments


@transaction.atomic
def receive(
    device: Device,
    events: Sequence[Event],
    *,
    after: int,
    reading: Reading | None,
    by: Actor,
) -> int:
    """Store the events that are new, in their order, and return how many these are.

    `after` is the last event that the device knows to have arrived: those in between would be
    missing, and raise EventsMissing. `reading` is what the device's clocks show now; brought by
    file there is none. Events of a device that was shut out are kept for a person to decide.
    Locks the device.
    """
    by.require(OfflinePermission.USE, at=device.library_id)
    device = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    if after > device.last_number:
        raise EventsMissing(after=device.last_number)
    now = timezone.now()
    exchange = _exchange(device, reading, now)
    known = set(
        OfflineEvent.objects.filter(uid__in=[event.id for event in events]).values_list(
            "uid", flat=True
        )
    )
    fresh = [event for event in _in_order(events) if UUID(event.id) not in known]
    _store(device, fresh, exchange, by=by)
    _remember(device, fresh, exchange, told=reading is not None)
    if fresh:
        audit.record(
            "offline.received",
            by=by,
            kind="offline_device",
            key=device.pk,
            library=device.library_id,
            after={"events": len(fresh)},
        )
    return len(fresh)


def _in_order(events: Sequence[Event]) -> list[Event]:
    once = {event.id: event for event in events}
    return sorted(once.values(), key=lambda event: event.number)


def _exchange(device: Device, reading: Reading | None, now: datetime) -> Exchange:
    last = OfflineEvent.objects.filter(device=device).order_by("-id").values_list("at", flat=True)
    return Exchange(
        now=now,
        reading=reading,
        offset=timedelta(milliseconds=device.offset_ms),
        not_before=max(filter(None, (device.created_at, last.first()))),
    )


def _store(device: Device, events: Sequence[Event], exchange: Exchange, *, by: Actor) -> None:
    # Only those who have opened the device may have stood at it.
    users = set(User.objects.filter(pk__in=device.users).values_list("pk", flat=True))
    state = EventState.REFUSED if device.revoked_at else EventState.WAITING
    outcome = {"code": "device_revoked"} if device.revoked_at else {}
    found = moments((event.reading for event in events), exchange)
    OfflineEvent.objects.bulk_create(
        OfflineEvent(
            device=device,
            uid=UUID(event.id),
            number=event.number,
            kind=event.kind,
            user_id=event.user if event.user in users else None,
            wall_at=event.wall,
            at=moment.at,
            doubts=[str(doubt) for doubt in moment.doubts],
            body=encode(event),
            received_at=exchange.now,
            received_by=by.name,
            state=state,
            outcome=outcome,
        )
        for event, moment in zip(events, found, strict=True)
    )


def _remember(device: Device, fresh: Sequence[Event], exchange: Exchange, *, told: bool) -> None:
    device.last_number = max([device.last_number, *(event.number for event in fresh)])
    device.met_at = exchange.now
    if told:
        device.offset_ms = round(exchange.wall_is_behind / timedelta(milliseconds=1))
    device.save(update_fields=["last_number", "met_at", "offset_ms"])
