"""An offline desk as tests play it: events by number, with the clocks of a browser."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from tangthu.catalogue.models import Item
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.offline.actions import enrol, hand_out_keys, receive, replay
from tangthu.offline.models import Device, OfflineEvent
from tangthu.offline.policy import Event, EventKind, Newcomer, Reading
from tangthu.patrons.models import Patron

RUN = "a-run-of-the-browser"


@dataclass
class OfflineDesk:
    """A device whose browser has run since `started`, with a clock that is `fast`."""

    device: Device
    by: Actor
    started: datetime = field(default_factory=lambda: timezone.now() - timedelta(hours=8))
    fast: timedelta = timedelta(0)
    events: list[Event] = field(default_factory=list)
    sent: int = 0

    @classmethod
    def at(cls, library: Library, *, by: Actor, fast: timedelta = timedelta(0)) -> OfflineDesk:
        device = enrol(library, name="Máy ở quầy", by=by)
        Device.objects.filter(pk=device.pk).update(created_at=timezone.now() - timedelta(days=30))
        hand_out_keys(device, by=by)
        return cls(device=device, by=by, fast=fast)

    def lend(self, item: Item, to: Patron, *, minute: float = 0, **values: object) -> Event:
        return self.note(EventKind.CHECK_OUT, minute, item=item.pk, patron=to.pk, **values)

    def take_back(self, item: Item, *, minute: float = 0) -> Event:
        return self.note(EventKind.CHECK_IN, minute, item=item.pk)

    def renew(self, item: Item, of: Patron, *, minute: float = 0) -> Event:
        return self.note(EventKind.RENEW, minute, item=item.pk, patron=of.pk)

    def register(self, name: str, card: str, *, minute: float = 0, **values: object) -> Event:
        newcomer = Newcomer(
            **{"name": name, "card": card, "category": "adult", **values}  # type: ignore[arg-type]
        )
        return self.note(EventKind.REGISTER, minute, newcomer=newcomer)

    def note(self, kind: EventKind, minute: float, **values: object) -> Event:
        at = self.started + timedelta(minutes=minute)
        event = Event(
            id=str(uuid.uuid4()),
            number=len(self.events) + 1,
            kind=kind,
            wall=(at + self.fast).astimezone(UTC),
            run=RUN,
            ticks=minute * 60_000,
            user=self.by.user_id or 0,
            **values,  # type: ignore[arg-type]
        )
        self.events.append(event)
        return event

    def reading(self) -> Reading:
        now = timezone.now()
        return Reading(wall=now + self.fast, run=RUN, ticks=now - self.started)

    def hand_over(self, events: list[Event] | None = None, *, after: int = 0) -> int:
        chosen = self.events if events is None else events
        return receive(self.device, chosen, after=after, reading=self.reading(), by=self.by)

    def come_back(self) -> int:
        self.hand_over()
        return replay(self.device)

    def row(self, event: Event) -> OfflineEvent:
        return OfflineEvent.objects.get(uid=event.id)

    def note_for_newcomer(self, item: Item, registered: Event, *, minute: float) -> Event:
        """Lend to a reader whom an earlier event registers."""
        values: dict[str, object] = {"item": item.pk, "registered": registered.id}
        return self.note(EventKind.CHECK_OUT, minute, **values)
