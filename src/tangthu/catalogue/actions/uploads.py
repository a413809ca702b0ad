"""Files that staff hand in by the web: kept until their import is over, and no longer."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from tangthu.catalogue.actions.imports import ImportOptions, is_alive, open_job
from tangthu.catalogue.errors import ImportFileGone
from tangthu.catalogue.importing.source import facts_of, require_marc
from tangthu.catalogue.models import OPEN_STATES, ImportJob, ImportState
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library

UPLOADS = "imports"
KEPT = timedelta(days=30)


def receive(
    upload: File[bytes], options: ImportOptions, *, library: Library, by: Actor
) -> ImportJob:
    """Keep an uploaded file and return the job that is to bring it in.

    Raises ImportRunning, and what `require_marc` raises; nothing is kept then.
    """
    by.require(CataloguePermission.IMPORT_RECORDS, at=library.pk)
    name = default_storage.save(f"{UPLOADS}/{secrets.token_hex(8)}.marc", upload)
    try:
        path = Path(default_storage.path(name))
        require_marc(path)
        facts = facts_of(path, name=upload.name or name, stored=name)
        return open_job(facts, options, library=library, by=by)
    except BaseException:
        default_storage.delete(name)
        raise


@transaction.atomic
def queue_again(job: ImportJob, *, by: Actor) -> ImportJob:
    """Let a job that stopped half way wait for its turn once more.

    Raises ImportFileGone when its file is not kept any longer; a job that is over or at work is
    left as it is.
    """
    by.require(CataloguePermission.IMPORT_RECORDS, at=job.library_id)
    locked = ImportJob.objects.select_for_update().get(pk=job.pk)
    if not locked.stored_file or not default_storage.exists(locked.stored_file):
        raise ImportFileGone(job=job.pk)
    if locked.state in OPEN_STATES and not is_alive(locked, timezone.now()):
        locked.state, locked.error = ImportState.WAITING, ""
        locked.save(update_fields=["state", "error"])
    return locked


def forget_file(job: ImportJob) -> None:
    """Remove the uploaded file of a job that is over."""
    if job.stored_file and job.state not in OPEN_STATES:
        default_storage.delete(job.stored_file)
        ImportJob.objects.filter(pk=job.pk).update(stored_file="")


def forget_old_files(*, now: datetime) -> int:
    """Give up jobs that nobody went on with for a month, and remove what files are left."""
    old = ImportJob.objects.exclude(stored_file="").filter(created_at__lt=now - KEPT)
    count = 0
    for job in old:
        if is_alive(job, now):
            continue
        ImportJob.objects.filter(pk=job.pk, state__in=OPEN_STATES).update(
            state=ImportState.CANCELLED, held_by="", finished_at=now
        )
        job.refresh_from_db()
        forget_file(job)
        count += 1
    return count
