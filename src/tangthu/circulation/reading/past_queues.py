"""How many readers waited for a title at a moment of the past, as far as holds still tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.db.models.functions import Coalesce

from tangthu.circulation.models import Hold
from tangthu.circulation.policy import local_day


@dataclass(frozen=True, slots=True)
class PastHold:
    """When a reader waited: until a copy was kept for them, or they waited no more.

    The reader is `None` once that is forgotten. A rest in between is not remembered.
    """

    patron: int | None
    placed_at: datetime
    ended_at: datetime | None
    starts_on: date | None

    def waited(self, at: datetime) -> bool:
        """Tell whether the reader was waiting at that moment."""
        begun = self.starts_on is None or self.starts_on <= local_day(at)
        return begun and self.placed_at <= at and (self.ended_at is None or self.ended_at > at)


@dataclass(frozen=True, slots=True)
class PastQueues:
    """The holds of some titles, past and present."""

    by_record: Mapping[int, Sequence[PastHold]]

    def others(self, record: int, *, at: datetime, patron: int | None) -> int:
        """Count those who waited for the title at that moment, but for this reader."""
        return sum(
            hold.waited(at) and (patron is None or hold.patron != patron)
            for hold in self.by_record.get(record, ())
        )


def past_queues(records: Iterable[int], *, since: datetime) -> PastQueues:
    """Read who waited for these titles from that moment on. One query."""
    holds = Hold.objects.filter(record__in=set(records))
    rows = holds.filter(Q(closed_at=None) | Q(closed_at__gt=since)).values_list(
        "record_id", "patron_id", "placed_at", Coalesce("trapped_at", "closed_at"), "starts_on"
    )
    found = defaultdict[int, list[PastHold]](list)
    for record, patron, placed_at, ended_at, starts_on in rows:
        found[record].append(PastHold(patron, placed_at, ended_at, starts_on))
    return PastQueues(dict(found))
