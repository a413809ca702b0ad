"""Figures of projects: medians of days, and the part of a collection that is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

GOAL = 70
"""Percent of rare and special collections to be digitised by QĐ 206/QĐ-TTg of 11/02/2021."""


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a collection is done. `planned` is the number in the written plan, if any."""

    done: int
    there: int
    planned: int | None = None
    goal: int = GOAL

    @property
    def whole(self) -> int:
        """Of how many documents it is a part."""
        return self.planned if self.planned is not None else self.there

    @property
    def percent(self) -> int:
        """Whole percent, rounded down, so that the goal is never said to be reached too early."""
        return min(100, self.done * 100 // self.whole) if self.whole else 0

    @property
    def to_go(self) -> int:
        """How many documents are still missing to the goal."""
        wanted = -(-self.whole * self.goal // 100)
        return max(0, wanted - self.done)

    @property
    def is_reached(self) -> bool:
        """Tell whether the goal is reached."""
        return self.whole > 0 and self.to_go == 0


def middle(spans: Sequence[timedelta]) -> timedelta | None:
    """Return the median of spans of time; None of none."""
    if not spans:
        return None
    return timedelta(seconds=median(span.total_seconds() for span in spans))
