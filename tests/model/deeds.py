"""Deeds as the machine chooses them: each with its weight, when it is possible, and what it needs.

Hypothesis would leave out most of thirty rules in any one example, and repeat the others; drawn
by a die from one table, all of them meet each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

ANY = range(60)
"""Chooses one of however many there are, by the remainder."""

PLACE = range(2)
EITHER = (False, True)


@dataclass(frozen=True, slots=True)
class Deed:
    name: str
    weight: int
    when: Callable[[Any], object]
    needs: Mapping[str, Sequence[Any]]

    def drawn(self, die: Random) -> dict[str, Any]:
        """Choose what it is done with."""
        return {name: die.choice(choices) for name, choices in self.needs.items()}


def deed(weight: int = 1, when: Callable[[Any], object] | None = None, **needs: Any) -> Any:
    """Mark a method as a deed; it is done with one of each of `needs`, where `when` is true."""

    def mark(function: Any) -> Any:
        function.deed = Deed(function.__name__, weight, when or (lambda machine: True), needs)
        return function

    return mark


def deeds_of(kind: type) -> list[Deed]:
    """Return the deeds of a machine, each as often as its weight says."""
    marked = [getattr(getattr(kind, name), "deed", None) for name in sorted(dir(kind))]
    return [each for each in marked if isinstance(each, Deed) for _ in range(each.weight)]


def any_loan(machine: Any) -> object:
    return machine.books.open_loans


def any_wish(machine: Any) -> object:
    return machine.books.wishes()


def any_way(machine: Any) -> object:
    return any(copy.way for copy in machine.books.copies)


def any_harm(machine: Any) -> object:
    return machine.books.harms


def any_known_loan(machine: Any) -> object:
    return machine.books.known_loans


def any_money(machine: Any) -> object:
    return machine.books.charged or any(each.owed or each.held for each in machine.books.readers)
