"""Writing a backup, while everybody goes on working."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from tangthu.repository import storage
from tangthu.site.backup import databases
from tangthu.site.backup.container import About, Writer, pieces_of, writing
from tangthu.site.backup.errors import BackupRefused

KEY, PUSH_KEYS, FILES = "secret-key", "vapid.pem", "files"
ASIDE = "before-restore"
_PASSING = frozenset({storage.UPLOADS, storage.EXPORTS, storage.LOCKS, "health"})
"""Folders of files that are under way on one machine, or will be gone tomorrow."""
_UNDER_WAY = (".part", ".work", ".version")


@dataclass(frozen=True, slots=True)
class Saved:
    """What was written: how many files, and the bytes of all that is inside."""

    files: int
    size: int


def save(target: Path) -> Saved:
    """Write everything into one file, which must not exist yet.

    The database is of one moment, the files of the moments after it: so it speaks of no file that
    the backup lacks. Raises BackupRefused, and OSError, after which there is no such file.
    """
    if target.exists():
        raise BackupRefused(f"{target} exists already: name a new file.")
    if not target.parent.is_dir():
        raise BackupRefused(f"There is no folder {target.parent}.")
    _require_room(target.parent)
    with writing(target) as writer:
        about = About(
            made_at=timezone.now().isoformat(timespec="seconds"),
            release=version("tangthu"),
            database=connection.vendor,
            migrations=sorted(map(".".join, MigrationRecorder(connection).applied_migrations())),
        )
        _put_database(writer, target.parent)
        writer.put(KEY, [settings.SECRET_KEY.encode()])
        push_keys = Path(settings.DATA) / PUSH_KEYS
        if push_keys.exists():
            writer.put(PUSH_KEYS, pieces_of(push_keys))
        count = _put_files(writer)
        about = writer.close(about)
    return Saved(count, about.size)


def stored_names() -> Iterator[tuple[str, int]]:
    """Yield the name and size of each stored file that belongs to a backup."""
    kept_in = storage.bucket()
    names = kept_in.names("") if kept_in is not None else _names_below(storage.root())
    for name, size in names:
        top, *inner = name.split("/")
        passing = top in _PASSING or top.startswith(ASIDE)
        if not passing and not any(part.endswith(_UNDER_WAY) for part in (top, *inner)):
            yield name, size


def _names_below(root: Path) -> Iterator[tuple[str, int]]:
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            # It may be gone in this very moment, as what is on its way into the archive goes.
            if path.is_file():
                yield path.relative_to(root).as_posix(), path.stat().st_size


def _put_database(writer: Writer, beside: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="tangthu-backup-", dir=beside) as folder:
        dumped = Path(folder) / databases.part_name(connection.vendor)
        databases.dump(dumped)
        writer.put(dumped.name, pieces_of(dumped), squeezed=connection.vendor == "sqlite")


def _put_files(writer: Writer) -> int:
    count = 0
    for name, _size in stored_names():
        try:
            pieces = _pieces(name)
            first = next(pieces, b"")
        except FileNotFoundError:
            continue
        writer.put(f"{FILES}/{name}", _from(first, pieces))
        count += 1
    return count


def _pieces(name: str) -> Iterator[bytes]:
    kept_in = storage.bucket()
    return pieces_of(storage.file_path(name)) if kept_in is None else kept_in.pieces(name)


def _from(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


def _require_room(folder: Path) -> None:
    """Raise BackupRefused where the files and twice the database will not fit."""
    wanted = sum(size for _name, size in stored_names()) + 2 * databases.size()
    free = shutil.disk_usage(folder).free
    if wanted > free:
        raise BackupRefused(
            f"{folder} has room for {free / 1e9:.1f} GB, and the backup needs up to "
            f"{wanted / 1e9:.1f} GB: name a folder on a larger disk."
        )
