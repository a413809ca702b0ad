"""What the library does with a file of records: open a job, bring records in, stop, finish.

A job is held by one process at a time. Each batch commits records, items, keys, news, notes and
the job's position together, and only while the job is still held: a process that was given up
for dead cannot write a line after another took over.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tangthu.catalogue import columns
from tangthu.catalogue.actions import bulk
from tangthu.catalogue.actions.records import RECORD_CHANGED
from tangthu.catalogue.errors import ImportLost, ImportRunning
from tangthu.catalogue.importing.drafts import Draft, Note
from tangthu.catalogue.importing.holder import Holder, is_gone
from tangthu.catalogue.importing.places import location_code
from tangthu.catalogue.importing.planning import Plan, Planner, Target
from tangthu.catalogue.importing.source import FileFacts
from tangthu.catalogue.models import (
    OPEN_STATES,
    ImportJob,
    ImportNote,
    ImportState,
    MatchKey,
    RecordVersion,
)
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.libraries.actions import LocationData, add_location
from tangthu.libraries.models import Library, Location
from tangthu.libraries.permissions import LibrariesPermission

LEASE = timedelta(seconds=30)
"""How long a silent holder on another machine is believed to be alive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How a file is to be imported."""

    on_duplicate: str
    item_profile: str
    dry_run: bool = False


def open_job(file: FileFacts, options: ImportOptions, *, library: Library, by: Actor) -> ImportJob:
    """Return the job for this file in this library: the one that stopped half way, or a new one.

    A job left half way with other options is closed, and the file begins anew. Raises
    ImportRunning while a living process holds the job.
    """
    by.require(CataloguePermission.IMPORT_RECORDS, at=library.pk)
    try:
        with transaction.atomic():
            return _find_or_make(file, options, library, by)
    except IntegrityError as error:
        raise ImportRunning(file=file.name) from error


@transaction.atomic
def take(job: ImportJob, holder: Holder) -> ImportJob:
    """Hold the job, and return it as it stands now.

    Raises ImportRunning while another living process holds it, ImportLost once it is over.
    """
    now = timezone.now()
    locked = ImportJob.objects.select_for_update().get(pk=job.pk)
    if locked.state not in OPEN_STATES:
        raise ImportLost(job=job.pk, state=locked.state)
    if is_alive(locked, now):
        raise ImportRunning(file=locked.file_name, job=locked.pk)
    locked.state = ImportState.RUNNING
    locked.held_by = holder.name
    locked.started_at = locked.beat_at = now
    locked.resumed_from = locked.position
    locked.error = ""
    locked.save()
    return locked


def bring_in(
    job: ImportJob, drafts: Sequence[Draft], planner: Planner, *, holder: Holder, by: Actor
) -> Plan:
    """Enter a batch of the file, and move the job behind it: all of it, or nothing.

    A trial run plans the batch and moves the job alone; a job that is not stored is only counted
    on. Raises ImportLost, with nothing written, when the job was cancelled or taken over.
    """
    by.require(CataloguePermission.IMPORT_RECORDS, at=job.library_id)
    with transaction.atomic():
        began, worked = time.perf_counter(), time.thread_time()
        now = timezone.now()
        if job.is_stored:
            _require_held(job, holder, now)
        if not job.dry_run:
            _stand_in_line()
            _open_places(planner, drafts, by)
        plan = planner.plan(drafts, now=now, today=timezone.localdate(now))
        if not job.dry_run:
            _write(plan, job, by)
        sums = _sums(job, plan) | {"beat_at": now}
        if job.is_stored:
            ImportJob.objects.filter(pk=job.pk).update(**sums)
    plan.held, plan.worked = time.perf_counter() - began, time.thread_time() - worked
    for name, value in sums.items():
        setattr(job, name, value)
    return plan


@transaction.atomic
def stop(job: ImportJob, state: ImportState, *, holder: Holder, error: str = "") -> ImportJob:
    """Let go of the job: done, paused half way, or failed for a reason. No-op if it was lost."""
    now = timezone.now()
    locked = ImportJob.objects.select_for_update().get(pk=job.pk)
    if locked.held_by != holder.name or locked.state != ImportState.RUNNING:
        return locked
    locked.state = state
    locked.error = error
    locked.held_by = ""
    locked.finished_at = None if state == ImportState.PAUSED else now
    locked.save(update_fields=["state", "error", "held_by", "finished_at"])
    return locked


@transaction.atomic
def finish(job: ImportJob, *, holder: Holder, by: Actor) -> ImportJob:
    """Close the job as done, and write its sums into the audit log."""
    stopped = stop(job, ImportState.DONE, holder=holder)
    if stopped.state == ImportState.DONE and not stopped.dry_run:
        _tell("import.finish", stopped, by=by)
    return stopped


@transaction.atomic
def cancel_job(job: ImportJob, *, by: Actor) -> ImportJob:
    """End the job where it stands. What it brought stays; whoever runs it stops at once."""
    by.require(CataloguePermission.IMPORT_RECORDS, at=job.library_id)
    locked = ImportJob.objects.select_for_update().get(pk=job.pk)
    if locked.state in OPEN_STATES:
        locked.state = ImportState.CANCELLED
        locked.held_by = ""
        locked.finished_at = timezone.now()
        locked.save(update_fields=["state", "held_by", "finished_at"])
        _tell("import.cancel", locked, by=by)
    return locked


def is_alive(job: ImportJob, now: datetime) -> bool:
    """Tell whether some process holds the job and shows that it lives."""
    if job.state != ImportState.RUNNING or not job.held_by or job.beat_at is None:
        return False
    return now - job.beat_at < LEASE and not is_gone(job.held_by)


def _find_or_make(
    file: FileFacts, options: ImportOptions, library: Library, by: Actor
) -> ImportJob:
    now = timezone.now()
    same = ImportJob.objects.select_for_update().open()
    found = same.filter(library=library, file_digest=file.digest, dry_run=options.dry_run).first()
    if found is not None:
        if is_alive(found, now):
            raise ImportRunning(file=found.file_name, job=found.pk)
        if (found.on_duplicate, found.item_profile) == (options.on_duplicate, options.item_profile):
            return _with_file(found, file)
        found.state, found.finished_at = ImportState.CANCELLED, now
        found.save(update_fields=["state", "finished_at"])
    job = new_job(file, options, library=library, by=by)
    job.created_at = now
    job.save()
    _tell("import.open", job, by=by)
    return job


def new_job(file: FileFacts, options: ImportOptions, *, library: Library, by: Actor) -> ImportJob:
    """Return a job that is not stored: a trial run at the command line counts on it."""
    return ImportJob(
        library=library,
        file_name=file.name[:255],
        file_digest=file.digest,
        file_size=file.size,
        stored_file=file.stored,
        on_duplicate=options.on_duplicate,
        item_profile=options.item_profile,
        dry_run=options.dry_run,
        user_id=by.user_id,
        created_by=by.name,
    )


def _with_file(job: ImportJob, file: FileFacts) -> ImportJob:
    if file.stored and file.stored != job.stored_file:
        if job.stored_file:
            transaction.on_commit(partial(default_storage.delete, job.stored_file))
        job.stored_file = file.stored
        job.save(update_fields=["stored_file"])
    return job


def _require_held(job: ImportJob, holder: Holder, now: datetime) -> None:
    """Lock the job's row, or learn that the job is not ours any more."""
    held = ImportJob.objects.filter(
        pk=job.pk, state=ImportState.RUNNING, held_by=holder.name, position=job.position
    )
    if not held.update(beat_at=now):
        raise ImportLost(job=job.pk)


def _stand_in_line() -> None:
    """Let one batch after another look for duplicates, whatever jobs they belong to.

    On PostgreSQL two batches at once would not see what the other brings. The lock on the root
    of the tree is one that lending and describing do not wait for.
    """
    if connection.features.has_select_for_update:
        list(Library.objects.select_for_update(no_key=True).filter(parent=None).values_list("pk"))


def _open_places(planner: Planner, drafts: Sequence[Draft], by: Actor) -> None:
    """Open a location for each place in the file that is new, where the actor may do so."""
    library = planner.library
    if not by.may(LibrariesPermission.MANAGE_LIBRARIES, at=library.pk):
        return
    for name in dict.fromkeys(copy.location for draft in drafts for copy in draft.copies):
        if name and planner.places.location(name) is None:
            planner.places.remember(_open_place(library, name, by), name)


def _open_place(library: Library, name: str, by: Actor) -> Location:
    code = location_code(name)
    opened_meanwhile = library.locations.filter(code=code).first()
    if opened_meanwhile is not None:
        return opened_meanwhile
    return add_location(library, LocationData(code=code, name=columns.storable(name)[:120]), by=by)


def _write(plan: Plan, job: ImportJob, by: Actor) -> None:
    bulk.insert_instances([target.record for target in plan.new])
    _rewrite(plan, job, by)
    bulk.insert(
        MatchKey,
        ("record", "kind", "key"),
        [(target.record.pk, *key) for target in plan.new for key in target.keys],
    )
    for target, item in plan.items:
        item.record_id = target.record.pk
    bulk.insert_instances([item for _, item in plan.items])
    touched = dict.fromkeys([*plan.new, *plan.changed, *(target for target, _ in plan.items)])
    changes.append(RECORD_CHANGED, [t.record.pk for t in touched], library=job.library_id)
    bulk.insert(
        ImportNote,
        ("job", "index", "offset", "kind", "reason", "detail", "raw", "record"),
        [_note_row(job, *noted) for noted in plan.notes],
    )


def _note_row(job: ImportJob, draft: Draft, note: Note, target: Target | None) -> bulk.Row:
    return (
        job.pk,
        draft.index,
        draft.offset,
        note.kind.value,
        str(note.reason),
        note.detail,
        note.raw,
        target.record.pk if target else None,
    )


def _rewrite(plan: Plan, job: ImportJob, by: Actor) -> None:
    """Store the records that the file changed, each with the version before."""
    changed = list(plan.changed)
    if not changed:
        return
    name = f"{by.name} ({job.file_name})"[:150]
    RecordVersion.objects.bulk_create(
        [
            RecordVersion(
                record_id=target.record.pk,
                number=target.record.version,
                marc=target.before,
                saved_at=target.record.updated_at,
                saved_by=name,
            )
            for target in changed
        ]
    )
    for target in changed:
        target.record.version += 1
        target.record.save(force_update=True)
    _redraw_keys(changed)


def _redraw_keys(changed: list[Target]) -> None:
    rows = MatchKey.objects.filter(record__in=[target.record.pk for target in changed])
    present = {(row.record_id, row.kind, row.key): row.pk for row in rows}
    wanted = {(target.record.pk, *key) for target in changed for key in target.keys}
    MatchKey.objects.filter(pk__in=[present[key] for key in present.keys() - wanted]).delete()
    MatchKey.objects.bulk_create(
        MatchKey(record_id=record, kind=kind, key=key)
        for record, kind, key in sorted(wanted - present.keys())
    )


def _sums(job: ImportJob, plan: Plan) -> dict[str, object]:
    counts = plan.counts
    return {name: getattr(job, name) + getattr(counts, name) for name in _COUNTED} | {
        "position": plan.end
    }


_COUNTED = (
    "read",
    "imported",
    "merged",
    "skipped",
    "rejected",
    "items_added",
    "items_skipped",
    "repaired",
)


def _tell(action: str, job: ImportJob, *, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="import",
        key=job.pk,
        library=job.library_id,
        after={"file": job.file_name, "on_duplicate": job.on_duplicate}
        | {name: getattr(job, name) for name in _COUNTED},
    )
