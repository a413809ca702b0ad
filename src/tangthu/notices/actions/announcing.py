"""Telling readers something: one row of the outbox for every channel by which they are told."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import transaction
from django.utils import timezone

from tangthu.libraries.models import Library
from tangthu.notices import sealing, setup
from tangthu.notices.addresses import reachable_channels
from tangthu.notices.choices import choices_for
from tangthu.notices.hours import hours_of
from tangthu.notices.models import Notice
from tangthu.notices.policy import (
    DEFAULT_LANGUAGE,
    KINDS,
    Channel,
    Choices,
    Hours,
    KindDefinition,
    NoticeKind,
    Stored,
    Topic,
    Way,
    sending_time,
    stored_values,
    ways,
)
from tangthu.patrons.models import Patron

BATCH = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Somebody who is no reader yet: whoever applies for a card from home."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = DEFAULT_LANGUAGE

    @property
    def reachable(self) -> frozenset[Channel]:
        """The channels that lead here and are set up."""
        by_phone = {Channel.SMS, Channel.ZALO} if self.phone else set()
        by_mail = {Channel.EMAIL} if self.email else set()
        return frozenset(by_phone | by_mail) & setup.configured()

    def of(self, channel: Channel) -> str:
        """Return the address for a channel."""
        return self.email if channel is Channel.EMAIL else self.phone


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """Something to tell a reader. The same kind and source are told to a reader once.

    `channels` narrows the channels of what is NEEDED (a code goes where the reader said);
    `fallback` is tried when no channel was chosen or none reaches the reader.
    """

    kind: NoticeKind
    to: Patron
    library: Library
    values: Mapping[str, object]
    source: str
    channels: Collection[Channel] | None = None
    fallback: Channel | None = None


@transaction.atomic
def announce(
    kind: NoticeKind,
    *,
    to: Patron,
    library: Library,
    values: Mapping[str, object],
    source: str,
    channels: Collection[Channel] | None = None,
) -> list[Notice]:
    """Tell a reader something, in the caller's transaction; it goes out after the commit.

    One row for each channel that the reader has chosen for the kind's topic and that reaches
    them; none when there is no such channel. Announced again with the same source it changes
    nothing, and returns the rows there are. Raises WrongValues when `values` are not the kind's.
    """
    announcement = Announcement(
        kind=kind, to=to, library=library, values=values, source=source, channels=channels
    )
    if _insert(_rows([announcement], now=timezone.now())) == 0:
        return []
    told = Notice.objects.filter(kind=kind, source=source, reader=reader_key(to))
    return list(told.order_by("id"))


def announce_many(announcements: Iterable[Announcement]) -> int:
    """Tell many readers, with three queries for all of them; return how many rows were wanted.

    Meant for batches of a few hundred: all is read before the one short transaction that writes.
    """
    rows = _rows(list(announcements), now=timezone.now())
    with transaction.atomic():
        return _insert(rows)


@transaction.atomic
def announce_to(
    address: Address,
    kind: NoticeKind,
    *,
    library: Library,
    values: Mapping[str, object],
    source: str,
    channels: Collection[Channel] | None = None,
    fleeting: bool = False,
) -> list[Notice]:
    """Tell somebody who is no reader, as `announce` does; only of what they need to know.

    `fleeting` is for who is forgotten meanwhile: words and address go as soon as it is finished.
    Raises ValueError for a kind that needs a reader's choice.
    """
    definition = KINDS[kind]
    if definition.topic is not Topic.SERVICE:
        raise ValueError(f"{kind} is for readers who chose it")
    reachable = address.reachable & frozenset(channels or Channel)
    told = ways(definition.topic, Choices(), reachable=reachable, language=address.language)
    draft = _Draft(definition, library, values, source, hours_of(library), timezone.now())
    rows = [draft.row(way) for way in told]
    for row in rows:
        row.reader = _address_key(address)
        row.to_name, row.to_address = address.name[:150], address.of(Channel(row.channel))
        row.fleeting = fleeting
    if not _insert(rows):
        return []
    found = Notice.objects.filter(kind=kind, source=source, reader=_address_key(address))
    return list(found.order_by("id"))


def reader_key(patron: Patron) -> str:
    """Return the key under which the outbox knows a reader."""
    return f"patron:{patron.pk}"


def _address_key(address: Address) -> str:
    said = f"{address.email.strip().lower()} {address.phone}"
    return f"address:{hashlib.sha256(said.encode()).hexdigest()[:40]}"


@dataclass(frozen=True, slots=True)
class _Draft:
    """What the rows of one announcement have in common."""

    definition: KindDefinition
    library: Library
    values: Mapping[str, object]
    source: str
    hours: Hours
    now: datetime

    def row(self, way: Way) -> Notice:
        definition, stored = self.definition, self._stored()
        go_at = sending_time(
            timezone.localtime(self.now + definition.waits),
            channel=way.channel,
            hours=self.hours,
            urgent=definition.urgent,
            digest=way.digest,
        )
        return Notice(
            kind=definition.kind,
            source=self.source,
            channel=way.channel,
            library=self.library,
            language=way.language,
            values={} if definition.secret else stored,
            sealed=sealing.seal(stored) if definition.secret else None,
            urgent=definition.urgent,
            digest=way.digest,
            created_at=self.now,
            next_at=go_at,
            expires_at=go_at + definition.life,
        )

    def _stored(self) -> dict[str, Stored]:
        zone = timezone.get_current_timezone()
        return stored_values(self.definition.kind, self.values, zone=zone)


def _rows(announcements: list[Announcement], *, now: datetime) -> list[Notice]:
    hours = cache(hours_of)
    topics = {KINDS[each.kind].topic for each in announcements} - {Topic.SERVICE}
    said = choices_for({each.to.pk for each in announcements}, topics) if topics else {}
    configured = setup.configured()
    rows = list[Notice]()
    for each in announcements:
        definition = KINDS[each.kind]
        told = ways(
            definition.topic,
            said.get((each.to.pk, definition.topic), Choices()),
            reachable=_reachable(each, configured),
            language=DEFAULT_LANGUAGE,
        )
        for way in told or _last_resort(each):
            at = hours(each.library)
            row = _Draft(definition, each.library, each.values, each.source, at, now).row(way)
            row.patron, row.reader = each.to, reader_key(each.to)
            rows.append(row)
    return rows


def _reachable(each: Announcement, configured: Collection[Channel]) -> frozenset[Channel]:
    reachable = reachable_channels(each.to) & frozenset(configured)
    return reachable if each.channels is None else reachable & frozenset(each.channels)


def _last_resort(each: Announcement) -> Iterator[Way]:
    if each.fallback is not None:
        yield Way(each.fallback, DEFAULT_LANGUAGE)


def _insert(rows: list[Notice]) -> int:
    """Write the rows that are not there yet; the constraint says which are."""
    if rows:
        Notice.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)
