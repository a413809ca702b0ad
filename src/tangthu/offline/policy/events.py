"""What the desk did without a line: one event per deed, as it is kept, sent and filed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tangthu.offline.policy.clock import Reading
from tangthu.offline.policy.codec import BadPlain, decode

MOST_OVERRIDES = 40
LONGEST_TEXT = 300
MOST_NUMBER = 2**53
FIRST_YEAR, LAST_YEAR = 1990, 2199

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class EventKind(StrEnum):
    """The deeds of the offline desk."""

    CHECK_OUT = "check_out"
    CHECK_IN = "check_in"
    RENEW = "renew"
    REGISTER = "register"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A reader registered offline. The card comes from the numbers kept for the device."""

    name: str
    category: str
    card: str
    birth_on: date | None = None
    phone: str = ""
    guardian_name: str = ""
    guardian_phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One deed. `id` makes it happen once; `number` is its place in the device's order.

    A reader whom the device registered itself has no `patron` yet: `registered` is the id of the
    event that did. `due_at` is what the reader was told, `waived` the blocks that the desk
    overrode knowingly, `rules` the version of the rules that decided. `user` is the member of
    staff who was at the desk.
    """

    id: str
    number: int
    kind: EventKind
    wall: datetime
    run: str
    ticks: float
    user: int
    rules: str = ""
    patron: int | None = None
    registered: str = ""
    item: int | None = None
    barcode: str = ""
    due_at: datetime | None = None
    waived: tuple[str, ...] = ()
    newcomer: Newcomer | None = None

    @property
    def reading(self) -> Reading:
        """What the device's clocks showed."""
        return Reading(wall=self.wall, run=self.run, ticks=timedelta(milliseconds=self.ticks))


def read_event(plain: object) -> Event:
    """Read an event from plain JSON; raises BadPlain for anything that cannot be one."""
    event = decode(Event, plain)
    if not isinstance(event, Event):
        raise BadPlain("no event")
    texts = (event.run, event.rules, event.registered, event.barcode, *event.waived)
    holds = {
        "id": _ID.fullmatch(event.id) is not None,
        "number": 0 < event.number < MOST_NUMBER,
        "wall": FIRST_YEAR <= event.wall.year <= LAST_YEAR,
        "ticks": 0 <= event.ticks < MOST_NUMBER,
        "registered": not event.registered or _ID.fullmatch(event.registered) is not None,
        "waived": len(event.waived) <= MOST_OVERRIDES,
        "text": all(len(text) <= LONGEST_TEXT and _is_plain(text) for text in texts),
        **_parties(event),
    }
    wrong = [name for name, well in holds.items() if not well]
    if wrong:
        raise BadPlain(f"event: {', '.join(wrong)}")
    return event


def _parties(event: Event) -> dict[str, bool]:
    """Say whether the event names those whom a deed of its kind needs."""
    if event.kind is EventKind.REGISTER:
        return {"newcomer": event.newcomer is not None}
    needs_reader = event.kind in (EventKind.CHECK_OUT, EventKind.RENEW)
    return {
        "item": bool(event.item or event.barcode),
        "patron": bool(event.patron or event.registered) or not needs_reader,
    }


def _is_plain(text: str) -> bool:
    return text.isprintable() or not text
