"""What the library does with descriptions. Every face calls these; nothing else writes them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from tangthu.catalogue import columns
from tangthu.catalogue.errors import NoSuchVersion, NoTitle
from tangthu.catalogue.models import MatchKey, Record, RecordVersion
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.core.errors import StaleVersion
from tangthu.formats.marc import storage
from tangthu.formats.marc.record import MarcRecord
from tangthu.libraries.models import Library

RECORD_CHANGED = "record"
"""The feed's word for a record that is new or different, or whose items are."""


@transaction.atomic
def add_record(
    marc: MarcRecord, *, library: Library, by: Actor, suppressed: bool = False
) -> Record:
    """Enter a description that belongs to the library. Raises NoTitle where 245 $a is empty."""
    by.require(CataloguePermission.EDIT_RECORDS, at=library.pk)
    _require_title(marc)
    now = timezone.now()
    record = Record(library=library, suppressed=suppressed, created_at=now, updated_at=now)
    columns.draw(record, marc)
    record.save(force_insert=True)
    _redraw_keys(record, marc)
    _tell("record.add", record, by=by, before={})
    return record


@transaction.atomic
def save_record(record: Record, marc: MarcRecord, *, version: int, by: Actor) -> Record:
    """Replace the description that was seen as `version`, and keep what was there before.

    Raises StaleVersion when somebody saved in between, NoTitle where 245 $a is empty. A
    description that did not change makes no new version.
    """
    by.require(CataloguePermission.EDIT_RECORDS, at=record.library_id)
    _require_title(marc)
    locked = Record.objects.select_for_update().get(pk=record.pk)
    if locked.version != version:
        raise StaleVersion(record=record.pk, seen=version, now=locked.version)
    if storage.dumps(marc) == locked.marc:
        return locked
    before = columns.as_told(locked)
    keep_version(locked, by=by)
    columns.draw(locked, marc)
    locked.version += 1
    locked.updated_at = timezone.now()
    locked.save()
    _redraw_keys(locked, marc)
    _tell("record.save", locked, by=by, before=before)
    return locked


def restore_version(record: Record, number: int, *, version: int, by: Actor) -> Record:
    """Make an earlier version the present one again; the present one is kept like any other.

    Raises NoSuchVersion, and what `save_record` raises.
    """
    kept = RecordVersion.objects.filter(record=record, number=number).first()
    if kept is None:
        raise NoSuchVersion(record=record.pk, version=number)
    return save_record(record, storage.loads(kept.marc), version=version, by=by)


def suppress(record: Record, *, by: Actor) -> Record:
    """Hide the record from the public. Its items and loans go on as before."""
    return _set_suppressed(record, hidden=True, by=by)


def unsuppress(record: Record, *, by: Actor) -> Record:
    """Show the record to the public again."""
    return _set_suppressed(record, hidden=False, by=by)


@transaction.atomic
def suppress_many(records: Iterable[int], *, hidden: bool, by: Actor) -> int:
    """Hide or show several records, and return how many changed.

    All or none: raises NotPermitted if one of them belongs to a library where the actor may not.
    """
    found = Record.objects.without_marc().filter(pk__in=list(records)).exclude(suppressed=hidden)
    chosen = sorted(found, key=lambda record: record.pk)
    for record in chosen:
        _set_suppressed(record, hidden=hidden, by=by)
    return len(chosen)


@transaction.atomic
def _set_suppressed(record: Record, *, hidden: bool, by: Actor) -> Record:
    by.require(CataloguePermission.SUPPRESS_RECORDS, at=record.library_id)
    locked = Record.objects.select_for_update().get(pk=record.pk)
    if locked.suppressed == hidden:
        return locked
    before = {"suppressed": locked.suppressed}
    locked.suppressed = hidden
    locked.updated_at = timezone.now()
    locked.save(update_fields=["suppressed", "updated_at"])
    audit.record(
        "record.suppress" if hidden else "record.unsuppress",
        by=by,
        kind="record",
        key=locked.pk,
        library=locked.library_id,
        before=before,
        after={"suppressed": hidden},
    )
    changes.append(RECORD_CHANGED, [locked.pk], library=locked.library_id)
    return locked


def keep_version(record: Record, *, by: Actor) -> None:
    """Keep the record as it now is under its present version number. For use by actions."""
    RecordVersion.objects.create(
        record=record,
        number=record.version,
        marc=record.marc,
        saved_at=record.updated_at,
        saved_by=by.name,
    )


def _require_title(marc: MarcRecord) -> None:
    if not (marc.value("245", "a") or "").strip():
        raise NoTitle("title")


def _redraw_keys(record: Record, marc: MarcRecord) -> None:
    """Make the match keys those that the description gives now."""
    wanted = set(columns.keys_of(columns.description_of(marc)))
    present = {(key.kind, key.key): key.pk for key in record.match_keys.all()}
    gone = [pk for pair, pk in present.items() if pair not in wanted]
    if gone:
        MatchKey.objects.filter(pk__in=gone).delete()
    MatchKey.objects.bulk_create(
        MatchKey(record=record, kind=kind, key=key)
        for kind, key in sorted(wanted.difference(present))
    )


def _tell(action: str, record: Record, *, by: Actor, before: dict[str, object]) -> None:
    audit.record(
        action,
        by=by,
        kind="record",
        key=record.pk,
        library=record.library_id,
        before=before,
        after=columns.as_told(record),
    )
    changes.append(RECORD_CHANGED, [record.pk], library=record.library_id)
