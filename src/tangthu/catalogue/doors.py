"""Ways on from a record's page at the desk, into apps that the catalogue does not know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Door:
    """A button on the page: its words, its address, its icon."""

    label: str
    url: str
    icon: str


Teller: TypeAlias = Callable[[Record, Actor], Door | None]

_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Let an app offer a door to those who may go through it."""
    if teller not in _tellers:
        _tellers.append(teller)


def doors_of(record: Record, actor: Actor) -> list[Door]:
    """Return the doors that this person finds on the page of this record. It costs no query."""
    offered = (tell(record, actor) for tell in _tellers)
    return [door for door in offered if door is not None]
