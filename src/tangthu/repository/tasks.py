from __future__ import annotations

import logging

from django_tasks import task

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted, TangthuError
from tangthu.core.queues import LONG
from tangthu.repository import storage
from tangthu.repository.actions import make_ready
from tangthu.repository.actions.batch_previews import forget_sent, keep_sent, look_through
from tangthu.repository.actions.batches import BatchData, open_batch, run_batch
from tangthu.repository.actions.files import Incoming
from tangthu.repository.actions.handing_out import give_up_export, write_export
from tangthu.repository.actions.ingest import take_in
from tangthu.repository.actions.preserving import draw_and_keep
from tangthu.repository.actions.recordings import waits_to_be_playable
from tangthu.repository.actions.uploads import finish_upload, note_fault
from tangthu.repository.actions.watching import Claim, claim_of, take_in_claim
from tangthu.repository.errors import FileRefused, StoreFull
from tangthu.repository.models import CollectionExport, DigitalObject, IngestBatch, Upload
from tangthu.repository.policy import limits
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
        _make_ready(upload.object, by=by)
    except StoreFull as full:
        # Nothing is wrong with the file: it stays, and is taken in once there is room.
        note_fault(upload, full.fault)
    except FileRefused as refusal:
        finish_upload(upload, fault=refusal.fault, of=str(refusal.data["name"]))
    except TangthuError as refusal:
        logger.warning("upload refused", extra={"code": refusal.code})
        finish_upload(upload, fault=refusal.code)


@task()
def make_object_ready(object_id: int) -> None:
    """Draw what waits to be drawn and archive what waits for it. May be begun again."""
    obj = DigitalObject.objects.filter(pk=object_id).first()
    if obj is not None:
        _make_ready(obj, by=Actor.machine("worker", face=Face.JOB))


@task(queue_name=LONG)
def finish_object(object_id: int) -> None:
    """Do what takes long: encode recordings, draw hundreds of pages. May be begun again."""
    obj = DigitalObject.objects.filter(pk=object_id).first()
    if obj is not None:
        make_ready(obj, by=Actor.machine("worker", face=Face.JOB))


@task(queue_name=LONG)
def take_in_watched(library_id: int, token: str) -> None:
    """Take in what was found in the watched folder, or go on with it."""
    take_in_claim(Claim(library_id, token))


@task(queue_name=LONG)
def go_on_with_batch(batch_id: int) -> None:
    """Bring a batch in, or go on with it."""
    batch = IngestBatch.objects.select_related("library").get(pk=batch_id)
    claim = claim_of(batch)
    if claim is not None:
        take_in_claim(claim)
        return
    forget_sent(run_batch(batch, by=_sender(batch.user_id, batch.library_id)))


@task(queue_name=LONG)
def hand_out_collection(export_id: int) -> None:
    """Write a collection that somebody waits for. May be begun again."""
    export = CollectionExport.objects.select_related("collection").filter(pk=export_id).first()
    if export is None:
        return
    try:
        write_export(export, by=_sender(export.user_id, export.library_id))
    except StoreFull as full:
        give_up_export(export, full.fault)
    except TangthuError as refusal:
        give_up_export(export, refusal.code)


def take_up_unfinished() -> int:
    """Queue again what lies undone, as after a full disk; return how much that is."""
    exports = list(CollectionExport.objects.unfinished().values_list("pk", flat=True))
    for pk in exports:
        hand_out_collection.enqueue(pk)
    uploads = list(Upload.objects.without_room().values_list("pk", flat=True))
    objects = list(DigitalObject.objects.unfinished().order_by("pk").values_list("pk", flat=True))
    batches = list(IngestBatch.objects.without_room().values_list("pk", flat=True))
    for pk in batches:
        go_on_with_batch.enqueue(pk)
    for pk in uploads:
        take_in_upload.enqueue(pk)
    for pk in objects:
        finish_object.enqueue(pk)
    return len(exports) + len(uploads) + len(objects) + len(batches)


def _make_ready(obj: DigitalObject, *, by: Actor) -> None:
    """Make the object ready, but leave what takes long to the queue of long work.

    So does an object that another worker holds: who waits for it would keep others waiting.
    """
    many = obj.pages.waiting().count() > limits.MANY_PAGES
    if many or storage.is_held(obj.identifier):
        finish_object.enqueue(obj.pk)
        return
    draw_and_keep(obj, by=by)
    if waits_to_be_playable(obj):
        finish_object.enqueue(obj.pk)


def _bring_in(upload: Upload, *, by: Actor) -> None:
    """Look through a batch that came whole; somebody checks it before it is taken in."""
    path = keep_sent(upload)
    begun = IngestBatch.objects.filter(library=upload.library, stored_path=str(path)).first()
    data = BatchData(name=upload.name, path=path)
    batch = begun or open_batch(data, library=upload.library, by=by)
    forget_sent(look_through(batch, by=by))
    finish_upload(upload, fault=batch.fault)


def _sender(user_id: int | None, library_id: int | None) -> Actor:
    user = User.objects.filter(pk=user_id or 0, is_active=True).first()
    if user is None:
        raise NotPermitted(user=user_id)
    return actor_for(user, face=Face.JOB, library_id=library_id)
