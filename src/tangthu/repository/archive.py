"""The archive: an OCFL storage root on disk. Versions are added; nothing is changed or removed.

A version is built apart and moved into its place whole, then the inventory at the object's root is
replaced. Whatever moment the power fails at, the object is as before or as after, and the next
write clears away what was begun.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tangthu.formats.ocfl import (
    BadInventory,
    Inventory,
    Version,
    dumps,
    loads,
    object_path,
    sidecar,
    sidecar_digest,
)
from tangthu.formats.ocfl.inventory import (
    INVENTORY,
    OBJECT_DECLARATION,
    ROOT_DECLARATION,
    SIDECAR,
    content_path,
    layout,
)
from tangthu.repository import storage
from tangthu.repository.errors import ArchiveBroken
from tangthu.repository.policy.identifiers import new_identifier

if TYPE_CHECKING:
    from tangthu.core.buckets import Bucket


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A file that a version brings: where it lies now, its name within, what it must be."""

    source: Path
    logical: str
    digests: storage.Digests


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written: the version, and the stored path of each logical path it brought."""

    version: int
    paths: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Who made a version, when, and why."""

    created: datetime
    user: str
    message: str


def folder_of(identifier: str) -> Path:
    """Return the folder of an object of the archive, whether it is there or not."""
    return storage.file_path(f"{storage.MASTERS}/{object_path(identifier)}")


def ensure_root() -> Path:
    """Make the storage root, and the files that say what it is, where they are missing."""
    top = storage.file_path(storage.MASTERS)
    name, words = ROOT_DECLARATION
    kept_in = storage.bucket()
    if kept_in is not None:
        for path, text in {**layout(), name: words}.items():
            if not kept_in.exists(f"{storage.MASTERS}/{path}"):
                _put_text(kept_in, f"{storage.MASTERS}/{path}", text)
        return top
    top.mkdir(parents=True, exist_ok=True)
    for path, text in {**layout(), name: words}.items():
        target = top / path
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return top


def inventories() -> list[str]:
    """Return where the inventory of each object of the archive lies in the store."""
    kept_in = storage.bucket()
    if kept_in is None:
        top = ensure_root()
        found = [path.relative_to(top).as_posix() for path in top.glob(f"*/*/*/*/{INVENTORY}")]
        return sorted(f"{storage.MASTERS}/{each}" for each in found)
    names = (name for name, _size in kept_in.names(f"{storage.MASTERS}/"))
    return sorted(each for each in names if each.endswith(f"/{INVENTORY}") and _is_root(each))


def _is_root(stored: str) -> bool:
    """Tell an object's inventory from those within its versions."""
    return stored.count("/") == storage.MASTERS.count("/") + 5


def inventory_of(identifier: str) -> Inventory | None:
    """Return the inventory of an object, None before its first version. Raises ArchiveBroken."""
    top = f"{storage.MASTERS}/{object_path(identifier)}"
    if storage.missing([f"{top}/{INVENTORY}"]) and not _has_folder(identifier):
        return None
    try:
        text = storage.text_of(f"{top}/{INVENTORY}")
        told = sidecar_digest(storage.text_of(f"{top}/{SIDECAR}"))
        inventory = loads(text)
    except (OSError, BadInventory) as error:
        raise ArchiveBroken(object=identifier) from error
    if hashlib.sha512(text.encode()).hexdigest() != told:
        _mend_sidecar(identifier, text, inventory.head)
    return inventory


def _has_folder(identifier: str) -> bool:
    """Tell whether its folder is there; in a bucket, what has no inventory was only begun."""
    return storage.bucket() is None and folder_of(identifier).exists()


def add_version(
    identifier: str, additions: Sequence[Addition], *, drop: frozenset[str], note: Note
) -> Written:
    """Add a version with these files, and without the logical paths in `drop`.

    Whoever calls holds the object (`storage.held`). What the last version has already, under the
    same name and with the same digest, is not written again. Raises ArchiveBroken.
    """
    ensure_root()
    before = inventory_of(identifier) or Inventory(id=identifier)
    fresh = [each for each in additions if before.state.get(each.logical) != each.digests.sha512]
    if not fresh and not (drop & before.state.keys()):
        return Written(version=before.head, paths=_stored(identifier, before, additions))
    after = _next(before, fresh, drop=drop, note=note)
    _write(identifier, after, fresh)
    return Written(version=after.head, paths=_stored(identifier, after, additions))


def _next(
    before: Inventory, fresh: Sequence[Addition], *, drop: frozenset[str], note: Note
) -> Inventory:
    number = before.head + 1
    state = {path: digest for path, digest in before.state.items() if path not in drop}
    state.update({each.logical: each.digests.sha512 for each in fresh})
    version = Version(created=note.created, message=note.message, user=note.user, state=state)
    places = [(content_path(number, each.logical), each.digests) for each in fresh]
    return before.with_version(
        version,
        manifest={place: digests.sha512 for place, digests in places},
        fixity={place: digests.sha256 for place, digests in places},
    )


def _write(identifier: str, inventory: Inventory, fresh: Sequence[Addition]) -> None:
    kept_in = storage.bucket()
    if kept_in is not None:
        _write_to_bucket(kept_in, identifier, inventory, fresh)
        return
    folder, name = folder_of(identifier), f"v{inventory.head}"
    built = storage.file_path(f"{storage.STAGING}/{new_identifier()}.version")
    try:
        for each in fresh:
            inside = built / content_path(inventory.head, each.logical)
            storage.link_or_copy(each.source, inside)
        (built / name).mkdir(parents=True, exist_ok=True)
        _write_inventory(built / name, inventory)
        if inventory.head == 1:
            (built / OBJECT_DECLARATION[0]).write_text(OBJECT_DECLARATION[1], encoding="utf-8")
            _write_inventory(built, inventory)
            folder.parent.mkdir(parents=True, exist_ok=True)
            built.rename(folder)
        else:
            _clear(folder / name)
            (built / name).rename(folder / name)
            _write_inventory(folder, inventory)
        _settle(folder.parent)
    finally:
        shutil.rmtree(built, ignore_errors=True)


def _write_to_bucket(
    kept_in: Bucket, identifier: str, inventory: Inventory, fresh: Sequence[Addition]
) -> None:
    """Put the files first and the inventory of the object last: until it is there, nothing was."""
    top = f"{storage.MASTERS}/{object_path(identifier)}"
    inside = f"{top}/v{inventory.head}"
    for name, _size in list(kept_in.names(f"{inside}/")):
        kept_in.delete(name)
    for each in fresh:
        kept_in.put(each.source, f"{top}/{content_path(inventory.head, each.logical)}")
    text = dumps(inventory)
    if inventory.head == 1:
        _put_text(kept_in, f"{top}/{OBJECT_DECLARATION[0]}", OBJECT_DECLARATION[1])
    for folder in (inside, top):
        _put_text(kept_in, f"{folder}/{INVENTORY}", text)
        _put_text(kept_in, f"{folder}/{SIDECAR}", sidecar(text))


def _put_text(kept_in: Bucket, stored: str, text: str) -> None:
    with tempfile.NamedTemporaryFile() as written:
        written.write(text.encode())
        written.flush()
        kept_in.put(Path(written.name), stored)


def _clear(unfinished: Path) -> None:
    """Remove a version that no inventory tells of: it was begun when the power failed."""
    if unfinished.exists():
        shutil.rmtree(unfinished)


def _write_inventory(folder: Path, inventory: Inventory) -> None:
    text = dumps(inventory)
    for name, words in ((INVENTORY, text), (SIDECAR, sidecar(text))):
        _replace(folder / name, words)


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8") as writing:
        writing.write(text)
        writing.flush()
        os.fsync(writing.fileno())
    beside.replace(path)


def _settle(folder: Path) -> None:
    """Make sure that the names in a folder are on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mend_sidecar(identifier: str, text: str, head: int) -> None:
    """Finish what a power cut interrupted between the inventory and its sidecar; else refuse."""
    top = f"{storage.MASTERS}/{object_path(identifier)}"
    try:
        same = storage.text_of(f"{top}/v{head}/{INVENTORY}") == text
        told = sidecar_digest(storage.text_of(f"{top}/v{head}/{SIDECAR}"))
    except (OSError, BadInventory) as error:
        raise ArchiveBroken(object=identifier) from error
    if not same or told != hashlib.sha512(text.encode()).hexdigest():
        raise ArchiveBroken(object=identifier)
    kept_in = storage.bucket()
    if kept_in is not None:
        _put_text(kept_in, f"{top}/{SIDECAR}", sidecar(text))
    else:
        _replace(folder_of(identifier) / SIDECAR, sidecar(text))


def _stored(identifier: str, inventory: Inventory, additions: Sequence[Addition]) -> dict[str, str]:
    """Return where each addition lies in the store, the newest place first."""
    places: dict[str, str] = {}
    for path in inventory.manifest:
        _, _, logical = path.split("/", 2)
        places[logical] = f"{storage.MASTERS}/{object_path(identifier)}/{path}"
    return {each.logical: places[each.logical] for each in additions}


def stored_path(identifier: str, logical: str) -> str | None:
    """Return where a file of the newest version lies in the store, None where there is none."""
    return stored_paths(identifier).get(logical)


def stored_paths(identifier: str) -> dict[str, str]:
    """Return where each file of the newest version lies in the store, by its logical path."""
    inventory = inventory_of(identifier)
    if inventory is None:
        return {}
    top = f"{storage.MASTERS}/{object_path(identifier)}"
    return {
        logical: f"{top}/{path}"
        for path, digest in inventory.manifest.items()
        if inventory.state.get(logical := path.split("/", 2)[2]) == digest
    }
