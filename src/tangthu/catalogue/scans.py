"""Copies that stand in for their scans: a scan is lent no more often than there are copies.

Who lends scans stands above the catalogue, beside who lends copies, and neither knows the other.
Both meet here: the copy's own state tells the desk that its scan is out, and those who keep copies
out register what copies are free. A scan that came back by itself is settled when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from django.db.models import QuerySet

from tangthu.catalogue.models import Item, ItemStatus

Sieve: TypeAlias = Callable[[QuerySet[Item]], QuerySet[Item]]
Settler: TypeAlias = Callable[[Item, datetime], bool]

_sieves: list[Sieve] = []
_settlers: list[Settler] = []

FIT = (ItemStatus.AVAILABLE, ItemStatus.ON_SITE_ONLY)
"""The states in which a copy may stand in for its scan: it is held, and whole."""


def register_sieve(sieve: Sieve) -> None:
    """Let an app take out of a query the copies that it keeps out of the house or for somebody."""
    if sieve not in _sieves:
        _sieves.append(sieve)


def register_settler(settler: Settler) -> None:
    """Let an app put a locked copy to use again if the loan of its scan is over.

    It returns whether it did; the row it was given then holds the new state.
    """
    if settler not in _settlers:
        _settlers.append(settler)


def free_copies(items: QuerySet[Item]) -> QuerySet[Item]:
    """Return those of the copies that are in, fit for use, and kept for nobody."""
    found = items.filter(status__in=FIT)
    for sieve in _sieves:
        found = sieve(found)
    return found


def settle(item: Item, *, now: datetime) -> bool:
    """Put the locked copy to use again where the loan of its scan is over; tell whether it was."""
    if item.status != ItemStatus.LENT_AS_SCAN:
        return False
    return any(settler(item, now) for settler in _settlers)
