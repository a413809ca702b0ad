"""What the clerk writes down: readers, loans, wishes, ways, copies, harms. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from tangthu.circulation.policy import local_day


@dataclass(eq=False)
class Reader:
    """A reader: what they owe (credit below zero), have deposited, until when they are barred."""

    pk: int
    owed: int = 0
    held: int = 0
    stops: list[tuple[int, date]] = field(default_factory=list)
    keeps: datetime | None = None

    def stopped_until(self, today: date) -> date | None:
        return max((until for _, until in self.stops if until >= today), default=None)


@dataclass(eq=False)
class Lent:
    """A loan, open or past; `reader` is forgotten in time."""

    pk: int
    copy: Copy
    reader: Reader | None
    due: date
    renewals: int = 0
    claimed: datetime | None = None
    ended_at: datetime | None = None

    def late_days(self, now: datetime) -> int:
        until = min(now, self.claimed) if self.claimed else now
        return max((local_day(until) - self.due).days, 0)


@dataclass(eq=False)
class Wish:
    """A hold: waiting, or with a copy on its way or, until a day, on the hold shelf."""

    pk: int
    reader: Reader
    title: int
    pickup: int
    wanted: Copy | None = None
    copy: Copy | None = None
    ready_until: date | None = None
    resting: bool = False
    rests_until: date | None = None
    starts: date | None = None
    expires: date | None = None
    recalls: Lent | None = None

    def is_due(self, today: date) -> bool:
        begun = self.starts is None or self.starts <= today
        over = self.expires is not None and self.expires < today
        return begun and not over and not self.resting

    def takes(self, copy: Copy) -> bool:
        return self.wanted in (None, copy)


@dataclass
class Way:
    origin: int
    destination: int
    manual: bool = False
    sent: bool = True


@dataclass(eq=False)
class Copy:
    """A copy: with a reader, on its way, left on the hold shelf, or standing somewhere."""

    pk: int
    title: int
    home: int
    state: str = "available"
    lent: Lent | None = None
    way: Way | None = None
    stays: int | None = None
    left: bool = False


@dataclass(eq=False)
class Harm:
    pk: int
    kind: str
    lent: Lent

    @property
    def source(self) -> str:
        return f"loan:{self.lent.pk}:{self.kind}:{self.pk}"

    @property
    def processing(self) -> str:
        return f"loan:{self.lent.pk}:{self.kind}:processing:{self.pk}"
