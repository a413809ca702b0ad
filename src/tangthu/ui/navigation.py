"""The staff's menu. Each app registers its own entries, in their groups, when it is ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.core.permissions import Permission

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Group(TextChoices):
    """The groups, in the order of the menu. One that holds nothing for a person is not shown."""

    CIRCULATION = "circulation", _("Circulation")
    READERS = "readers", _("Readers")
    COLLECTION = "collection", _("Library materials")
    DIGITAL = "digital", _("Digital library")
    MONEY = "money", _("Fees and cash")
    ADMINISTRATION = "administration", _("Administration")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the menu: shown to those who hold any of the permissions.

    A pinned one stands outside its group, where it is always one press away. Pages that do not
    lie below its address but belong to it are named by `beside`.
    """

    url: str
    label: _StrPromise
    icon: str
    group: Group
    order: int
    permissions: tuple[Permission, ...]
    pinned: bool = False
    beside: tuple[str, ...] = ()

    def fit(self, path: str) -> int:
        """Return how much of the path of a page is an address of this entry's, 0 for none."""
        fitting = (len(url) for url in (self.url, *self.beside) if path.startswith(url))
        return max(fitting, default=0)


@dataclass(frozen=True, slots=True)
class Section:
    """A group as one person sees it from one page. `current` tells that the page is in it."""

    group: Group
    entries: tuple[Entry, ...]
    current: bool

    @property
    def alone(self) -> Entry | None:
        """The only entry, which needs no group around it."""
        return self.entries[0] if len(self.entries) == 1 else None


@dataclass(frozen=True, slots=True)
class Menu:
    """The menu of one person on one page; `current` is the entry that the page belongs to."""

    pinned: tuple[Entry, ...]
    sections: tuple[Section, ...]
    current: Entry | None


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


def grouped(entries: Sequence[Entry], path: str) -> Menu:
    """Order entries into their groups, as seen from the page at this path.

    The page belongs to the entry with the longest address that fits. Where all is of one group,
    no group is drawn around it.
    """
    fitting = (entry for entry in entries if entry.fit(path))
    current = max(fitting, key=lambda entry: entry.fit(path), default=None)
    loose = [entry for entry in entries if not entry.pinned]
    there = [group for group in Group if any(entry.group is group for entry in loose)]
    if len(there) == 1:
        sections = [_section(entry.group, [entry], current) for entry in loose]
    else:
        sections = [_section(group, loose, current) for group in there]
    return Menu(
        pinned=tuple(entry for entry in entries if entry.pinned),
        sections=tuple(sections),
        current=current,
    )


def _section(group: Group, entries: Sequence[Entry], current: Entry | None) -> Section:
    return Section(
        group=group,
        entries=tuple(entry for entry in entries if entry.group is group),
        current=current is not None and current.group is group,
    )
