"""Bags that come in a batch: a ZIP file or a folder that is one, or holds some."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path, PurePosixPath

from tangthu.core.actor import Actor
from tangthu.core.errors import TangthuError
from tangthu.formats import bagit
from tangthu.repository import archives
from tangthu.repository.actions.bagging import Received, take_in_bag
from tangthu.repository.actions.ingest import working_folder
from tangthu.repository.errors import FileRefused, StoreFull
from tangthu.repository.models import EntryState, IngestBatch, IngestEntry
from tangthu.repository.policy import limits
from tangthu.repository.policy.names import safe_parts

MATCHED_BY = "bag"

Bags = Mapping[str, Callable[[], AbstractContextManager[Mapping[str, Path]]]]
"""Where each bag begins, and what gives its files for as long as they are read."""


def bags_in_folder(folder: Path) -> Bags:
    """Return the bags that a folder is or holds. Raises FileRefused for too many files."""
    files: dict[str, Path] = {}
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        files[path.relative_to(folder).as_posix()] = path
        if len(files) > limits.MOST_ENTRIES:
            raise FileRefused("too_many_entries")

    def below(root: str) -> dict[str, Path]:
        return {name.removeprefix(root): files[name] for name in files if name.startswith(root)}

    return {root: lambda root=root: nullcontext(below(root)) for root in bagit.roots(files)}  # type: ignore[misc]


def bags_in_archive(archive: zipfile.ZipFile) -> Bags:
    """Return the bags that an opened ZIP file is or holds."""
    infos = {info.filename: info for info in archive.infolist() if not info.is_dir()}

    @contextmanager
    def unpacked(root: str) -> Iterator[Mapping[str, Path]]:
        with working_folder() as folder:
            files: dict[str, Path] = {}
            for number, (name, info) in enumerate(infos.items()):
                if name.startswith(root):
                    files[name.removeprefix(root)] = target = folder / str(number)
                    archives.extract(archive, info, target)
            yield files

    return {root: lambda root=root: unpacked(root) for root in bagit.roots(infos)}  # type: ignore[misc]


def holds_bags(path: Path) -> bool:
    """Tell whether a folder or ZIP file is a bag or holds some. Raises FileRefused."""
    if path.is_dir():
        return bool(bags_in_folder(path))
    with archives.opened(path) as archive:
        return bool(bags_in_archive(archive))


def run_bags(batch: IngestBatch, bags: Bags, *, by: Actor) -> bool:
    """Take in the batch's bags that wait; False where there are none in it.

    A bag that is refused is noted with the reason, and the next one follows.
    """
    for root, opened in bags.items():
        name = PurePosixPath(root).name or PurePosixPath(batch.name).stem
        entry, _ = IngestEntry.objects.get_or_create(
            batch=batch, folder=name[:300], defaults={"matched_by": MATCHED_BY}
        )
        if entry.state == EntryState.WAITING:
            _take_in(entry, opened, by=by)
    return bool(bags)


def _take_in(
    entry: IngestEntry,
    opened: Callable[[], AbstractContextManager[Mapping[str, Path]]],
    *,
    by: Actor,
) -> None:
    try:
        with opened() as files:
            if any(safe_parts(name) is None for name in files):
                raise FileRefused("path_leads_out")
            entry.files = len(files)
            received = take_in_bag(files, name=entry.folder, library=entry.batch.library, by=by)
        _note(entry, received)
    except StoreFull:
        raise
    except FileRefused as refusal:
        _refuse(entry, refusal.fault)
    except TangthuError as refusal:
        _refuse(entry, refusal.code)


def _note(entry: IngestEntry, received: Received) -> None:
    entry.object = received.object
    entry.record = received.object.records.order_by("digital_links__position").first()
    entry.state = EntryState.DONE if received.is_new else EntryState.KNOWN
    entry.save(update_fields=["files", "object", "record", "state"])


def _refuse(entry: IngestEntry, fault: str) -> None:
    entry.state, entry.fault = EntryState.REFUSED, fault[:60]
    entry.save(update_fields=["files", "state", "fault"])
