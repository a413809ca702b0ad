"""COUNTER Code of Practice 5.1: what use counts, and what is a robot's.

An *investigation* is any use of an item (its page, its description); a *request* is a use of its
content (section 3.2.1). Two of one kind on one item by one user within 30 seconds are one (7.2,
double clicks). A *unique* metric counts an item once a session (7.3). What robots do is not counted
at all (7.8). A denied access is Limit_Exceeded or No_License (3.3.2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from counter_robots import is_robot_or_machine

DOUBLE_CLICK = timedelta(seconds=30)


class Use(StrEnum):
    """What somebody did with an item."""

    INVESTIGATION = "investigation"
    REQUEST = "request"
    LIMIT_EXCEEDED = "limit_exceeded"
    NO_LICENSE = "no_license"


class Metric(StrEnum):
    """The metrics of the item and title master reports that apply to what libraries hold."""

    TOTAL_INVESTIGATIONS = "Total_Item_Investigations"
    UNIQUE_INVESTIGATIONS = "Unique_Item_Investigations"
    TOTAL_REQUESTS = "Total_Item_Requests"
    UNIQUE_REQUESTS = "Unique_Item_Requests"
    UNIQUE_TITLE_INVESTIGATIONS = "Unique_Title_Investigations"
    UNIQUE_TITLE_REQUESTS = "Unique_Title_Requests"
    LIMIT_EXCEEDED = "Limit_Exceeded"
    NO_LICENSE = "No_License"


class AccessType(StrEnum):
    """On what terms an item was used (3.3.3)."""

    CONTROLLED = "Controlled"
    OPEN = "Open"
    FREE = "Free_To_Read"


def is_robot(user_agent: str) -> bool:
    """Tell whether the program is one whose use does not count.

    By COUNTER's own list of robots, whatever case they write their names in, and its list of
    programs that machines fetch with. Who calls itself nothing is taken for a robot. Cubot makes
    telephones.
    """
    named = user_agent.strip()
    if named in {"", "-"}:
        return True
    spellings = (named, named.lower().replace("cubot", ""))
    return any(is_robot_or_machine(each) for each in spellings)


def session_of(*, secret: bytes, day: date, hour: int, who: str) -> str:
    """Return the digest of a session: one visitor within one hour of one day.

    COUNTER 5.1, 7.3: without a session's own name it is made of the day, the hour and what tells
    the visitors apart. The day is part of what the digest is made with, so that nobody is known
    again tomorrow, and nobody can be read out of it.
    """
    words = f"{day:%Y-%m-%d}\x00{hour:02}\x00{who}".encode()
    return hashlib.blake2b(words, key=secret[:64], digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """One use of an item within a session; `access` is the type of access."""

    item: int
    access: str
    use: Use
    session: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one metric was counted for one item and access type."""

    item: int
    access: str
    metric: Metric
    count: int


def tallies(events: Iterable[Event]) -> list[Tally]:
    """Count the events of one month by item, access type and metric. A request investigates too.

    Double clicks are one; what remains of a session counts once for the unique metrics. The events
    may come in any order.
    """
    totals: dict[tuple[int, str, Metric], int] = {}
    seen: set[tuple[int, str, Metric, str]] = set()
    last: dict[tuple[int, str, Use, str], datetime] = {}
    for event in sorted(events, key=lambda each: each.at):
        key = (event.item, event.access, event.use, event.session)
        doubled = key in last and event.at - last[key] <= DOUBLE_CLICK
        last[key] = event.at
        for metric in _METRICS[event.use]:
            unique = metric in _UNIQUE
            mark = (event.item, event.access, metric, event.session)
            if (unique and mark in seen) or (doubled and not unique):
                continue
            seen.add(mark)
            named = (event.item, event.access, metric)
            totals[named] = totals.get(named, 0) + 1
    return [Tally(*key, count) for key, count in sorted(totals.items())]


_METRICS: dict[Use, tuple[Metric, ...]] = {
    Use.INVESTIGATION: (Metric.TOTAL_INVESTIGATIONS, Metric.UNIQUE_INVESTIGATIONS),
    Use.REQUEST: (
        Metric.TOTAL_INVESTIGATIONS,
        Metric.UNIQUE_INVESTIGATIONS,
        Metric.TOTAL_REQUESTS,
        Metric.UNIQUE_REQUESTS,
    ),
    Use.LIMIT_EXCEEDED: (Metric.LIMIT_EXCEEDED,),
    Use.NO_LICENSE: (Metric.NO_LICENSE,),
}
_UNIQUE = frozenset({Metric.UNIQUE_INVESTIGATIONS, Metric.UNIQUE_REQUESTS})


def months(first: date, last: date) -> list[date]:
    """Return the first day of every month from one to the other."""
    found, each = [], first.replace(day=1)
    while each <= last:
        found.append(each)
        each = (each + timedelta(days=31)).replace(day=1)
    return found
