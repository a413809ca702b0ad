"""When a notice goes: outside quiet hours, with the day's digest, or after it failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tangthu.notices.policy.kinds import Channel

AUDIBLE = frozenset({Channel.SMS, Channel.ZALO, Channel.PUSH})
"""Channels that ring. An e-mail waits quietly until it is looked at."""

FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(hours=6)
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
LEASE = timedelta(minutes=10)
"""A worker that has not said within this time what became of a notice has died with it."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a library: quiet from one to the other (none if equal), digests at the third."""

    quiet_from: int = 21
    quiet_until: int = 7
    digest_at: int = 8


def is_quiet(moment: datetime, hours: Hours) -> bool:
    """Tell whether telephones should not ring now. `moment` is local time."""
    start, end = hours.quiet_from, hours.quiet_until
    if start <= end:
        return start <= moment.hour < end
    return moment.hour >= start or moment.hour < end


def after_quiet(moment: datetime, hours: Hours) -> datetime:
    """Return the moment itself, or the end of the quiet hours that it falls into. Local time."""
    if not is_quiet(moment, hours):
        return moment
    end = datetime.combine(moment.date(), time(hours.quiet_until), moment.tzinfo)
    return end if end > moment else end + timedelta(days=1)


def sending_time(
    moment: datetime, *, channel: Channel, hours: Hours, urgent: bool = False, digest: bool = False
) -> datetime:
    """Return when something announced at the moment may go by the channel. Local time."""
    if digest:
        moment = next_digest(moment, hours)
    if urgent or channel not in AUDIBLE:
        return moment
    return after_quiet(moment, hours)


def next_digest(moment: datetime, hours: Hours) -> datetime:
    """Return the next hour of digests after the moment. Local time."""
    today = datetime.combine(moment.date(), time(hours.digest_at), moment.tzinfo)
    return today if today > moment else today + timedelta(days=1)


def next_try(attempts: int) -> timedelta | None:
    """Return how long to wait after so many attempts; None when it is time to give up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    # min() before the power, which would leave what a timedelta can hold.
    return min(FIRST_RETRY * int(3 ** min(attempts - 1, 8)), LONGEST_RETRY)


def next_pause(failures: int, told: timedelta | None = None) -> timedelta:
    """Return how long a channel rests after so many failures in a row, or as long as it told."""
    if told is not None:
        return max(FIRST_PAUSE, min(told, LONGEST_RETRY))
    return min(FIRST_PAUSE * int(2 ** min(failures - 1, 10)), LONGEST_PAUSE)
