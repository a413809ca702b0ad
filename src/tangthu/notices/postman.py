"""The postman: sends what is due, channel by channel, for as long as the process lives."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from tangthu.notices import setup
from tangthu.notices.actions.channels import let_rest, note_success, provide_states, take_quota
from tangthu.notices.actions.outbox import (
    divert,
    mark_failed,
    mark_sent,
    put_back,
    release_abandoned,
    take,
)
from tangthu.notices.actions.templates import report_broken
from tangthu.notices.channels import Carrier, carrier_for
from tangthu.notices.channels.outcomes import ChannelDown, Failure, TryLater, Unsure
from tangthu.notices.models import ChannelState, Notice
from tangthu.notices.policy import INSTEAD, Channel
from tangthu.notices.rendering import compose

logger = logging.getLogger("tangthu.notices")

LOOK_EVERY = 1.0
ROUND = 200
AT_ONCE = 20
"""Candidates read together; each is taken by itself."""
SPENT = frozenset({"too_many", "no_credit"})
"""Why a channel has no room, though nothing is wrong with it."""
PATIENCE = timedelta(minutes=30)
"""For how long a notice waits for room, before it goes by another channel."""
LONG_DOWN = timedelta(hours=2)
"""For how long a channel may be out of order, before what waits for it goes by another."""


@dataclass(slots=True)
class Round:
    """What one round sent, and until when its channel rests or has no room, if it does.

    `gone` says why, where that lasts so long that notices go by another channel.
    """

    sent: int = 0
    failed: int = 0
    diverted: int = 0
    stopped_until: datetime | None = None
    gone: str = ""


def deliver(channel: Channel, carrier: Carrier, *, most: int = 1000) -> Round:
    """Send what is due by the channel, urgent things first, until nothing is, or it must rest.

    Each notice is taken, handed over and marked by itself: no lock is held while the world is
    waited for, and a crash leaves one notice in doubt. What the channel has no room for until much
    later goes by another, where the reader agreed to one.
    """
    done = Round()
    release_abandoned(now=timezone.now())
    if not _rests(channel, done):
        _send_due(channel, carrier, done, most)
    _divert_due(channel, done)
    return done


def _send_due(channel: Channel, carrier: Carrier, done: Round, most: int) -> None:
    seen = list[int]()
    while done.sent + done.failed < most and done.stopped_until is None:
        candidates = _candidates(channel)
        if not candidates or [each.pk for each in candidates] == seen:
            break
        seen = [each.pk for each in candidates]
        for notice in candidates:
            if done.stopped_until is None:
                _deliver_one(notice, channel, carrier, done)


def _rests(channel: Channel, done: Round) -> bool:
    state = ChannelState.objects.filter(channel=channel).first()
    if state is None:
        provide_states()
        return False
    now, until = timezone.now(), state.resting_until
    if until is None or until <= now:
        return False
    is_down = state.failing_since is not None and now - state.failing_since > LONG_DOWN
    done.stopped_until = until
    done.gone = state.error if is_down or _is_spent(state.error, until, now) else ""
    return True


def _is_spent(error: str, until: datetime, now: datetime) -> bool:
    return error in SPENT and until - now > PATIENCE


def _divert_due(channel: Channel, done: Round) -> None:
    now, until = timezone.now(), done.stopped_until
    if not done.gone or until is None or channel not in INSTEAD:
        return
    for notice in Notice.objects.due(channel, now)[:ROUND]:
        bundle = take(notice, now=now)
        if bundle:
            done.diverted += divert(bundle, error=done.gone, until=until, now=now)


def _candidates(channel: Channel) -> list[Notice]:
    now = timezone.now()
    due = Notice.objects.due(channel, now)
    urgent = list(due.filter(urgent=True)[:AT_ONCE])
    return urgent or list(due.filter(urgent=False)[:AT_ONCE])


def _deliver_one(notice: Notice, channel: Channel, carrier: Carrier, done: Round) -> None:
    now = timezone.now()
    bundle = take(notice, now=now)
    if not bundle:
        return
    full_until = take_quota(channel, now=now)
    if full_until is not None:
        put_back(bundle)
        done.stopped_until = full_until
        done.gone = "too_many" if _is_spent("too_many", full_until, now) else ""
        return
    try:
        receipt = _hand_over(bundle, carrier)
    except ChannelDown as down:
        done.stopped_until = let_rest(
            channel, error=down.code, detail=down.detail, told=down.retry_after, now=now
        )
        put_back(bundle, next_at=done.stopped_until if down.by_message else None)
        _rests(channel, done)
        logger.warning("channel rests", extra={"channel": channel, "code": down.code})
    except Failure as failure:
        done.failed += 1
        mark_failed(
            bundle,
            error=failure.code,
            detail=failure.detail,
            for_good=not isinstance(failure, TryLater),
            certain=not isinstance(failure, Unsure),
            now=now,
        )
    else:
        done.sent += len(bundle)
        mark_sent(bundle, receipt=receipt, now=timezone.now())
        note_success(channel, now=timezone.now())


def _hand_over(bundle: Sequence[Notice], carrier: Carrier) -> str:
    rendered = compose(bundle)
    if rendered.broken is not None:
        report_broken(rendered.broken, rendered.why)
    return carrier.send(rendered.message)


@contextmanager
def delivering() -> Iterator[None]:
    """Send in the background while the block runs: one thread for each channel that is set up.

    A channel whose server hangs so keeps no other waiting.
    """
    stop = threading.Event()
    channels = [channel for channel in setup.CARRIED if channel in setup.configured()]
    threads = [
        threading.Thread(target=_serve, args=(channel, stop), name=f"postman-{channel}")
        for channel in channels
    ]
    if channels:
        provide_states()
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=20)


def _serve(channel: Channel, stop: threading.Event) -> None:
    """Look every second, and go on whatever happens: the edge of the process."""
    while not stop.wait(LOOK_EVERY):
        close_old_connections()
        try:
            if _has_work(channel, timezone.now()):
                _serve_once(channel, stop)
        except DatabaseError:
            logger.warning("outbox not read", extra={"channel": channel})
        except Exception:
            logger.exception("postman failed", extra={"channel": channel})
            stop.wait(LOOK_EVERY * 10)
    connection.close()


def _has_work(channel: Channel, now: datetime) -> bool:
    """Tell whether something is due, or was left behind by a worker that died."""
    return (
        Notice.objects.due(channel, now).exists()
        or Notice.objects.abandoned(now).filter(channel=channel).exists()
    )


def _serve_once(channel: Channel, stop: threading.Event) -> None:
    """Send what is due over one connection, then let go of it; wait if the channel rests."""
    carrier = carrier_for(channel)
    try:
        done = deliver(channel, carrier, most=ROUND)
    finally:
        carrier.close()
    if done.stopped_until is not None:
        stop.wait(_seconds_until(done.stopped_until))


def _seconds_until(moment: datetime) -> float:
    """Return how long to wait before looking again: a person may have woken the channel."""
    return min(15.0, max(0.0, (moment - timezone.now()).total_seconds()))
