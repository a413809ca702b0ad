from __future__ import annotations

import logging
from pathlib import Path

from django.core.files.storage import default_storage
from django_tasks import task

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.catalogue.actions import provide_item_types
from tangthu.catalogue.actions.imports import stop, take
from tangthu.catalogue.actions.uploads import forget_file
from tangthu.catalogue.errors import ImportFileGone, ImportLost, ImportRunning
from tangthu.catalogue.importing.holder import Holder
from tangthu.catalogue.importing.running import run_import
from tangthu.catalogue.models import ImportJob, ImportState
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted, TangthuError

logger = logging.getLogger("tangthu.imports")


@task()
def bring_in_file(job_id: int) -> None:
    """Import an uploaded file with the rights that its sender has now. May be begun again."""
    job, holder = ImportJob.objects.select_related("library").get(pk=job_id), Holder()
    try:
        job = take(job, holder)
    except (ImportRunning, ImportLost):
        return
    try:
        provide_item_types()
        run_import(job, _path(job), by=_sender(job), holder=holder)
    except ImportLost:
        logger.info("import cancelled", extra={"count": job.read})
    except TangthuError as error:
        stop(job, ImportState.FAILED, holder=holder, error=error.code)
        logger.warning("import refused", extra={"code": error.code})
    job.refresh_from_db()
    forget_file(job)


def _path(job: ImportJob) -> Path:
    if not job.stored_file or not default_storage.exists(job.stored_file):
        raise ImportFileGone(job=job.pk)
    return Path(default_storage.path(job.stored_file))


def _sender(job: ImportJob) -> Actor:
    user = User.objects.filter(pk=job.user_id or 0, is_active=True).first()
    if user is None:
        raise NotPermitted(user=job.user_id)
    return actor_for(user, face=Face.JOB, library_id=job.library_id)
