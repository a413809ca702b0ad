"""What happens by itself with offline events: what was left waiting is done, the old forgets."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tangthu.offline.actions.replaying import replay
from tangthu.offline.models import OPEN_STATES, Device, EventState, OfflineEvent

PATIENCE = 60.0
"""Seconds for one device at a time, so that a long queue does not keep the others waiting."""


def replay_waiting() -> int:
    """Do what waits of all devices, such as when a browser was closed before the end."""
    waiting = OfflineEvent.objects.waiting().values("device")
    devices = Device.objects.filter(pk__in=waiting, revoked_at=None)
    return sum(replay(device, seconds=PATIENCE) for device in devices)


@transaction.atomic
def forget_events(*, before: datetime) -> int:
    """Cut dealt-with events from their readers, and return how many these were.

    The rows stay, with nothing but their numbers: a file that turns up years later does nothing.
    """
    open_or_waiting = (EventState.WAITING, *OPEN_STATES)
    old = OfflineEvent.objects.filter(received_at__lt=before).exclude(state__in=open_or_waiting)
    return old.exclude(body={}).update(body={}, outcome={}, patron=None, reason="-")
