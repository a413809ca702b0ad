"""What the worker does with what was taken in: reading copies, then the archive.

Each step may be begun again at any time: what is done already is not done twice.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from tangthu.core import changes
from tangthu.core.actor import Actor
from tangthu.repository import archive, storage
from tangthu.repository.actions.events import note_event
from tangthu.repository.actions.recordings import make_playable, register_recordings
from tangthu.repository.actions.rows import Measured, add_row
from tangthu.repository.describing import written
from tangthu.repository.errors import ArchiveBroken, FileDamaged, FileRefused, StoreFull
from tangthu.repository.models import DigitalFile, DigitalObject, Page
from tangthu.repository.news import OBJECT_CHANGED, tell
from tangthu.repository.policy.content import TIFF
from tangthu.repository.policy.kinds import PRESERVED, EventKind, FileRole, Outcome
from tangthu.repository.renderer import Renderer, Size
from tangthu.repository.room import told_when_full

logger = logging.getLogger("tangthu.repository")

RENDERER = "libvips"
DESCRIPTION = "metadata/object.json"
CONSUMER = "descriptions"
MOST_NEWS = 5_000


def make_ready(obj: DigitalObject, *, by: Actor) -> int:
    """Make what readers are shown and put the masters into the archive.

    Returns how many pages were drawn and recordings made playable.
    """
    return draw_and_keep(obj, by=by) + make_playable(obj)


def draw_and_keep(obj: DigitalObject, *, by: Actor) -> int:
    """Draw the pages and put the masters into the archive; return how many were drawn.

    Recordings are kept too, but not encoded: that takes hours (`make_playable`).
    """
    with storage.held(obj.identifier):
        drawn = _prepare_pages(obj)
        register_recordings(obj)
        _preserve(obj, by=by)
    return drawn


def prepare_pages(obj: DigitalObject) -> int:
    """Make the reading copy of each page that has none; return how many were made.

    A page whose master cannot be drawn keeps the fault, for staff to see, and the rest goes on.
    """
    with storage.held(obj.identifier):
        return _prepare_pages(obj)


def _prepare_pages(obj: DigitalObject) -> int:
    count = 0
    with Renderer() as renderer:
        for page in obj.pages.waiting().select_related("master", "object").order_by("position"):
            count += _prepare(obj, page, renderer)
    return count


def preserve(obj: DigitalObject, *, by: Actor) -> int:
    """Put what was taken in into the archive as one version; return the version's number.

    Holds the object against other writers, here and on other machines that share the store.
    Raises FileDamaged for a file that is not what it was when it came, ArchiveBroken.
    """
    with storage.held(obj.identifier):
        return _preserve(obj, by=by)


def preserve_descriptions(*, by: Actor) -> int:
    """Put the descriptions that were changed since into the archive; return how many.

    Reads the feed from where it stopped the last time, so that what nobody touched is not read.
    """
    news = changes.read(changes.position(CONSUMER), kinds=(OBJECT_CHANGED,), limit=MOST_NEWS)
    if not news:
        return 0
    told = {int(each.key) for each in news}
    rows = DigitalObject.objects.filter(pk__in=told, preserved_version__gt=0).order_by("pk")
    count = sum(_preserve_description(obj, by=by) for obj in rows)
    changes.acknowledge(CONSUMER, changes.position_of(news[-1]))
    return count


def _preserve_description(obj: DigitalObject, *, by: Actor) -> bool:
    with storage.held(obj.identifier):
        try:
            before = _archived_description(obj)
            if before == _lasting(written(obj)):
                return False
            _preserve(obj, by=by, anyway=True)
        except ArchiveBroken:
            logger.exception("archive broken", extra={"object": obj.identifier})
            return False
    return True


def _archived_description(obj: DigitalObject) -> object:
    stored = archive.stored_path(obj.identifier, DESCRIPTION)
    if stored is None:
        return None
    return _lasting(storage.file_path(stored).read_text(encoding="utf-8"))


def _lasting(described: str) -> object:
    """Return what of a description makes a new version: events are told with the next one."""
    told = json.loads(described)
    return {name: value for name, value in told.items() if name != "events"}


def _preserve(obj: DigitalObject, *, by: Actor, anyway: bool = False) -> int:
    obj.refresh_from_db()
    fresh = list(DigitalFile.objects.filter(object=obj).to_preserve())
    gone = DigitalFile.objects.filter(object=obj, role__in=sorted(PRESERVED))
    drop = frozenset(each.logical_path for each in gone.exclude(replaced_at=None))
    if not fresh and not anyway and not _has_to_drop(obj, drop):
        return obj.preserved_version
    with told_when_full():
        version = _write_version(obj, fresh, drop=drop, by=by)
    _remember(obj, fresh, version)
    return version.version


def _prepare(obj: DigitalObject, page: Page, renderer: Renderer) -> int:
    if page.master is None:
        return 0
    stored = storage.new_delivery(obj.identifier, ".tif")
    target = storage.file_path(stored)
    try:
        size = renderer.deliver(
            storage.path_of(page.master),
            page.master.media_type,
            frame=page.frame,
            rotation=page.rotation,
            target=target,
            outline=page.outline,
        )
    except StoreFull:
        raise
    except FileRefused as refusal:
        Page.objects.filter(pk=page.pk).update(fault=refusal.fault)
        note_event(
            obj,
            EventKind.MIGRATION,
            by=RENDERER,
            file=page.master,
            outcome=Outcome.FAILURE,
            detail=refusal.fault,
        )
        return 0
    return int(_keep_delivery(page, stored, storage.settled(stored), size))


@transaction.atomic
def _keep_delivery(page: Page, stored: str, digests: storage.Digests, size: Size) -> bool:
    """Show the page by this copy, unless it was turned or removed while it was drawn."""
    now = Page.objects.select_for_update().filter(pk=page.pk).first()
    if (
        now is None
        or now.delivery_id
        or (now.rotation, now.master_id, now.frame, now.outline)
        != (page.rotation, page.master_id, page.frame, page.outline)
    ):
        storage.forget(stored)
        return False
    obj = page.object
    drawn = Measured(stored=stored, name=f"{now.identifier}.tif", media_type=TIFF, digests=digests)
    file = add_row(obj, drawn, role=FileRole.DELIVERY, by=RENDERER, page=now)
    now.delivery, now.width, now.height = file, size.width, size.height
    now.save(update_fields=["delivery", "width", "height"])
    note_event(obj, EventKind.MIGRATION, by=RENDERER, file=page.master, detail=file.name)
    tell(obj)
    return True


def _has_to_drop(obj: DigitalObject, drop: frozenset[str]) -> bool:
    if not drop or not obj.preserved_version:
        return False
    inventory = archive.inventory_of(obj.identifier)
    return inventory is not None and bool(drop & inventory.state.keys())


def _write_version(
    obj: DigitalObject, fresh: Sequence[DigitalFile], *, drop: frozenset[str], by: Actor
) -> archive.Written:
    described = storage.file_path(storage.new_staging(obj.identifier))
    described.parent.mkdir(parents=True, exist_ok=True)
    described.write_text(written(obj), encoding="utf-8")
    try:
        additions = [_addition(file) for file in fresh]
        additions.append(_at(described, DESCRIPTION))
        words = f"{len(fresh)} files in, {len(drop)} out"
        note = archive.Note(created=timezone.now(), user=by.name or "tangthu", message=words)
        return archive.add_version(obj.identifier, additions, drop=drop, note=note)
    finally:
        described.unlink(missing_ok=True)


def _addition(file: DigitalFile) -> archive.Addition:
    path = storage.path_of(file)
    if not path.exists():
        # Its version was written and the row not: the power failed in between.
        return _in_archive(file)
    found = _at(path, file.logical_path)
    if found.digests.sha256 != file.sha256:
        raise FileDamaged(file=file.identifier, name=file.name)
    return found


def _in_archive(file: DigitalFile) -> archive.Addition:
    kept = archive.stored_path(file.object.identifier, file.logical_path)
    if kept is None:
        raise FileDamaged(file=file.identifier, name=file.name)
    return _at(storage.file_path(kept), file.logical_path)


def _at(path: Path, logical: str) -> archive.Addition:
    return archive.Addition(source=path, logical=logical, digests=storage.digests_of(path))


def _remember(obj: DigitalObject, fresh: Sequence[DigitalFile], written: archive.Written) -> None:
    staged = [file.path for file in fresh]
    with transaction.atomic():
        for file in fresh:
            file.path = written.paths[file.logical_path]
            file.preserved_version = written.version
            file.checked_at = timezone.now()
            file.save(update_fields=["path", "preserved_version", "checked_at"])
        DigitalObject.objects.filter(pk=obj.pk).update(preserved_version=written.version)
    obj.preserved_version = written.version
    for stored in staged:
        if not stored.startswith(f"{storage.MASTERS}/"):
            storage.forget(stored)
