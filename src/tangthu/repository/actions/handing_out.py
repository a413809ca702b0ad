"""Collections asked for on a page: written by the worker, kept for some days, fetched."""

from __future__ import annotations

import zipfile
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.repository import storage
from tangthu.repository.actions.exporting import Progress, export_collection
from tangthu.repository.bags import Packed
from tangthu.repository.models import Collection, CollectionExport
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.room import told_when_full

KEPT = timedelta(days=3)


def ask_export(collection: Collection, *, by: Actor) -> CollectionExport:
    """Note that the actor wants the collection as one file; twice is once.

    Raises NotPermitted where the actor may hand out nothing, or is nobody of the staff.
    """
    by.require(RepositoryPermission.PRESERVE)
    if by.user_id is None:
        raise NotPermitted(permission=str(RepositoryPermission.PRESERVE))
    now = timezone.now()
    try:
        with transaction.atomic():
            return CollectionExport.objects.create(
                collection=collection,
                library_id=by.library_id,
                user_id=by.user_id,
                asked_at=now,
                expires_at=now + KEPT,
            )
    except IntegrityError:
        asked = CollectionExport.objects.unfinished().filter(user_id=by.user_id)
        return asked.get(collection=collection)


def write_export(export: CollectionExport, *, by: Actor) -> None:
    """Write the file, from the beginning where a worker died. It is there whole or not at all.

    Raises StoreFull, and NotPermitted where the actor may hand out nothing any more.
    """
    with storage.held(f"export-{export.identifier}", wait=False) as is_ours:
        if not is_ours or not CollectionExport.objects.unfinished().filter(pk=export.pk).exists():
            return
        path = storage.export_path(export.identifier)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        try:
            with (
                told_when_full(path.name),
                zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED, allowZip64=True) as archive,
            ):
                sink = Packed(archive, f"{export.collection.code}/")
                counts = export_collection(
                    export.collection, sink, by=by, tell=lambda told: _note(export, told)
                )
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        export.withheld, export.damaged = counts["withheld"], counts["damaged"]
        export.size = path.stat().st_size
        _finish(export)


def give_up_export(export: CollectionExport, fault: str) -> None:
    """Note why there is no file."""
    export.fault = fault
    _finish(export)


def forget_exports(*, now: datetime) -> int:
    """Remove the files whose days are over; return how many."""
    count = 0
    for export in CollectionExport.objects.expired(now=now):
        storage.export_path(export.identifier).unlink(missing_ok=True)
        export.delete()
        count += 1
    return count


def _note(export: CollectionExport, told: Progress) -> None:
    rows = CollectionExport.objects.filter(pk=export.pk)
    rows.update(done=told.done, total=told.total)
    export.done, export.total = told.done, told.total


def _finish(export: CollectionExport) -> None:
    now = timezone.now()
    export.finished_at, export.expires_at = now, now + KEPT
    export.save(update_fields=["finished_at", "expires_at", "withheld", "damaged", "size", "fault"])
