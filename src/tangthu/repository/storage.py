"""Where files lie: masters in the archive, what is shown beside it, what is on its way apart.

masters/      an OCFL storage root: written once, never altered
delivery/     what readers are shown; can be made anew from the masters
staging/      taken in, not yet in the archive
uploads/      coming in pieces
exports/      collections handed out, for some days
locks/        who works at which object

Where a bucket keeps the files, what lies on this machine are copies (`core.buckets`): uploads,
exports and locks alone are here and nowhere else.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from tangthu.repository.policy.identifiers import new_identifier

if TYPE_CHECKING:
    from tangthu.core.buckets import Bucket
    from tangthu.repository.models import DigitalFile

MASTERS, DELIVERY, STAGING, UPLOADS, EXPORTS, LOCKS = (
    "masters",
    "delivery",
    "staging",
    "uploads",
    "exports",
    "locks",
)
PIECE = 1 << 20
BROUGHT = 64 << 20
"""Bytes. Of a larger file in a bucket no copy is brought here for who reads parts of it."""


@dataclass(frozen=True, slots=True)
class Digests:
    """What a file is known by again: SHA-512 for the archive, SHA-256 for everybody."""

    sha512: str
    sha256: str
    size: int


def bucket() -> Bucket | None:
    """Return the bucket that files are kept in; None where a folder keeps them."""
    found = storages["default"]
    return cast("Bucket", found) if hasattr(found, "keep") else None


def settle(stored: str) -> None:
    """Keep what was written at a stored path: in the bucket, where there is one."""
    kept_in = bucket()
    if kept_in is not None:
        kept_in.keep(stored)


def settled(stored: str) -> Digests:
    """Keep what was written at a stored path, and return what it is known by again."""
    digests = digests_of(file_path(stored))
    settle(stored)
    return digests


def kept_digests(stored: str) -> Digests:
    """Read what is kept, not a copy of it. Raises FileNotFoundError, OSError."""
    kept_in = bucket()
    if kept_in is None:
        return digests_of(file_path(stored))
    sha512, sha256, size = hashlib.sha512(), hashlib.sha256(), 0
    for piece in kept_in.pieces(stored):
        sha512.update(piece)
        sha256.update(piece)
        size += len(piece)
    return Digests(sha512.hexdigest(), sha256.hexdigest(), size)


def text_of(stored: str) -> str:
    """Return a kept file of text, never a copy of it. Raises FileNotFoundError, OSError."""
    kept_in = bucket()
    if kept_in is None:
        return file_path(stored).read_text(encoding="utf-8")
    return b"".join(kept_in.pieces(stored)).decode()


def missing(stored: Iterable[str]) -> set[str]:
    """Return which of these stored paths hold nothing; a bucket is asked once for each folder."""
    kept_in, wanted = bucket(), set(stored)
    if kept_in is None:
        return {each for each in wanted if not file_path(each).exists()}
    folders = {f"{each.rpartition('/')[0]}/" for each in wanted}
    return wanted - {name for folder in folders for name, _size in kept_in.names(folder)}


def root() -> Path:
    """Return the folder of all files on this machine."""
    return Path(default_storage.path("."))


def file_path(stored: str) -> Path:
    """Return where a stored path lies. Raises SuspiciousFileOperation for one that leads out."""
    return Path(default_storage.path(stored))


def path_of(file: DigitalFile) -> Path:
    """Return where this file lies on this machine."""
    return file_path(file.path)


def is_far(file: DigitalFile) -> bool:
    """Tell whether parts of the file come straight from the bucket: it is large, and not here."""
    kept_in = bucket()
    return kept_in is not None and file.size > BROUGHT and not kept_in.is_here(file.path)


def far_part(file: DigitalFile, start: int, end: int) -> Iterator[bytes]:
    """Return bytes of a file in the bucket, from `start` up to and without `end`.

    Raises FileNotFoundError where the bucket lacks it, OSError.
    """
    return cast("Bucket", bucket()).part(file.path, start, end)


def delivery_path(file: DigitalFile) -> Path:
    """Return where the pyramidal TIFF (or other reading copy) lies: for those who serve it."""
    return file_path(file.path)


def new_delivery(identifier: str, suffix: str) -> str:
    """Return a fresh stored path for a reading copy of that object."""
    return f"{DELIVERY}/{identifier[:2]}/{identifier}/{new_identifier()}{suffix}"


def new_staging(identifier: str) -> str:
    """Return a fresh stored path for a file on its way into that object's archive."""
    return f"{STAGING}/{identifier}/{new_identifier()}"


def upload_path(identifier: str) -> Path:
    """Return where the pieces of an upload come together."""
    return file_path(f"{UPLOADS}/{identifier}")


def export_path(identifier: str) -> Path:
    """Return where a collection that is handed out is written."""
    return file_path(f"{EXPORTS}/{identifier}.zip")


def digests_of(path: Path) -> Digests:
    """Read a file once, in constant memory."""
    with path.open("rb") as source:
        return _digest(source, None)


def take_copy(source: Path, stored: str) -> Digests:
    """Copy a file into the store, sure to be on disk, and return what was copied.

    Where the disk is full, nothing is left behind; OSError tells.
    """
    target = file_path(stored)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.part")
    try:
        with source.open("rb") as reading, beside.open("wb") as writing:
            digests = _digest(reading, writing)
            writing.flush()
            os.fsync(writing.fileno())
        beside.replace(target)
        settle(stored)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return digests


def link_or_copy(source: Path, target: Path) -> None:
    """Put the same bytes in another place: without copying, where the file system can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def forget(stored: str) -> None:
    """Remove a file that is no master. Raises ValueError for one that is."""
    if stored.startswith(f"{MASTERS}/"):
        raise ValueError("masters are never removed")
    kept_in = bucket()
    if kept_in is not None:
        kept_in.forget(stored)
    else:
        file_path(stored).unlink(missing_ok=True)


@contextmanager
def held(name: str, *, wait: bool = True) -> Iterator[bool]:
    """Keep others, also of other processes, from the same object or upload meanwhile.

    Without `wait`, yield False where somebody else holds it. The kernel frees it when we die.
    """
    folder = file_path(LOCKS)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def is_held(name: str) -> bool:
    """Tell whether somebody works at that object now."""
    with held(name, wait=False) as is_ours:
        return not is_ours


def _digest(reading: BinaryIO, writing: BinaryIO | None) -> Digests:
    sha512, sha256, size = hashlib.sha512(), hashlib.sha256(), 0
    while piece := reading.read(PIECE):
        sha512.update(piece)
        sha256.update(piece)
        size += len(piece)
        if writing is not None:
            writing.write(piece)
    return Digests(sha512.hexdigest(), sha256.hexdigest(), size)


def path_of_upload(sent: UploadedFile[bytes]) -> Path:
    """Return where the web server put a file that came with a form: on disk, by our handler."""
    if not isinstance(sent, TemporaryUploadedFile):
        raise TypeError("uploads are kept on disk")
    return Path(sent.temporary_file_path())
