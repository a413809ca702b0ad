"""How a channel fares: its limits, when it rests, what its gateway gave it to keep."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tangthu.notices import sealing, setup
from tangthu.notices.models import ChannelState
from tangthu.notices.policy import Channel, next_pause

NOTE_SUCCESS = timedelta(minutes=1)
SECRET_LEASE = timedelta(seconds=60)
MINUTE = timedelta(minutes=1)


@transaction.atomic
def provide_states() -> None:
    """Make the row of every channel that has none."""
    known = set(ChannelState.objects.values_list("channel", flat=True))
    missing = [ChannelState(channel=each) for each in Channel if each not in known]
    if missing:
        ChannelState.objects.bulk_create(missing, ignore_conflicts=True)


@transaction.atomic
def take_quota(channel: Channel, *, now: datetime) -> datetime | None:
    """Count one message against the channel's limits; return when there is room again if none is.

    The row is locked, so that several workers together stay below what the provider allows. Days
    are those of the library's clock.
    """
    limits = setup.limits(channel)
    if not (limits.per_minute or limits.per_day):
        return None
    state = ChannelState.objects.select_for_update().get(channel=channel)
    local = timezone.localtime(now)
    minute = local.replace(second=0, microsecond=0)
    if state.minute != minute:
        state.minute, state.minute_used = minute, 0
    if state.day != local.date():
        state.day, state.day_used = local.date(), 0
    if limits.per_day and state.day_used >= limits.per_day:
        return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    if limits.per_minute and state.minute_used >= limits.per_minute:
        return minute + MINUTE
    state.minute_used += 1
    state.day_used += 1
    state.save(update_fields=["minute", "minute_used", "day", "day_used"])
    return None


@transaction.atomic
def let_rest(
    channel: Channel, *, error: str, detail: str, told: timedelta | None, now: datetime
) -> datetime:
    """Let a channel that is down rest, longer each time or as told; return until when."""
    state = ChannelState.objects.select_for_update().get(channel=channel)
    state.failures += 1
    state.failing_since = state.failing_since or now
    state.resting_until = now + next_pause(state.failures, told)
    state.error, state.error_detail = error, detail[:300]
    state.save(
        update_fields=["failures", "failing_since", "resting_until", "error", "error_detail"]
    )
    return state.resting_until


@transaction.atomic
def note_success(channel: Channel, *, now: datetime) -> None:
    """Note that the channel works; at most once a minute while it does."""
    stale = Q(succeeded_at=None) | Q(succeeded_at__lt=now - NOTE_SUCCESS) | Q(failures__gt=0)
    ChannelState.objects.filter(stale, channel=channel).update(
        succeeded_at=now,
        failures=0,
        failing_since=None,
        resting_until=None,
        error="",
        error_detail="",
    )


@transaction.atomic
def wake(channel: Channel) -> None:
    """Let a resting channel try again at once."""
    ChannelState.objects.filter(channel=channel).update(resting_until=None)


@transaction.atomic
def lease_secret(channel: Channel, *, now: datetime) -> bool:
    """Say whether the caller may fetch the channel's new secret; others wait meanwhile.

    A refresh token works once: two workers who both used it would lock each other out.
    """
    free = Q(secret_leased_until=None) | Q(secret_leased_until__lt=now)
    rows = ChannelState.objects.filter(free, channel=channel)
    return rows.update(secret_leased_until=now + SECRET_LEASE) == 1


@transaction.atomic
def keep_secret(channel: Channel, values: dict[str, object], *, until: datetime) -> None:
    """Keep, sealed, what a gateway gave us to keep."""
    ChannelState.objects.filter(channel=channel).update(
        secret=sealing.seal(values), secret_until=until, secret_leased_until=None
    )


@transaction.atomic
def release_secret(channel: Channel) -> None:
    """Let another worker fetch the secret: this one could not."""
    ChannelState.objects.filter(channel=channel).update(secret_leased_until=None)
