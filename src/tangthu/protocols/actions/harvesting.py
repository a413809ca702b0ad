"""Bringing records from another repository into the catalogue, answer by answer.

Each answer is written in one transaction together with where the list goes on, so that a harvest
that is cut off goes on there and brings nothing twice. An item is the record that it became before;
a new one is matched with the catalogue as an import matches, and completes what it finds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from tangthu.catalogue import columns, policy
from tangthu.catalogue.actions.records import add_record, save_record, suppress, unsuppress
from tangthu.catalogue.errors import NoTitle
from tangthu.catalogue.models import MatchKey, Record
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.formats.marc.matching import MatchKind
from tangthu.formats.marc.record import MarcRecord
from tangthu.formats.marc.storage import loads
from tangthu.formats.oaipmh.reading import Item, Page, Unreadable, granularity, page
from tangthu.protocols.actions.sources import next_time
from tangthu.protocols.asking import Line
from tangthu.protocols.errors import HarvestFailed, HarvestRunning
from tangthu.protocols.models import HarvestedItem, HarvestSource, HarvestState
from tangthu.protocols.permissions import ProtocolPermission

LEASE = timedelta(minutes=10)
"""How long a silent harvest is believed to be alive."""

MOST_ANSWERS = 200_000
_NOTHING_NEW = "noRecordsMatch"
_TOKEN_GONE = "badResumptionToken"  # noqa: S105 - a word of the protocol
_MOST_CANDIDATES = 50
_GONE = "deleted"
"""Instead of a moment: the source took the item back, and its record was hidden for that."""

_KINDS = {kind.value: kind for kind in MatchKind}


T = TypeVar("T")


@dataclass(slots=True)
class _Sums:
    added: int = 0
    changed: int = 0
    hidden: int = 0
    unusable: int = 0


def harvest(source: HarvestSource, line: Line, *, by: Actor) -> HarvestSource:
    """Bring in what is new since the last harvest, and return the source as it then stands.

    Needs the rights to harvest and to describe at the source's library. Raises HarvestRunning while
    another process is at it. What goes wrong on the other side ends the harvest, is kept as its
    `failure`, and is gone on with from the last answer when it is begun again.
    """
    by.require(ProtocolPermission.HARVEST, at=source.library_id)
    by.require(CataloguePermission.EDIT_RECORDS, at=source.library_id)
    held = _begin(source)
    try:
        _all(held, line, by=by)
    except HarvestFailed as failed:
        return _end(held, by=by, failure=failed.reason)
    except BaseException:
        _end(held, by=by, failure="harvest_failed")
        raise
    return _end(held, by=by)


@transaction.atomic
def _begin(source: HarvestSource) -> HarvestSource:
    now = timezone.now()
    locked = HarvestSource.objects.select_for_update().get(pk=source.pk)
    is_alive = locked.beat_at is not None and now - locked.beat_at < LEASE
    if locked.state == HarvestState.RUNNING and is_alive:
        raise HarvestRunning(source=locked.pk)
    locked.state, locked.failure, locked.began_at = HarvestState.RUNNING, "", now
    if not locked.token:
        locked.seen = locked.added = locked.changed = locked.hidden = locked.unusable = 0
    locked.beat_at = now
    locked.save()
    return locked


def _all(source: HarvestSource, line: Line, *, by: Actor) -> None:
    grain = _read(lambda: granularity(line.ask({"verb": "Identify"})))
    tokens = {source.token}
    for _ in range(MOST_ANSWERS):
        answer = _next(source, line, grain)
        if answer.fault == _NOTHING_NEW:
            return
        if answer.fault == _TOKEN_GONE and source.token:
            _forget_token(source)
            continue
        if answer.fault:
            raise HarvestFailed(answer.fault)
        _bring_in(source, answer, by=by)
        if not answer.token:
            return
        if answer.token in tokens:
            raise HarvestFailed("harvest_in_circles")
        tokens = {answer.token, source.token}
    raise HarvestFailed("harvest_in_circles")


def _next(source: HarvestSource, line: Line, grain: str) -> Page:
    if source.token:
        asked = {"verb": "ListRecords", "resumptionToken": source.token}
    else:
        asked = {"verb": "ListRecords", "metadataPrefix": source.prefix}
        asked |= {"set": source.set_spec} if source.set_spec else {}
        # What was asked by seconds is asked by days where the other knows nothing finer.
        since = source.since if "hh" in grain else source.since[:10]
        asked |= {"from": since} if since else {}
    return _read(lambda: page(line.ask(asked)))


def _read(reading: Callable[[], T]) -> T:
    try:
        return reading()
    except Unreadable as error:
        raise HarvestFailed(error.reason) from error


@transaction.atomic
def _forget_token(source: HarvestSource) -> None:
    """Begin anew from the last whole harvest: the other forgot where the list goes on."""
    source.token = ""
    source.save(update_fields=["token"])


@transaction.atomic
def _bring_in(source: HarvestSource, answer: Page, *, by: Actor) -> None:
    """Write one answer, and where the list goes on: all of it, or nothing."""
    locked = HarvestSource.objects.select_for_update().get(pk=source.pk)
    sums = _Sums()
    for item in answer.items:
        _one(source, item, sums, by=by)
    if not locked.token and not locked.asked_at:
        source.asked_at = answer.answered_at[:30]
    source.token, source.beat_at = answer.token, timezone.now()
    source.seen += len(answer.items)
    source.added += sums.added
    source.changed += sums.changed
    source.hidden += sums.hidden
    source.unusable += sums.unusable
    source.save()


def _one(source: HarvestSource, item: Item, sums: _Sums, *, by: Actor) -> None:
    kept = HarvestedItem.objects.select_related("record").filter(
        source=source, identifier=item.identifier
    )
    known = kept.first()
    if item.is_deleted:
        sums.hidden += _hide(known, by=by)
    elif item.record is None:
        sums.unusable += 1
    elif known is not None:
        sums.changed += _renew(known, item.record, item.stamp, by=by)
    else:
        _enter(source, item, item.record, sums, by=by)


def _hide(known: HarvestedItem | None, *, by: Actor) -> bool:
    """Hide the record that the source made and has taken back. One that was here before stays."""
    if known is None or not known.is_ours or known.record.suppressed:
        return False
    if not by.may(CataloguePermission.SUPPRESS_RECORDS, at=known.record.library_id):
        return False
    suppress(known.record, by=by)
    known.stamp = _GONE
    known.save(update_fields=["stamp"])
    return True


def _renew(known: HarvestedItem, incoming: MarcRecord, stamp: str, *, by: Actor) -> bool:
    """Write the new description; what somebody here has changed meanwhile is completed only."""
    record = known.record
    if known.stamp == _GONE and by.may(CataloguePermission.SUPPRESS_RECORDS, at=record.library_id):
        unsuppress(record, by=by)
    untouched = known.is_ours and record.version == known.written_version
    present = loads(record.marc)
    united = (policy.replace if untouched else policy.merge)(present, incoming)
    written = _save(record, present, united, by=by)
    known.written_version = written.version if untouched else known.written_version
    known.stamp = stamp
    known.save(update_fields=["written_version", "stamp"])
    return written.version != record.version


def _enter(
    source: HarvestSource, item: Item, incoming: MarcRecord, sums: _Sums, *, by: Actor
) -> None:
    """Make the item a record, or complete the one that describes the same document."""
    same = _same(incoming)
    if same is not None:
        present = loads(same.marc)
        written = _save(same, present, policy.merge(present, incoming), by=by)
        sums.changed += written.version != same.version
        record, is_ours = written, False
    else:
        try:
            record, is_ours = add_record(incoming, library=source.library, by=by), True
        except NoTitle:
            sums.unusable += 1
            return
        sums.added += 1
    HarvestedItem.objects.create(
        source=source,
        identifier=item.identifier,
        record=record,
        is_ours=is_ours,
        written_version=record.version,
        stamp=item.stamp,
    )


def _same(incoming: MarcRecord) -> Record | None:
    """Return the record of the catalogue that describes the same document, as an import judges."""
    keys = columns.keys_of(columns.description_of(incoming))
    rows = MatchKey.objects.filter(key__in=[key for _kind, key in keys]).select_related("record")
    found = {(row.kind, row.key): row.record for row in rows[:_MOST_CANDIDATES]}
    candidates = [
        (_KINDS[key[0]], found[key], policy.identity_of(loads(found[key].marc)))
        for key in keys
        if key in found
    ]
    return policy.choose(candidates, policy.identity_of(incoming)).found


def _save(record: Record, present: MarcRecord, united: MarcRecord, *, by: Actor) -> Record:
    """Save the description if it says more, and if the actor may describe at its library."""
    may = by.may(CataloguePermission.EDIT_RECORDS, at=record.library_id)
    if united == present or not may:
        return record
    return save_record(record, united, version=record.version, by=by)


@transaction.atomic
def _end(source: HarvestSource, *, by: Actor, failure: str = "") -> HarvestSource:
    now = timezone.now()
    locked = HarvestSource.objects.select_for_update().get(pk=source.pk)
    locked.state = HarvestState.FAILED if failure else HarvestState.IDLE
    locked.failure, locked.finished_at, locked.beat_at = failure, now, None
    if not failure:
        locked.since, locked.asked_at, locked.token = locked.asked_at or locked.since, "", ""
    locked.next_at = _retry(locked, now) if failure else next_time(locked, now)
    locked.save()
    if not failure:
        sums = {name: getattr(locked, name) for name in ("seen", "added", "changed", "hidden")}
        audit.record(
            "harvest.finished",
            by=by,
            kind="harvest_source",
            key=locked.pk,
            library=locked.library_id,
            after=sums,
        )
    return locked


def _retry(source: HarvestSource, now: datetime) -> datetime | None:
    """Return when to try again after a failure: in six hours, where it goes by itself."""
    return now + timedelta(hours=6) if source.every_hours else None
