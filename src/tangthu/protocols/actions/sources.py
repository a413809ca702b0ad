"""Setting up and changing the sources that a library harvests."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid, StaleVersion
from tangthu.libraries.models import Library
from tangthu.protocols.errors import SourceTaken
from tangthu.protocols.models import HarvestEvery, HarvestSource, MetadataPrefix
from tangthu.protocols.permissions import ProtocolPermission
from tangthu.text import normalise

_AUDITED = frozenset({"token"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceData:
    """A source as staff describe it."""

    name: str
    address: str
    prefix: str = MetadataPrefix.MARC21
    set_spec: str = ""
    every_hours: int = HarvestEvery.WEEK
    is_active: bool = True


@transaction.atomic
def add_source(data: SourceData, *, library: Library, by: Actor) -> HarvestSource:
    """Set up a source, whose first time has come. Raises Invalid, SourceTaken."""
    by.require(ProtocolPermission.HARVEST, at=library.pk)
    source = HarvestSource(library=library, user_id=by.user_id, next_at=timezone.now())
    _describe(source, data)
    _save(source)
    _tell("harvest.source_added", source, by=by)
    return source


@transaction.atomic
def change_source(
    source: HarvestSource, data: SourceData, *, version: int, by: Actor
) -> HarvestSource:
    """Describe a source anew; whoever does answers for it from then on.

    Another address, form or set begins from the beginning. Raises StaleVersion, Invalid,
    SourceTaken.
    """
    by.require(ProtocolPermission.HARVEST, at=source.library_id)
    locked = HarvestSource.objects.select_for_update().get(pk=source.pk)
    if locked.version != version:
        raise StaleVersion(source=locked.pk)
    before = audit.snapshot(locked, hide=_AUDITED)
    asked = (locked.address, locked.prefix, locked.set_spec)
    _describe(locked, data)
    if (locked.address, locked.prefix, locked.set_spec) != asked:
        locked.since = locked.token = locked.asked_at = ""
    locked.user_id, locked.version = by.user_id, locked.version + 1
    locked.next_at = next_time(locked, timezone.now())
    _save(locked)
    _tell("harvest.source_changed", locked, by=by, before=before)
    return locked


def next_time(source: HarvestSource, now: datetime) -> datetime | None:
    """Return when the source is harvested next by itself; never where it is done by hand."""
    if not source.every_hours:
        return None
    last = source.finished_at
    return max(now, last + timedelta(hours=source.every_hours)) if last else now


def _describe(source: HarvestSource, data: SourceData) -> None:
    for name, value in asdict(data).items():
        setattr(source, name, normalise(value) if isinstance(value, str) else value)
    if not source.name:
        raise Invalid("name")
    if not source.address.startswith(("http://", "https://")):
        raise Invalid("address")
    if source.prefix not in MetadataPrefix.values:
        raise Invalid("metadata_prefix")
    if source.every_hours not in HarvestEvery.values:
        raise Invalid("every_hours")


def _save(source: HarvestSource) -> None:
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError as error:
        raise SourceTaken("address") from error


def _tell(
    action: str, source: HarvestSource, *, by: Actor, before: dict[str, object] | None = None
) -> None:
    audit.record(
        action,
        by=by,
        kind="harvest_source",
        key=source.pk,
        library=source.library_id,
        before=before,
        after=audit.snapshot(source, hide=_AUDITED),
    )
