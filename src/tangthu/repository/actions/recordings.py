"""Recordings: the copies of them that play everywhere."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from tangthu.repository import media, storage
from tangthu.repository.actions.events import note_event
from tangthu.repository.actions.rows import Measured, add_row
from tangthu.repository.errors import FileRefused, StoreFull
from tangthu.repository.models import (
    DigitalFile,
    DigitalObject,
    Recording,
)
from tangthu.repository.news import tell
from tangthu.repository.policy.kinds import EventKind, FileRole, ObjectKind, Outcome
from tangthu.repository.policy.media import (
    DEMUXERS,
    PLAYED_EVERYWHERE,
    Plan,
    Probed,
    fault_of,
    plan_for,
)

RECORDED = frozenset({ObjectKind.AUDIO, ObjectKind.VIDEO})


def make_playable(obj: DigitalObject) -> int:
    """Make what is played of each recording that waits; return how many became ready.

    May be begun again at any time. One that cannot be played keeps the fault, for staff to see, and
    the rest goes on. A film takes hours, so the object is not held against other work meanwhile:
    only against another worker that would encode the same.
    """
    if obj.kind not in RECORDED:
        return 0
    with storage.held(f"{obj.identifier}.playing"):
        waiting = obj.recordings.waiting().select_related("source", "object").order_by("position")
        return sum(_prepare(recording) for recording in waiting)


def waits_to_be_playable(obj: DigitalObject) -> bool:
    """Tell whether a recording of the object is not encoded yet."""
    return obj.kind in RECORDED and obj.recordings.waiting().exists()


@transaction.atomic
def register_recordings(obj: DigitalObject) -> None:
    """Make a recording of each file of sound or film that has none yet."""
    if obj.kind not in RECORDED:
        return
    found = obj.files.current().filter(media_type__in=sorted(DEMUXERS), recording=None)
    fresh = list(found.exclude(role=FileRole.DELIVERY).order_by("id"))
    last = obj.recordings.aggregate(last=Max("position"))["last"] or 0
    Recording.objects.bulk_create(
        Recording(object=obj, source=file, position=last + number)
        for number, file in enumerate(fresh, start=1)
    )


def _prepare(recording: Recording) -> int:
    source = recording.source
    # It may have gone into the archive while the one before was encoded.
    source.refresh_from_db(fields=["path"])
    if not media.is_installed():
        return _play_as_it_came(recording)
    film = source.media_type.startswith("video/")
    try:
        probed = media.probe(storage.path_of(source), source.media_type)
        fault = fault_of(probed, film=film)
        if fault:
            raise FileRefused(fault)
        copies = _copies(recording, probed)
    except StoreFull:
        raise
    except FileRefused as refusal:
        _fail(recording, refusal.fault)
        return 0
    return int(_keep(recording, probed, *copies))


def _play_as_it_came(recording: Recording) -> int:
    if recording.source.media_type not in PLAYED_EVERYWHERE:
        return 0
    _show(recording, delivery=recording.source, poster=None, probed=None)
    return 1


def _copies(recording: Recording, probed: Probed) -> tuple[Measured | None, Measured | None]:
    """Return the copy that is played, None where the source is; and a picture of a film."""
    source, obj = recording.source, recording.object
    path = storage.path_of(source)
    plan = plan_for(source.media_type, probed)
    played = None
    if plan != Plan.AS_IT_CAME:
        media_type, suffix = media.type_of_copy(probed)
        stored = storage.new_delivery(obj.identifier, suffix)
        target = storage.file_path(stored)
        media.encode(path, source.media_type, probed, plan=plan, target=target)
        played = _copy(stored, media_type, f"{source.identifier}{suffix}")
    poster = None
    if probed.video:
        stored = storage.new_delivery(obj.identifier, ".jpg")
        media.still(path, source.media_type, probed, target=storage.file_path(stored))
        poster = _copy(stored, "image/jpeg", f"{source.identifier}.jpg")
    return played, poster


def _copy(stored: str, media_type: str, name: str) -> Measured:
    digests = storage.settled(stored)
    return Measured(stored=stored, media_type=media_type, name=name, digests=digests)


@transaction.atomic
def _keep(
    recording: Recording, probed: Probed, played: Measured | None, poster: Measured | None
) -> bool:
    """Play the recording by this copy, unless another worker was first."""
    now = Recording.objects.select_for_update(no_key=True).filter(pk=recording.pk).first()
    if now is None or now.delivery_id:
        for copy in (played, poster):
            if copy is not None:
                storage.forget(copy.stored)
        return False
    delivery = recording.source if played is None else _row(recording.object, played)
    still = None if poster is None else _row(recording.object, poster)
    _show(recording, delivery=delivery, poster=still, probed=probed)
    return True


def _show(
    recording: Recording,
    *,
    delivery: DigitalFile,
    poster: DigitalFile | None,
    probed: Probed | None,
) -> None:
    recording.delivery, recording.poster = delivery, poster
    if probed is not None:
        recording.duration = probed.duration
        recording.width, recording.height = probed.width or None, probed.height or None
    recording.save(update_fields=["delivery", "poster", "duration", "width", "height"])
    note_event(
        recording.object,
        EventKind.MIGRATION,
        by=media.ENCODER,
        file=recording.source,
        detail=delivery.name,
    )
    tell(recording.object)


def _fail(recording: Recording, fault: str) -> None:
    Recording.objects.filter(pk=recording.pk).update(fault=fault)
    note_event(
        recording.object,
        EventKind.MIGRATION,
        by=media.ENCODER,
        file=recording.source,
        outcome=Outcome.FAILURE,
        detail=fault,
    )


def _row(obj: DigitalObject, copy: Measured) -> DigitalFile:
    return add_row(obj, copy, role=FileRole.DELIVERY, by=media.ENCODER)
