from __future__ import annotations

import logging

from django_tasks import task

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted, TangthuError
from tangthu.repository import storage
from tangthu.repository.actions import make_ready
from tangthu.repository.actions.batches import BatchData, open_batch, run_batch
from tangthu.repository.actions.files import Incoming
from tangthu.repository.actions.ingest import take_in
from tangthu.repository.actions.uploads import finish_upload
from tangthu.repository.actions.watching import Claim, take_in_claim
from tangthu.repository.errors import FileRefused
from tangthu.repository.models import DigitalObject, IngestBatch, Upload
from tangthu.repository.policy.outlines import outline_of

logger = logging.getLogger("tangthu.repository")


@task()
def take_in_upload(upload_id: int) -> None:
    """Take in a file that was sent, with the rights its sender has now. May be begun again."""
    upload = Upload.objects.select_related("object", "library").filter(pk=upload_id).first()
    if upload is None or upload.finished_at is not None:
        return
    try:
        by = _sender(upload.user_id, upload.library_id)
        if upload.object is None:
            _bring_in(upload, by=by)
            return
        path = storage.upload_path(upload.identifier)
        outline = outline_of(upload.outline) if upload.outline else None
        take_in(upload.object, Incoming(path, upload.name, outline), by=by)
        finish_upload(upload)
        make_ready(upload.object, by=by)
    except FileRefused as refusal:
        finish_upload(upload, fault=refusal.fault)
    except TangthuError as refusal:
        logger.warning("upload refused", extra={"code": refusal.code})
        finish_upload(upload, fault=refusal.code)


@task()
def make_object_ready(object_id: int) -> None:
    """Draw what waits to be drawn and archive what waits for it. May be begun again."""
    obj = DigitalObject.objects.filter(pk=object_id).first()
    if obj is not None:
        make_ready(obj, by=Actor.machine("worker", face=Face.JOB))


@task()
def take_in_watched(library_id: int, token: str) -> None:
    """Take in what was found in the watched folder, or go on with it."""
    take_in_claim(Claim(library_id, token))


@task()
def go_on_with_batch(batch_id: int) -> None:
    """Bring a batch in, or go on with it."""
    batch = IngestBatch.objects.select_related("library").get(pk=batch_id)
    run_batch(batch, by=_sender(batch.user_id, batch.library_id))


def _bring_in(upload: Upload, *, by: Actor) -> None:
    path = storage.upload_path(upload.identifier)
    batch = open_batch(BatchData(name=upload.name, path=path), library=upload.library, by=by)
    run_batch(batch, by=by)
    finish_upload(upload)


def _sender(user_id: int | None, library_id: int) -> Actor:
    user = User.objects.filter(pk=user_id or 0, is_active=True).first()
    if user is None:
        raise NotPermitted(user=user_id)
    return actor_for(user, face=Face.JOB, library_id=library_id)
