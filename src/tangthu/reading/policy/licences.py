"""What a licence allows, and which of several is lent: the one whose use costs least.

The order is that of the Palace Project: what will be lost with time anyway goes first (the soonest
to end), then what nothing uses up, then what both time and use end, then what use alone ends (of
which most is left). Last come the copies on the shelf: lending their scan takes a book from the
desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class Protection(StrEnum):
    """How a borrowed file is kept from being passed on."""

    NONE = "none"
    WATERMARK = "watermark"
    LCP = "lcp"


class LicenceState(StrEnum):
    """Whether a licence is lent. Nothing is removed: what must not be lent is stopped."""

    ACTIVE = "active"
    STOPPED = "stopped"


class Terms(IntEnum):
    """What ends a licence, in the order in which licences are used up."""

    TIMED = 0
    PERPETUAL = 1
    TIMED_AND_COUNTED = 2
    COUNTED = 3
    COPIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceFacts:
    """A licence as the rules see it.

    `at_once` is how many may have it at the same time, without limit when `None`; of scans lent by
    their copies it is how many copies there are free or lent so already. `left` is how many loans
    are left; `None` when they are not counted. `out` is how many have it now, or are kept one.
    """

    key: int
    state: str = LicenceState.ACTIVE
    begins_at: datetime | None = None
    expires_at: datetime | None = None
    left: int | None = None
    at_once: int | None = 1
    out: int = 0
    by_copies: bool = False
    serves: bool = True

    @property
    def terms(self) -> Terms:
        """What ends it."""
        if self.by_copies:
            return Terms.COPIES
        timed, counted = self.expires_at is not None, self.left is not None
        if timed and counted:
            return Terms.TIMED_AND_COUNTED
        if timed:
            return Terms.TIMED
        return Terms.COUNTED if counted else Terms.PERPETUAL


def is_usable(licence: LicenceFacts, *, now: datetime) -> bool:
    """Tell whether loans may be made on the licence at all: in force, not used up, for this reader.

    It ends with the moment it names: a loan is never made at that moment or after.
    """
    begun = licence.begins_at is None or licence.begins_at <= now
    ended = licence.expires_at is not None and licence.expires_at <= now
    used_up = licence.left is not None and licence.left <= 0
    active = licence.state == LicenceState.ACTIVE and licence.serves
    return active and begun and not ended and not used_up


def free(licence: LicenceFacts, *, now: datetime) -> int | None:
    """Return how many more may borrow on the licence at once; `None` when it is without limit."""
    if not is_usable(licence, now=now):
        return 0
    limits = [
        *([] if licence.at_once is None else [licence.at_once - licence.out]),
        *([] if licence.left is None else [licence.left]),
    ]
    return max(0, min(limits)) if limits else None


def best(licences: Iterable[LicenceFacts], *, now: datetime) -> LicenceFacts | None:
    """Return the licence to lend on, or nothing where none has a place free.

    Never one that is over its limit, that has ended or begun not yet, or that is stopped.
    """
    found = [each for each in licences if free(each, now=now) != 0]
    return min(found, key=_cost, default=None)


def latest_due(licence: LicenceFacts, *, due_at: datetime) -> datetime:
    """Return when a loan on the licence is due: never after the licence itself has ended."""
    return due_at if licence.expires_at is None else min(due_at, licence.expires_at)


def free_places(licences: Iterable[LicenceFacts], *, now: datetime) -> int | None:
    """Return how many more may borrow on all of them together; `None` without limit."""
    total = 0
    for each in licences:
        places = free(each, now=now)
        if places is None:
            return None
        total += places
    return total


def _cost(licence: LicenceFacts) -> tuple[int, float, int, int]:
    ends = licence.expires_at.timestamp() if licence.expires_at else float("inf")
    return licence.terms, ends, -(licence.left or 0), licence.key
