"""The rules of logging in and of who may give which rights to whom. Pure.

Guessing a password is made slow in two ways. Against one user name, from anywhere: after a few
failures each further try must wait, longer each time, and after `LOCK_AFTER` the name is locked
for `LOCK_LASTS`. From one address, against any names: the same, but later, for a whole library
sits behind one address. Names that do not exist are judged alike, so that nobody learns from a
refusal which names do.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from tangthu.text.normal import normalise

FAILURES_COUNT_FOR = timedelta(minutes=30)
"""A failure older than this is forgotten."""

FREE_FAILURES = 3
LOCK_AFTER = 10
LOCK_LASTS = timedelta(minutes=15)
LONGEST_WAIT = timedelta(minutes=1)
FREE_FAILURES_OF_ADDRESS = 30
LONGEST_WAIT_OF_ADDRESS = timedelta(minutes=5)

USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9])?")
LONGEST_PASSWORD = 1000
"""Characters. Hashing a text without end would keep a process busy."""

Key = TypeVar("Key")


class LoginBarrier(StrEnum):
    """Why a try to log in is turned away before its password is looked at."""

    WAIT = "wait"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Failures:
    """The failures that count against a user name or an address, and when the last one was."""

    count: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoginVerdict:
    """True when the password may be looked at; otherwise why not, and until when."""

    barrier: LoginBarrier | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return self.barrier is None


def judge_login(*, now: datetime, of_name: Failures, of_address: Failures) -> LoginVerdict:
    """Tell whether a try to log in may be made now.

    The failures are those before this try. A lock outranks a wait; of two waits the longer holds.
    """
    if of_name.count >= LOCK_AFTER and of_name.last_at is not None:
        until = of_name.last_at + LOCK_LASTS
        if until > now:
            return LoginVerdict(LoginBarrier.LOCKED, until)
    ends = [
        ending
        for ending in (
            _wait_ends(of_name, free=FREE_FAILURES, longest=LONGEST_WAIT),
            _wait_ends(of_address, free=FREE_FAILURES_OF_ADDRESS, longest=LONGEST_WAIT_OF_ADDRESS),
        )
        if ending is not None and ending > now
    ]
    return LoginVerdict(LoginBarrier.WAIT, max(ends)) if ends else LoginVerdict()


def _wait_ends(failures: Failures, *, free: int, longest: timedelta) -> datetime | None:
    wait = waiting_time(failures.count, free=free, longest=longest)
    # Without a wait a try of the very same instant, as of two at once, need not be put off.
    return failures.last_at + wait if failures.last_at is not None and wait else None


def waiting_time(failures: int, *, free: int, longest: timedelta) -> timedelta:
    """Return how long after the last failure the next try may be made: 1, 2, 4, … seconds."""
    beyond = failures - free
    if beyond < 0:
        return timedelta()
    return min(timedelta(seconds=2 ** min(beyond, 16)), longest)


def login_name(typed: str) -> str:
    """Return a user name as it is stored and counted: nothing around or invisible, lower case."""
    return normalise(typed).lower()


def counted_name(name: str) -> str:
    """Return the name under which tries are counted: a digest of what can be no user name."""
    return (
        name
        if is_username(name)
        else f"#{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:32]}"
    )


def is_username(name: str) -> bool:
    """Tell whether this may be a user name: ASCII letters, digits and `. _ -` inside."""
    return USERNAME.fullmatch(name) is not None


def throttled_address(address: str | None) -> str | None:
    """Return the address under which tries are counted.

    Whoever has one IPv6 address has a whole /64 of them, so these count as one. None for what
    is no address.
    """
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, 64), strict=False).network_address)
    return str(known)


def plain_address(address: str | None) -> str | None:
    """Return an IP address in its one spelling; None for what is none, as from a local socket."""
    try:
        return str(ipaddress.ip_address(address or ""))
    except ValueError:
        return None


_BROWSERS = (
    ("Edg/", "Edge"),
    ("coc_coc", "Cốc Cốc"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """Return what a person calls the browser that describes itself so: `Firefox · Windows`."""
    names = (
        next((name for sign, name in known if sign in agent), "") for known in (_BROWSERS, _SYSTEMS)
    )
    return " · ".join(filter(None, names)) or agent[:40]


def covers(above: Mapping[Key, frozenset[int]], below: Mapping[Key, frozenset[int]]) -> bool:
    """Tell whether one set of grants holds everything that another holds, everywhere it does."""
    return all(
        libraries <= above.get(permission, frozenset()) for permission, libraries in below.items()
    )
