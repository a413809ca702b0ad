"""Taking files in: what they are is found from their content, then they are copied and measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.repository import storage
from tangthu.repository.actions.events import note_event
from tangthu.repository.actions.objects import lock
from tangthu.repository.actions.rows import Measured, add_row
from tangthu.repository.archives import names_within, require_harmless
from tangthu.repository.errors import FileRefused, FileTooLarge, TooManyPages
from tangthu.repository.models import DigitalFile, DigitalObject, Page
from tangthu.repository.news import tell
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy import limits
from tangthu.repository.policy.content import (
    ARCHIVE_TYPES,
    HEAD,
    PAGE_TYPES,
    PDF,
    ZIP,
    media_type_of,
)
from tangthu.repository.policy.kinds import EventKind, FileRole, Outcome
from tangthu.repository.policy.names import safe_name
from tangthu.repository.policy.outlines import Outline, plain
from tangthu.repository.renderer import Renderer
from tangthu.repository.room import told_when_full
from tangthu.repository.scanning import Scan, scan_for_viruses


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that came in: where it lies now, and what its sender calls it.

    `outline` is where its page lies in the picture, if the sender said so. `frames` is how many
    pages it makes, where it was looked at already: that is not done twice.
    """

    path: Path
    name: str
    outline: Outline | None = None
    frames: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A file that was looked at and copied into the store, but has no row yet."""

    file: Measured
    scan: Scan
    outline: Outline | None = None


def add_page_images(obj: DigitalObject, files: Sequence[Incoming], *, by: Actor) -> list[Page]:
    """Add the pages of images, of TIFFs with several, and of PDFs, behind those that are there.

    All or none. Raises FileRefused with the fault and the name of the first bad file, TooManyPages,
    ObjectWithdrawn. Readers see the pages once `make_ready` has drawn them.
    """
    by.require(RepositoryPermission.EDIT_OBJECTS, at=obj.library_id)
    with taken_in(obj.identifier, files, only=PAGE_TYPES) as taken:
        return _store_pages(obj, taken, by=by)


def add_file(
    obj: DigitalObject, file: Incoming, *, by: Actor, role: FileRole = FileRole.ORIGINAL
) -> DigitalFile:
    """Add a file as it is: a PDF, a book, a recording. Raises what `add_page_images` raises."""
    by.require(RepositoryPermission.EDIT_OBJECTS, at=obj.library_id)
    with taken_in(obj.identifier, [file]) as taken:
        return _store_file(obj, taken[0], role=role, by=by)


@contextmanager
def taken_page(obj: DigitalObject, file: Incoming, *, by: Actor) -> Iterator[DigitalFile]:
    """Take in the master of one page, for as long as what follows does not fail.

    Raises FileRefused, also for a file of several pages.
    """
    with taken_in(obj.identifier, [file], only=PAGE_TYPES - {PDF}) as taken:
        if taken[0].file.frames != 1:
            raise FileRefused("several_pages", name=taken[0].file.name)
        with transaction.atomic():
            yield keep_row(lock(obj), taken[0], role=FileRole.MASTER, by=by)


@contextmanager
def taken_in(
    identifier: str, files: Sequence[Incoming], *, only: frozenset[str] | None = None
) -> Iterator[list[Taken]]:
    """Copy the files of an object into the store while nothing is locked, each looked at.

    They are removed where it goes wrong. Raises FileRefused, FileTooLarge.
    """
    taken: list[Taken] = []
    try:
        with Renderer() as renderer:
            for file in files:
                taken.append(_take(identifier, file, renderer, only=only))  # noqa: PERF401
        yield taken
    except BaseException:
        for each in taken:
            storage.forget(each.file.stored)
        raise


def _take(
    identifier: str, file: Incoming, renderer: Renderer, *, only: frozenset[str] | None
) -> Taken:
    name = safe_name(file.name)
    media_type = require_kept(file.path, name, only=only)
    try:
        if media_type in ARCHIVE_TYPES:
            require_harmless(file.path)
        frames = file.frames or frames_of(file.path, media_type, renderer)
        scan = scan_for_viruses(file.path)
    except FileRefused as refusal:
        raise FileRefused(refusal.fault, name=name) from refusal
    if scan.found:
        raise FileRefused("virus", name=name)
    stored = storage.new_staging(identifier)
    with told_when_full(name):
        digests = storage.take_copy(file.path, stored)
    measured = Measured(
        stored=stored, name=name, media_type=media_type, digests=digests, frames=frames
    )
    return Taken(file=measured, scan=scan, outline=file.outline)


def frames_of(path: Path, media_type: str, renderer: Renderer) -> int:
    """Return how many pages a file makes; its pictures are read to the end. Raises FileRefused."""
    return renderer.inspect(path, media_type) if media_type in PAGE_TYPES else 1


def require_kept(path: Path, name: str, *, only: frozenset[str] | None = None) -> str:
    """Return the type of a file that the library keeps. Raises FileRefused, FileTooLarge."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("empty", name=name)
    with path.open("rb") as reading:
        head = reading.read(HEAD)
    media_type = media_type_of(head)
    if media_type == ZIP:
        media_type = media_type_of(head, names_within(path))
    if media_type is None or (only is not None and media_type not in only):
        raise FileRefused("unknown_type", name=name)
    is_image = media_type in PAGE_TYPES and media_type != PDF
    if size > (limits.LARGEST_PAGE_FILE if is_image else limits.LARGEST_FILE):
        raise FileTooLarge("too_large", name=name)
    return media_type


@transaction.atomic
def _store_pages(obj: DigitalObject, taken: Sequence[Taken], *, by: Actor) -> list[Page]:
    locked = lock(obj)
    found = locked.pages.aggregate(last=Max("position"))
    position = found["last"] or 0
    if locked.pages.count() + sum(each.file.frames for each in taken) > limits.MOST_PAGES:
        raise TooManyPages(limit=limits.MOST_PAGES)
    pages: list[Page] = []
    for each in taken:
        role = FileRole.ORIGINAL if each.file.media_type == PDF else FileRole.MASTER
        file = keep_row(locked, each, role=role, by=by)
        for frame in range(each.file.frames):
            position += 1
            pages.append(
                Page(
                    object=locked,
                    position=position,
                    master=file,
                    frame=frame,
                    outline=plain(each.outline),
                )
            )
    added = Page.objects.bulk_create(pages)
    _told(locked, taken, by=by)
    return added


@transaction.atomic
def _store_file(obj: DigitalObject, taken: Taken, *, role: FileRole, by: Actor) -> DigitalFile:
    locked = lock(obj)
    file = keep_row(locked, taken, role=role, by=by)
    _told(locked, [taken], by=by)
    return file


def keep_row(obj: DigitalObject, taken: Taken, *, role: FileRole, by: Actor) -> DigitalFile:
    """Write down a file that was taken in, and what was done to it."""
    file = add_row(obj, taken.file, role=role, by=by.name)
    note_event(obj, EventKind.INGESTION, by=by.name, file=file, detail=file.name)
    note_event(
        obj, EventKind.FORMAT_IDENTIFICATION, by="tangthu", file=file, detail=file.media_type
    )
    digest = f"SHA-256 {file.sha256}"
    note_event(obj, EventKind.MESSAGE_DIGEST_CALCULATION, by="tangthu", file=file, detail=digest)
    if taken.scan.program:
        note_event(
            obj,
            EventKind.VIRUS_CHECK,
            by=taken.scan.program,
            file=file,
            outcome=Outcome.SUCCESS if taken.scan.done else Outcome.WARNING,
        )
    return file


def _told(obj: DigitalObject, taken: Sequence[Taken], *, by: Actor) -> None:
    audit.record(
        "object.files_added",
        by=by,
        kind="object",
        key=obj.pk,
        library=obj.library_id,
        after={"files": [each.file.name for each in taken]},
    )
    tell(obj)
