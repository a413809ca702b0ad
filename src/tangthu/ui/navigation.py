"""The staff's menu. Each app registers its own entries when it is ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tangthu.core.actor import Actor
from tangthu.core.permissions import Permission

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the menu: shown to those who hold any of the permissions."""

    url: str
    label: _StrPromise
    icon: str
    order: int
    permissions: tuple[Permission, ...]


_entries: list[Entry] = []


def register(*entries: Entry) -> None:
    """Add entries; one that is there already stays once."""
    for entry in entries:
        if entry not in _entries:
            _entries.append(entry)
    _entries.sort(key=lambda entry: entry.order)


def menu(actor: Actor) -> list[Entry]:
    """Return the entries that this person may use, in order."""
    return [entry for entry in _entries if any(actor.may(needed) for needed in entry.permissions)]
