"""What stands beside an object on its desk page: the work that apps above this one do on it.

Each registers, when it is ready, who tells of it; nothing here knows what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tangthu.core.actor import Actor
from tangthu.repository.models import DigitalObject


@dataclass(frozen=True, slots=True)
class Link:
    """Where the work is done, and in a few words how far it has come."""

    url: str
    label: str
    icon: str
    note: str = ""


Teller = Callable[[DigitalObject, Actor], Link | None]

_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Let this function say what it offers for an object to this member of staff, if anything."""
    if teller not in _tellers:
        _tellers.append(teller)


def links_of(obj: DigitalObject, actor: Actor) -> list[Link]:
    """Return what is offered for the object, in the order of registering."""
    return [link for tell in _tellers if (link := tell(obj, actor)) is not None]
