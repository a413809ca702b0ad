"""From where to where copies are carried: limits that libraries set, inherited at both ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

Chain = Sequence[int]
"""The ids of a library and of those above it, up to the root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLimit:
    """Whether copies of one type, or of any, are carried from one library to another.

    It speaks of the libraries below these two as well. The names are for people.
    """

    origin: int
    destination: int
    item_type: str | None = None
    allowed: bool
    origin_name: str = ""
    destination_name: str = ""


@dataclass(frozen=True, slots=True)
class TransferLimits:
    """Every limit of the network, laid apart by its two ends."""

    _by_ends: Mapping[tuple[int, int], Mapping[str | None, TransferLimit]] = field(
        default_factory=dict
    )

    @classmethod
    def of(cls, limits: Iterable[TransferLimit]) -> Self:
        """Gather limits; of several for the same ends and type the last one counts."""
        by_ends: dict[tuple[int, int], dict[str | None, TransferLimit]] = {}
        for limit in limits:
            by_ends.setdefault((limit.origin, limit.destination), {})[limit.item_type] = limit
        return cls(by_ends)

    def governing(
        self, origin: Chain, destination: Chain, *, item_type: str
    ) -> TransferLimit | None:
        """Find the limit that decides of this way; `None` where no library has set one.

        The nearest at the origin wins, then the nearest at the destination, then the one for
        the type of the copy. What stays where it is goes no way.
        """
        if not self._by_ends or origin[0] == destination[0]:
            return None
        for here in origin:
            for there in destination:
                found = self._by_ends.get((here, there), {})
                limit = found.get(item_type) or found.get(None)
                if limit is not None:
                    return limit
        return None

    def allow(self, origin: Chain, destination: Chain, *, item_type: str) -> bool:
        """Tell whether no limit is against this way."""
        limit = self.governing(origin, destination, item_type=item_type)
        return limit is None or limit.allowed


NO_LIMITS = TransferLimits()
