"""Bringing back what was lost: reading copies from the masters, rows from the archive itself.

The archive tells of each object by itself (`describing`), so that neither the database nor the
folder of reading copies is needed to have the library again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tangthu.catalogue.models import Record
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.formats.ocfl import BadInventory, loads
from tangthu.formats.ocfl.inventory import INVENTORY
from tangthu.libraries.models import Library
from tangthu.repository import archive, storage
from tangthu.repository.actions.events import note_event
from tangthu.repository.actions.objects import lock
from tangthu.repository.actions.pages import draw_anew
from tangthu.repository.actions.preserving import DESCRIPTION, make_ready
from tangthu.repository.errors import ArchiveBroken
from tangthu.repository.models import (
    Collection,
    DigitalFile,
    DigitalObject,
    ObjectRecord,
    Page,
    Section,
)
from tangthu.repository.news import tell
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.kinds import Access, EventKind, ObjectKind, Restriction, State
from tangthu.text import fold, sort_key

logger = logging.getLogger("tangthu.repository")

Told = Mapping[str, Any]
"""The description of an object as it lies in the archive: JSON of our own writing."""


def lost_pages(obj: DigitalObject) -> list[Page]:
    """Return the pages whose reading copy is not where it should be. Asks the disk for each."""
    pages = obj.pages.ready().select_related("delivery")
    return [page for page in pages if page.delivery and not _is_there(page.delivery)]


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
    for inventory in sorted(archive.ensure_root().glob(f"*/*/*/*/{INVENTORY}")):
        try:
            yield loads(inventory.read_text(encoding="utf-8")).id
        except (OSError, BadInventory):
            logger.exception("inventory not readable", extra={"path": str(inventory)})


def restore_object(identifier: str, *, library: Library | None = None, by: Actor) -> bool:
    """Make the rows of an archived object again, as a draft, and draw its pages.

    False where the object is known already. It belongs to the library that the archive names, or to
    `library` where none has its code; to those of its records and collections that still are.
    Staff look at it and publish it. Raises ArchiveBroken where the archive does not tell.
    """
    if DigitalObject.objects.filter(identifier=identifier).exists():
        return False
    told = _told(identifier)
    home = Library.objects.filter(code=told["library"]["code"]).first() or library
    if home is None:
        raise ArchiveBroken(object=identifier, library=told["library"]["code"])
    by.require(RepositoryPermission.EDIT_OBJECTS, at=home.pk)
    with transaction.atomic():
        obj = _object(identifier, told, home, by=by)
        files = _files(obj, told)
        _pages(obj, told, files)
        note_event(obj, EventKind.INGESTION, by=by.name, detail="restored from the archive")
        audit.record("object.restored", by=by, kind="object", key=obj.pk, library=home.pk)
        tell(obj)
    make_ready(obj, by=by)
    return True


def _is_there(file: DigitalFile) -> bool:
    return storage.delivery_path(file).exists()


def _told(identifier: str) -> Told:
    stored = archive.stored_path(identifier, DESCRIPTION)
    if stored is None:
        raise ArchiveBroken(object=identifier)
    try:
        told: Told = json.loads(storage.file_path(stored).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArchiveBroken(object=identifier) from error
    return told


def _object(identifier: str, told: Told, library: Library, *, by: Actor) -> DigitalObject:
    now, until = timezone.now(), told["embargo_until"]
    inventory = archive.inventory_of(identifier)
    obj = DigitalObject.objects.create(
        identifier=identifier,
        library=library,
        title=told["title"],
        title_key=sort_key(told["title"]),
        folded_title=fold(told["title"]),
        description=told["description"],
        kind=ObjectKind(told["kind"]),
        languages=" ".join(told["languages"]),
        rights=told["rights"]["code"],
        rights_note=told["rights"]["note"],
        access=Access(told["access"]),
        embargo_until=date.fromisoformat(until) if until else None,
        restriction=Restriction(told["restriction"]),
        watermark=told.get("watermark", False),
        consent_note=told["consent"],
        provenance=told["provenance"],
        state=State.DRAFT,
        preserved_version=inventory.head if inventory else 0,
        created_at=now,
        updated_at=now,
        created_by=by.name,
    )
    obj.collections.set(Collection.objects.filter(path__in=told["collections"]))
    for position, each in enumerate(told["records"]):
        record = _record(each)
        if record is not None:
            ObjectRecord.objects.create(object=obj, record=record, position=position)
    return obj


def _record(told: Told) -> Record | None:
    """Return the record that is meant: by its control number, which outlives its row's."""
    found = Record.objects.without_marc().filter(control_number=told["control_number"])
    return found.filter(control_agency=told["agency"]).order_by("pk").first()


def _files(obj: DigitalObject, told: Told) -> dict[str, DigitalFile]:
    found = {each["path"]: _file(obj, each) for each in told["files"]}
    return {path: file for path, file in found.items() if file is not None}


def _file(obj: DigitalObject, told: Told) -> DigitalFile | None:
    stored = archive.stored_path(obj.identifier, told["path"])
    if stored is None:
        logger.error("file not in the archive", extra={"object": obj.identifier})
        return None
    return DigitalFile.objects.create(
        object=obj,
        identifier=told["path"].split("/")[1],
        role=told["role"],
        name=told["name"],
        media_type=told["media_type"],
        size=told["size"],
        sha256=told["sha256"],
        path=stored,
        preserved_version=_version_of(stored),
        created_at=datetime.fromisoformat(told["created_at"]),
    )


def _version_of(stored: str) -> int:
    """Return the number of the version in whose folder a stored file lies."""
    return int(stored.split("/content/")[0].rpartition("/v")[2])


def _pages(obj: DigitalObject, told: Told, files: Mapping[str, DigitalFile]) -> None:
    pages = Page.objects.bulk_create(
        Page(
            object=obj,
            identifier=each["identifier"],
            position=each["position"],
            label=each["label"],
            master=files.get(each["file"]),
            frame=each["frame"],
            rotation=each["rotation"],
            outline=each.get("outline"),
        )
        for each in told["pages"]
    )
    _sections(obj, told["sections"], {page.position: page for page in pages})


def _sections(obj: DigitalObject, told: Sequence[Told], pages: Mapping[int, Page]) -> None:
    Section.objects.bulk_create(
        Section(
            object=obj,
            title=each["title"],
            level=each["level"],
            first_page=pages[each["page"]],
            position=position,
        )
        for position, each in enumerate(told, 1)
        if each["page"] in pages
    )
