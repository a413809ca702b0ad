"""When an approved request opens a document, and what counts as one opening of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

ONE_VISIT = timedelta(minutes=30)
"""A visitor who comes back within it goes on with the same reading."""

LONGEST_VISIT = timedelta(hours=12)
"""After it even a reader who never paused opens the document anew: a day's work, no more."""

MOST_WAITING = 20
"""Requests of one reader that wait for an answer at once."""

MOST_VIEWS = 1000
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What staff approved, and what was used of it. No limit of views where it is None."""

    expires_at: datetime
    views_limit: int | None
    views_used: int = 0
    visit_from: datetime | None = None
    visit_until: datetime | None = None

    def opens(self, now: datetime) -> bool:
        """Tell whether it opens the document now: a visit runs, or another view is left."""
        if now >= self.expires_at:
            return False
        return self.is_visited(now) or self.views_left != 0

    def is_visited(self, now: datetime) -> bool:
        """Tell whether the last opening still runs, so that going on counts nothing."""
        if self.visit_from is None or self.visit_until is None:
            return False
        return now <= self.visit_until and now < self.visit_from + LONGEST_VISIT

    @property
    def views_left(self) -> int | None:
        """How many more times it may be opened; None where that was not limited."""
        return None if self.views_limit is None else max(self.views_limit - self.views_used, 0)
