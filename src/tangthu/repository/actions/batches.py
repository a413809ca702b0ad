"""Scans that come together: a ZIP file or a folder, with a folder for each document within.

A folder is named by what the document is known by: an accession number, a barcode, the number in
field 001, or an ISBN. The entry of each folder tells what became of it, and the work goes on where
it was broken off.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from django.db import transaction
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.core.errors import TangthuError
from tangthu.libraries.models import Library
from tangthu.repository import archives
from tangthu.repository.actions.bag_batches import bags_in_archive, bags_in_folder, run_bags
from tangthu.repository.actions.files import Incoming, add_page_images, frames_of, require_kept
from tangthu.repository.actions.ingest import working_folder
from tangthu.repository.actions.matching import Match, match_of
from tangthu.repository.actions.objects import ObjectData, create_object
from tangthu.repository.actions.preserving import make_ready
from tangthu.repository.errors import FileRefused, StoreFull
from tangthu.repository.models import (
    BatchState,
    Collection,
    DigitalObject,
    EntryState,
    IngestBatch,
    IngestEntry,
    IngestFault,
)
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.content import PAGE_TYPES
from tangthu.repository.policy.kinds import Access
from tangthu.repository.policy.names import natural_key, safe_name, safe_parts
from tangthu.repository.renderer import Renderer

MOST_FAULTS = 200
_NUMBER_OF_PAGE = re.compile(r"[ _-]+\d+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchData:
    """A batch as it is handed over: its name, where it lies, and what its objects shall be."""

    name: str
    path: Path
    rights: str = ""
    access: str = Access.STAFF
    embargo_until: date | None = None
    collections: tuple[Collection, ...] = ()


@transaction.atomic
def open_batch(data: BatchData, *, library: Library, by: Actor) -> IngestBatch:
    """Note a batch that is to be brought in."""
    by.require(RepositoryPermission.EDIT_OBJECTS, at=library.pk)
    batch = IngestBatch.objects.create(
        library=library,
        name=data.name[:200],
        stored_path=str(data.path),
        rights=data.rights,
        access=data.access,
        embargo_until=data.embargo_until,
        user_id=by.user_id,
        created_by=by.name,
        created_at=timezone.now(),
    )
    batch.collections.set(data.collections)
    return batch


def run_batch(batch: IngestBatch, *, by: Actor) -> IngestBatch:
    """Bring a batch in, or go on with it: an object for each folder that names one record.

    Where bags (BagIt) are in it, each becomes the object that it holds.

    A folder that names none, or several, or holds a bad file, is noted with the reason, and the
    next one follows. Raises nothing for those; the batch fails only where it cannot be opened, and
    waits where the disk is full.
    """
    by.require(RepositoryPermission.EDIT_OBJECTS, at=batch.library_id)
    note_state(batch, BatchState.RUNNING)
    path = Path(batch.stored_path)
    try:
        if path.is_dir():
            if not run_bags(batch, bags_in_folder(path), by=by):
                _run(batch, _in_folder(path), None, by=by)
        else:
            with archives.opened(path) as archive:
                if not run_bags(batch, bags_in_archive(archive), by=by):
                    _run(batch, _in_archive(archive), archive, by=by)
    except StoreFull as full:
        return note_state(batch, BatchState.ACCEPTED, fault=full.fault)
    except FileRefused as refusal:
        return note_state(batch, BatchState.FAILED, fault=refusal.fault)
    return note_state(batch, BatchState.DONE)


def groups_in(path: Path) -> Mapping[str, int]:
    """Return the folders of a batch that would become objects, and how many files each holds.

    Raises FileRefused where it cannot be opened.
    """
    if path.is_dir():
        return {name: len(files) for name, files in _in_folder(path).items()}
    with archives.opened(path) as archive:
        return {name: len(files) for name, files in _in_archive(archive).items()}


Source = tuple[str, str]
"""The name of a file within the batch, and where it is found there."""


def _in_folder(folder: Path) -> Mapping[str, Sequence[Source]]:
    names = [
        (str(file.relative_to(folder)), str(file))
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink() and not file.name.startswith(".")
    ]
    return _grouped(names)


def _in_archive(archive: zipfile.ZipFile) -> Mapping[str, Sequence[Source]]:
    return _grouped([(info.filename, info.filename) for info in archives.entries(archive)])


def _grouped(names: Sequence[Source]) -> dict[str, list[Source]]:
    """Gather files by their folder; loose ones by their name without the page's number."""
    groups: defaultdict[str, list[Source]] = defaultdict(list)
    for name, place in sorted(names, key=lambda each: natural_key(each[0])):
        parts = safe_parts(name)
        if parts is None:
            continue
        stem = PurePosixPath(parts[-1]).stem
        group = parts[-2] if len(parts) > 1 else _NUMBER_OF_PAGE.sub("", stem)
        groups[group].append((name, place))
    return groups


def _run(
    batch: IngestBatch,
    groups: Mapping[str, Sequence[Source]],
    archive: zipfile.ZipFile | None,
    *,
    by: Actor,
) -> None:
    for folder, files in groups.items():
        entry, _ = IngestEntry.objects.get_or_create(
            batch=batch, folder=folder[:300], defaults={"files": len(files)}
        )
        if entry.state != EntryState.WAITING:
            continue
        try:
            _bring_in(entry, files, archive, by=by)
        except StoreFull:
            raise
        except FileRefused as refusal:
            _refuse(entry, refusal.fault)
        except TangthuError as refusal:
            _refuse(entry, refusal.code)


def _bring_in(
    entry: IngestEntry, files: Sequence[Source], archive: zipfile.ZipFile | None, *, by: Actor
) -> None:
    match = _match(entry)
    with working_folder() as folder:
        incoming = [_fetched(file, archive, folder, n) for n, file in enumerate(files)]
        whole = _require_whole(entry, incoming)
        obj = _object_of(entry, match, by=by)
        if not obj.pages.exists():
            add_page_images(obj, whole, by=by)
    make_ready(obj, by=by)
    IngestEntry.objects.filter(pk=entry.pk).update(state=EntryState.DONE, fault="")


def _match(entry: IngestEntry) -> Match:
    """Return the record that was seen, or chosen by hand, when the batch was looked through."""
    if entry.record is not None:
        return Match(entry.record, entry.matched_by)
    return match_of(entry.folder, library=entry.batch.library)


def _require_whole(entry: IngestEntry, files: Sequence[Incoming]) -> list[Incoming]:
    """Look at all files of a folder first, so that every bad one is told; return what they make.

    Raises FileRefused.
    """
    found: list[FileRefused] = []
    whole: list[Incoming] = []
    with Renderer() as renderer:
        for file in files:
            try:
                media_type = require_kept(file.path, safe_name(file.name), only=PAGE_TYPES)
                frames = frames_of(file.path, media_type, renderer)
                whole.append(replace(file, frames=frames))
            except StoreFull:
                raise
            except FileRefused as refusal:
                found.append(FileRefused(refusal.fault, name=file.name))
    entry.faults.all().delete()
    IngestFault.objects.bulk_create(
        IngestFault(entry=entry, name=str(each.data["name"])[:300], fault=each.fault)
        for each in found[:MOST_FAULTS]
    )
    if found:
        raise found[0]
    return whole


def _fetched(file: Source, archive: zipfile.ZipFile | None, folder: Path, number: int) -> Incoming:
    name, place = file
    if archive is None:
        return Incoming(Path(place), name)
    target = folder / str(number)
    archives.extract(archive, archive.getinfo(place), target)
    return Incoming(target, name)


@transaction.atomic
def _object_of(entry: IngestEntry, match: Match, *, by: Actor) -> DigitalObject:
    """Return the entry's object, made once however often the work is broken off."""
    row = (
        IngestEntry.objects.select_for_update(of=("self",))
        .select_related("object")
        .get(pk=entry.pk)
    )
    if row.object is not None:
        return row.object
    record, batch = match.record, entry.batch
    data = ObjectData(
        title=record.title or entry.folder,
        languages=record.language,
        rights=batch.rights,
        access=batch.access,
        embargo_until=batch.embargo_until,
        collections=tuple(batch.collections.all()),
        records=(record,),
        provenance=batch.name,
    )
    row.object = create_object(data, library=batch.library, by=by)
    row.record, row.matched_by = record, match.by
    row.save(update_fields=["object", "record", "matched_by"])
    return row.object


def _refuse(entry: IngestEntry, fault: str) -> None:
    IngestEntry.objects.filter(pk=entry.pk).update(state=EntryState.REFUSED, fault=fault[:60])


def note_state(batch: IngestBatch, state: BatchState, *, fault: str = "") -> IngestBatch:
    """Note how far a batch is, and what stopped it."""
    ended = state in {BatchState.DONE, BatchState.FAILED}
    batch.state, batch.fault = state, fault
    batch.finished_at = timezone.now() if ended else None
    batch.save(update_fields=["state", "fault", "finished_at"])
    return batch
