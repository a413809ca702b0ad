"""When it really happened: events of a device whose clock may be wrong, put right.

Three things are known of an event: what the device's wall clock showed, how long the browser had
been running (a monotonic clock, which nobody sets), and its place in the order of events. At the
exchange the device tells both its clocks again, and the server knows the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

AGREE_WITHIN = timedelta(minutes=2)
"""Two clocks that differ by less say the same: a line is slow, and clocks drift."""

UNKNOWN_LONGEST = timedelta(days=400)
"""How far back an event may lie when nothing tells when the device was last met."""


class Doubt(StrEnum):
    """Why the moment of an event is not to be trusted blindly."""

    CLOCK_OFF = "clock_off"
    CLOCK_WAS_SET = "clock_was_set"
    FROM_THE_FUTURE = "from_the_future"
    TOO_LONG_AGO = "too_long_ago"
    OUT_OF_ORDER = "out_of_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a device's two clocks show at once. `run` names the one run of the browser."""

    wall: datetime
    run: str = ""
    ticks: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The moment at which the device hands its events over.

    `now` is the server's time and `reading` the device's at that moment; brought by file there
    is none, and the `offset` last measured stands in. `not_before` is when the device was last
    met: what it had not told by then happened later.
    """

    now: datetime
    reading: Reading | None = None
    offset: timedelta = timedelta(0)
    not_before: datetime | None = None

    @property
    def wall_is_behind(self) -> timedelta:
        """How much has to be added to the device's wall clock."""
        return self.now - self.reading.wall if self.reading else self.offset


@dataclass(frozen=True, slots=True)
class Moment:
    """When an event happened, as well as can be told, and what is doubtful about it."""

    at: datetime
    doubts: tuple[Doubt, ...] = ()


def moments(readings: Iterable[Reading], exchange: Exchange) -> list[Moment]:
    """Say when each event happened. They come in the order in which they were done.

    The wall clock is corrected by what it is off now. Where the monotonic clock of the same run
    shows that the wall clock was set back since, the monotonic one is believed: it may stand
    still while the PC sleeps, but never runs ahead. No moment lies after the exchange, before
    the last meeting, or before that of an earlier event; one that would is moved there, and says
    so.
    """
    earliest = exchange.not_before or exchange.now - UNKNOWN_LONGEST
    found = list[Moment]()
    for reading in readings:
        at, doubts = _corrected(reading, exchange)
        moment = _bounded(at, doubts, exchange, earliest=earliest, first=not found)
        found.append(moment)
        earliest = moment.at
    return found


def _corrected(reading: Reading, exchange: Exchange) -> tuple[datetime, list[Doubt]]:
    doubts = list[Doubt]()
    at = reading.wall + exchange.wall_is_behind
    if abs(exchange.wall_is_behind) > AGREE_WITHIN:
        doubts.append(Doubt.CLOCK_OFF)
    told = exchange.reading
    if told is not None and told.run and told.run == reading.run:
        by_ticks = exchange.now - (told.ticks - reading.ticks)
        if at > by_ticks + AGREE_WITHIN:
            doubts.append(Doubt.CLOCK_WAS_SET)
            at = by_ticks
    return at, doubts


def _bounded(
    at: datetime, doubts: list[Doubt], exchange: Exchange, *, earliest: datetime, first: bool
) -> Moment:
    if at > exchange.now:
        if at > exchange.now + AGREE_WITHIN:
            doubts.append(Doubt.FROM_THE_FUTURE)
        at = exchange.now
    if at < earliest:
        if at < earliest - AGREE_WITHIN:
            doubts.append(Doubt.TOO_LONG_AGO if first else Doubt.OUT_OF_ORDER)
        at = earliest
    return Moment(min(at, exchange.now), tuple(doubts))
