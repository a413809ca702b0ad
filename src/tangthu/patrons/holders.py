"""What apps above this one hold on a reader: they tell it, object to its erasure, and forget it.

Loans, debts, notices and deliveries stand above the readers, where this app cannot see them. An
app that keeps such things registers one `Holder` when it is ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise

from tangthu.core.errors import TangthuError
from tangthu.patrons.models import Patron


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Lines of one kind that are kept on a reader: the names of their columns, and the values.

    `key` and the columns' keys are for programs and never change; the words are for people.
    """

    key: str
    title: str | Promise
    columns: Mapping[str, str | Promise]
    rows: Sequence[Mapping[str, object]] = field(default_factory=list)

    @property
    def lines(self) -> list[list[object]]:
        """The values of each row, in the order of the columns."""
        return [[row.get(key) for key in self.columns] for row in self.rows]

    @property
    def pairs(self) -> list[tuple[object, object]]:
        """Label and value of a section that has one row."""
        return list(zip(self.columns.values(), self.lines[0], strict=True))


Tell = Callable[[Patron], Iterable[Section]]
Deed = Callable[[Patron], None]


def _tells_nothing(patron: Patron) -> Iterable[Section]:
    return ()


def _does_nothing(patron: Patron) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """An app that keeps something on readers.

    `tells` returns all of it for the reader's own eyes. `objects` raises the app's refusal while
    something is open between library and reader. `forgets` removes what names or describes the
    reader, within the transaction of the erasure; sums and counts stay.
    """

    name: str
    tells: Tell = _tells_nothing
    objects: Deed = _does_nothing
    forgets: Deed = _does_nothing


_holders: dict[str, Holder] = {}


def register(holder: Holder) -> None:
    """Add an app; one of the same name takes its place."""
    _holders[holder.name] = holder


def told_by_all(patron: Patron) -> list[Section]:
    """Return everything that any app keeps on the reader."""
    return [section for holder in _holders.values() for section in holder.tells(patron)]


def objections(patron: Patron) -> list[TangthuError]:
    """Return every refusal that an app has against forgetting the reader now."""
    found: list[TangthuError] = []
    for holder in _holders.values():
        try:
            holder.objects(patron)
        except TangthuError as refused:
            found.append(refused)
    return found


def forget_everywhere(patron: Patron) -> None:
    """Let every app remove what it keeps on the reader."""
    for holder in _holders.values():
        holder.forgets(patron)
