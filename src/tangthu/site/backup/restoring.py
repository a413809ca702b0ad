"""Putting a backup back. What stood there before lies aside, so that nothing is lost."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from tangthu.core.buckets import Bucket
from tangthu.repository import storage
from tangthu.site import env
from tangthu.site.backup import databases
from tangthu.site.backup.container import About, Part, unpack, verified
from tangthu.site.backup.errors import BackupRefused
from tangthu.site.backup.saving import ASIDE, FILES, KEY, PUSH_KEYS
from tangthu.site.supervisor import AlreadyRunning, only_one

COMING = ".coming"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, as of when; and where lies what was there before."""

    files: int
    made_at: str
    aside: Path


def restore(source: Path) -> Restored:
    """Make this installation what it was when the backup was written.

    Every part is read and compared, and unpacked beside what is here, before anything is touched.
    Raises BackupRefused where the backup is damaged, of a later release, of another kind of
    database, under another secret key or too large, and while Tàng Thư runs here; and OSError. The
    database is changed in one step; where the work ends after it, the same command finishes it.
    """
    data = Path(settings.DATA)
    with _alone(data):
        storage.root().mkdir(parents=True, exist_ok=True)
        about = verified(source)
        parts = {part.name: part for part in about.parts}
        _require_ours(source, about, parts)
        aside = data / f"{ASIDE}-{timezone.localtime():%Y%m%d-%H%M%S}"
        aside.mkdir(mode=0o700)
        with _beside(aside) as coming, _files_beside(aside.name) as coming_files:
            files = [part for part in about.parts if part.name.startswith(f"{FILES}/")]
            _unpack_files(source, files, coming_files)
            others = (databases.part_name(connection.vendor), KEY, PUSH_KEYS)
            for name in parts.keys() & set(others):
                unpack(source, parts[name], coming / name)
            databases.put_back(coming / others[0], aside=aside)
            for name in (KEY, PUSH_KEYS):
                if (coming / name).exists():
                    _swap(coming / name, data / name, aside / name)
            if storage.bucket() is None:
                _swap_folder(coming_files, storage.root() / aside.name)
        _drop_what_is_made_anew(data)
    return Restored(len(files), about.made_at, aside)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Keep `tangthu serve` from starting meanwhile. Raises BackupRefused while it runs."""
    try:
        with only_one(data / "serve.lock"):
            yield
    except AlreadyRunning as running:
        raise BackupRefused(
            f"Tàng Thư runs here (process {running.pid}). Stop it first, and start it afterwards."
        ) from running


def _require_ours(source: Path, about: About, parts: dict[str, Part]) -> None:
    """Raise BackupRefused where what the backup holds cannot live here."""
    if about.database != connection.vendor:
        raise BackupRefused(
            f"The backup holds a database of {about.database}, and DATABASE_URL names one of "
            f"{connection.vendor}."
        )
    if not {databases.part_name(about.database), KEY} <= parts.keys():
        raise BackupRefused(f"{source} is damaged: it has no database, or no secret key.")
    known = {".".join(each) for each in MigrationLoader(None).disk_migrations}
    if any(name.split(".")[0] in _our_apps(known) for name in set(about.migrations) - known):
        raise BackupRefused(
            f"The backup was written by Tàng Thư {about.release}, which is newer than this one. "
            "Update first."
        )
    given = env.text("TANGTHU_SECRET_KEY")
    with zipfile.ZipFile(source) as archive:
        if given and archive.read(KEY).decode() != given:
            raise BackupRefused(
                "The backup was written under another secret key than TANGTHU_SECRET_KEY: citizen "
                "numbers could not be read. Unset it, or name that key."
            )
    free = min(shutil.disk_usage(place).free for place in (settings.DATA, storage.root()))
    if about.size > free:
        raise BackupRefused(
            f"Not enough room: {about.size / 1e9:.1f} GB are needed beside what is here, and "
            f"{free / 1e9:.1f} GB are free."
        )


def _our_apps(known: set[str]) -> set[str]:
    """Return the apps whose migrations this release has; a former app's trace is no hindrance."""
    return {name.split(".")[0] for name in known}


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Yield a folder for what is coming, which is gone afterwards."""
    coming = folder.with_name(f"{folder.name}{COMING}")
    coming.mkdir(mode=0o700, parents=True)
    try:
        yield coming
    finally:
        shutil.rmtree(coming, ignore_errors=True)


@contextmanager
def _files_beside(stamp: str) -> Iterator[Path]:
    """Yield where files are unpacked to: on the disk of the files, which may be one of its own."""
    with _beside(storage.root() / stamp) as coming:
        yield coming


def _unpack_files(source: Path, files: Sequence[Part], coming: Path) -> None:
    kept_in = storage.bucket()
    for part in files:
        name = part.name.removeprefix(f"{FILES}/")
        unpack(source, part, coming / name)
        if kept_in is not None:
            _into(kept_in, coming / name, name)


def _into(kept_in: Bucket, path: Path, name: str) -> None:
    """Put a file into the bucket; a master that is there is never written again."""
    if not (name.startswith(f"{storage.MASTERS}/") and kept_in.exists(name)):
        kept_in.put(path, name)
    path.unlink()


def _swap(coming: Path, current: Path, aside: Path) -> None:
    if current.exists():
        storage.link_or_copy(current, aside)
    coming.replace(current)


def _swap_folder(coming: Path, aside: Path) -> None:
    """Move what is in the folder of files aside, and what is coming in.

    Its contents are moved, not the folder itself: that may be a disk of its own.
    """
    root = storage.root()
    aside.mkdir(mode=0o700)
    for each in sorted(root.iterdir()):
        if not each.name.startswith(ASIDE):
            each.rename(aside / each.name)
    for each in sorted(coming.iterdir()):
        each.rename(root / each.name)


def _drop_what_is_made_anew(data: Path) -> None:
    """Remove what speaks of another state of the database: the index is built again by itself."""
    shutil.rmtree(data / "index", ignore_errors=True)
    (data / "schedule.json").unlink(missing_ok=True)
