"""Bringing back what was lost: reading copies from the masters, rows from the archive itself.

The archive tells of each object by itself (`describing`), so that neither the database nor the
folder of reading copies is needed to have the library again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from django.db import transaction

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.formats.ocfl import BadInventory, loads
from tangthu.libraries.models import Library
from tangthu.repository import archive, storage
from tangthu.repository.actions.events import note_event
from tangthu.repository.actions.objects import lock
from tangthu.repository.actions.pages import draw_anew
from tangthu.repository.actions.preserving import DESCRIPTION, make_ready
from tangthu.repository.actions.rebuilding import Parts, make_object, make_parts
from tangthu.repository.describing import rebuild_parts
from tangthu.repository.errors import ArchiveBroken
from tangthu.repository.models import DigitalFile, DigitalObject, Page
from tangthu.repository.news import tell
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy import descriptions
from tangthu.repository.policy.descriptions import Description, FileTold
from tangthu.repository.policy.kinds import EventKind

logger = logging.getLogger("tangthu.repository")


def lost_pages(obj: DigitalObject) -> list[Page]:
    """Return the pages whose reading copy is not where it should be. Asks the disk for each."""
    pages = obj.pages.ready().select_related("delivery")
    lost = storage.missing(page.delivery.path for page in pages if page.delivery)
    return [page for page in pages if page.delivery and page.delivery.path in lost]


def redraw_lost(obj: DigitalObject, *, by: Actor) -> int:
    """Let pages whose reading copy is lost wait for a new one; return how many.

    `make_ready` draws them from their masters. Raises ObjectWithdrawn.
    """
    by.require(RepositoryPermission.EDIT_OBJECTS, at=obj.library_id)
    lost = {page.pk for page in lost_pages(obj)}
    if not lost:
        return 0
    with transaction.atomic():
        locked = lock(obj)
        rows = locked.pages.select_for_update(of=("self",)).filter(pk__in=lost)
        for row in rows:
            draw_anew(row, [])
        note_event(
            locked, EventKind.MIGRATION, by=by.name, detail=f"{len(lost)} reading copies lost"
        )
        tell(locked)
    return len(lost)


def archived_identifiers() -> Iterator[str]:
    """Yield the identifier of each object that lies in the archive, whoever knows of it."""
    for stored in archive.inventories():
        try:
            yield loads(storage.text_of(stored)).id
        except (OSError, BadInventory):
            logger.exception("inventory not readable", extra={"path": stored})


def restore_object(identifier: str, *, library: Library | None = None, by: Actor) -> bool:
    """Make the rows of an archived object again, as a draft, and draw its pages.

    False where the object is known already. It belongs to the library that the archive names, or to
    `library` where none has its code. Its pages, contents, texts, recordings and captions come
    back with it, its records and collections where they are missing. Staff look at it and publish
    it. Raises ArchiveBroken where the archive does not tell.
    """
    if DigitalObject.objects.filter(identifier=identifier).exists():
        return False
    told = _told(identifier)
    home = Library.objects.filter(code=told.library.code).first() or library
    if home is None:
        raise ArchiveBroken(object=identifier, library=told.library.code)
    by.require(RepositoryPermission.EDIT_OBJECTS, at=home.pk)
    with transaction.atomic():
        obj = make_object(told, library=home, by=by)
        files = _files(obj, told)
        make_parts(obj, Parts(told, files, storage.path_of), by=by)
        inventory = archive.inventory_of(identifier)
        obj.preserved_version = inventory.head if inventory else 0
        obj.save(update_fields=["preserved_version"])
        rebuild_parts(obj, told, by=by)
        note_event(obj, EventKind.INGESTION, by=by.name, detail="restored from the archive")
        audit.record("object.restored", by=by, kind="object", key=obj.pk, library=home.pk)
        tell(obj)
    make_ready(obj, by=by)
    return True


def _told(identifier: str) -> Description:
    stored = archive.stored_path(identifier, DESCRIPTION)
    if stored is None:
        raise ArchiveBroken(object=identifier)
    try:
        told = descriptions.read(storage.file_path(stored).read_bytes())
    except (OSError, descriptions.Unreadable) as error:
        raise ArchiveBroken(object=identifier) from error
    if told.identifier != identifier:
        raise ArchiveBroken(object=identifier)
    return told


def _files(obj: DigitalObject, told: Description) -> dict[str, DigitalFile]:
    places = archive.stored_paths(obj.identifier)
    found: dict[str, DigitalFile] = {}
    for each in told.files:
        if each.path in places:
            found[each.path] = _file(obj, each, places[each.path])
        else:
            logger.error("file not in the archive", extra={"object": obj.identifier})
    return found


def _file(obj: DigitalObject, told: FileTold, stored: str) -> DigitalFile:
    return DigitalFile.objects.create(
        object=obj,
        identifier=told.path.split("/")[1],
        role=told.role,
        name=told.name,
        media_type=told.media_type,
        size=told.size,
        sha256=told.sha256,
        path=stored,
        frames=told.frames,
        preserved_version=_version_of(stored),
        created_at=told.created_at,
    )


def _version_of(stored: str) -> int:
    """Return the number of the version in whose folder a stored file lies."""
    return int(stored.split("/content/")[0].rpartition("/v")[2])
