"""What apps above the catalogue hold against a deed on an item, asked before it is done.

The catalogue cannot see loans or holds: they stand above it. An app that keeps such things
registers a guard when it is ready; a guard raises its own refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tangthu.catalogue.models import Item

Guard: TypeAlias = Callable[[Item], None]

_against_withdrawal: list[Guard] = []


def register_against_withdrawal(guard: Guard) -> None:
    """Let the guard speak before a copy leaves the stock. It is asked with the row locked."""
    if guard not in _against_withdrawal:
        _against_withdrawal.append(guard)


def ask_before_withdrawal(item: Item) -> None:
    """Raise the first refusal that any app has against the withdrawal."""
    for guard in _against_withdrawal:
        guard(item)
