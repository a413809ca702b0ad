"""Doing the waiting events of a device, one after the other, each once."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from datetime import date, datetime
from enum import StrEnum

from django.db import OperationalError, transaction
from django.utils import timezone

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import TangthuError
from tangthu.offline.actions.deeds import Doing, Done, copy_of, perform, reader_of
from tangthu.offline.errors import UnknownStaff
from tangthu.offline.models import Device, EventState, OfflineEvent
from tangthu.offline.policy import BadPlain, EventKind, read_event

logger = logging.getLogger("tangthu.offline")


def replay(device: Device, *, seconds: float | None = None) -> int:
    """Do what waits, in order, and return how many events were dealt with.

    Each is a transaction of its own, so that other desks come in between, and a line or a
    machine that fails leaves none half done. With `seconds` it stops after that time.
    """
    until = None if seconds is None else time.monotonic() + seconds
    count = 0
    while until is None or time.monotonic() < until:
        if replay_next(device) is None:
            break
        count += 1
    return count


@transaction.atomic
def replay_next(device: Device) -> OfflineEvent | None:
    """Do the next event that waits, and store what became of it in the same transaction.

    Locks the device, so that its events are done one at a time and in order. A refusal undoes
    the deed alone, and puts the event on the to-do list.
    """
    Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    event = OfflineEvent.objects.waiting().filter(device=device).select_related("user").first()
    if event is None:
        return None
    try:
        with transaction.atomic():
            done = _do(device, event)
    except TangthuError as refused:
        _refuse(event, refused.code, refused.data)
    except OperationalError:
        raise  # The database is busy or away: the event waits for another try.
    except Exception:
        # One event that nobody foresaw must not stop all that come after it.
        logger.exception("an offline event failed", extra={"code": event.kind})
        _refuse(event, "failed", {})
    else:
        keep(event, done, state=done.state)
    return event


def keep(event: OfflineEvent, done: Done, *, state: EventState) -> None:
    """Store what became of the event; of a registration, forget what the reader's file now has."""
    event.state, event.outcome = state, dict(done.outcome)
    event.done_at = timezone.now()
    event.patron, event.item = done.patron, done.item
    if event.kind == EventKind.REGISTER:
        event.body = {name: value for name, value in event.body.items() if name != "newcomer"}
    event.save(
        update_fields=["state", "outcome", "done_at", "patron", "item", "body"],
    )


def actor_of(device: Device, user: User | None) -> Actor:
    """Return who stood at the device, with the rights of today. Raises UnknownStaff."""
    if user is None or not user.is_active:
        raise UnknownStaff
    return actor_for(user, face=Face.OFFLINE, library_id=device.library_id)


def _do(device: Device, row: OfflineEvent) -> Done:
    event = read_event(row.body)
    return perform(
        Doing(
            device=device,
            event=event,
            at=row.at,
            by=actor_of(device, row.user),
            is_doubtful=bool(row.doubts),
            good_faith=True,
        )
    )


def _refuse(row: OfflineEvent, code: str, data: dict[str, object]) -> None:
    row.state = EventState.REFUSED
    row.outcome = {"code": code, **_plain(data)}
    row.done_at = timezone.now()
    _name_parties(row)
    row.save(update_fields=["state", "outcome", "done_at", "patron", "item"])


def _name_parties(row: OfflineEvent) -> None:
    """Note reader and copy, as far as they are known, for whoever has to settle it."""
    with suppress(BadPlain):
        event = read_event(row.body)
        if event.kind != EventKind.REGISTER:
            with suppress(TangthuError):
                row.item = copy_of(event)
            with suppress(TangthuError):
                row.patron = reader_of(row.device, event)


def _plain(data: dict[str, object]) -> dict[str, object]:
    return {name: _plain_value(value) for name, value in data.items()}


def _plain_value(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return str(value)
    kept = value is None or isinstance(value, str | int | float | bool | list | dict)
    return value if kept else str(value)
