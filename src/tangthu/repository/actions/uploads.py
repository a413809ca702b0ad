"""Files that come in pieces over bad lines (tus 1.0): begun, gone on with, taken in, forgotten."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, Protocol

from django.db import transaction
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.repository import storage
from tangthu.repository.errors import (
    FileRefused,
    FileTooLarge,
    TooManyUploads,
    UploadBusy,
    UploadGone,
    WrongChecksum,
    WrongOffset,
)
from tangthu.repository.models import DigitalObject, Upload, UploadPurpose
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy import limits
from tangthu.repository.policy.names import safe_name
from tangthu.repository.policy.outlines import Outline, plain
from tangthu.repository.room import told_when_full

SETTLE_EVERY = 32 * limits.MIB
ALGORITHMS = ("sha1", "sha256", "sha512", "md5")
"""What a piece may be checked by; tus asks for SHA-1 at least."""


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the sender says that a piece comes to."""

    algorithm: str
    digest: bytes


class Source(Protocol):
    """Where the bytes of a piece come from: a request."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes; none at the end. Raises OSError where the line breaks."""


@transaction.atomic
def begin_upload(
    name: str,
    *,
    length: int,
    library: Library,
    obj: DigitalObject | None = None,
    outline: Outline | None = None,
    by: Actor,
) -> Upload:
    """Make room for a file of that length: for an object, or without one for a batch.

    `outline` is where the page lies in a picture that was taken of it.
    Raises FileRefused (empty, no room on the disk), FileTooLarge, TooManyUploads.
    """
    by.require(RepositoryPermission.EDIT_OBJECTS, at=library.pk)
    kept = safe_name(name)
    if length < 1:
        raise FileRefused("empty", name=kept)
    if length > limits.LARGEST_FILE:
        raise FileTooLarge("too_large", name=kept)
    if Upload.objects.visible_to(by).open().count() >= limits.MOST_OPEN_UPLOADS:
        raise TooManyUploads(limit=limits.MOST_OPEN_UPLOADS)
    folder = storage.file_path(storage.UPLOADS)
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < length + limits.DISK_RESERVE:
        raise FileRefused("disk_full", name=kept)
    now = timezone.now()
    return Upload.objects.create(
        purpose=UploadPurpose.OBJECT if obj else UploadPurpose.BATCH,
        library=library,
        object=obj,
        name=kept,
        length=length,
        outline=plain(outline),
        user_id=by.user_id,
        created_by=by.name,
        created_at=now,
        expires_at=now + timedelta(hours=limits.UPLOADS_EXPIRE_HOURS),
    )


def receive_piece(
    upload: Upload,
    source: Source,
    *,
    offset: int,
    checksum: Checksum | None = None,
    when_complete: Callable[[Upload], object],
    by: Actor,
) -> Upload:
    """Write the next piece of a file. What came before the line broke is kept.

    One request at a time writes to an upload: another meanwhile gets UploadBusy. Raises
    WrongOffset, UploadGone, FileTooLarge for more bytes than were announced, WrongChecksum, after
    which the piece counts as not sent, and StoreFull: what was safe on disk by then is kept.
    `when_complete` is called once, in the transaction of the last piece.
    """
    with storage.held(upload.identifier, wait=False) as mine:
        if not mine:
            raise UploadBusy(upload=upload.identifier)
        row = _open_upload(upload, by=by)
        if row.offset != offset:
            raise WrongOffset(offset=row.offset)
        path = storage.upload_path(row.identifier)
        with path.open("r+b" if path.exists() else "w+b") as writing:
            # What lies beyond was never confirmed to anybody.
            writing.truncate(row.offset)
            writing.seek(row.offset)
            with told_when_full(row.name):
                _write(row, source, writing, checksum)
        return _settle(row, when_complete)


@transaction.atomic
def give_up(upload: Upload, *, by: Actor) -> None:
    """Forget an upload and what came of it."""
    row = _open_upload(upload, by=by)
    storage.upload_path(row.identifier).unlink(missing_ok=True)
    row.delete()


def forget_expired(*, now: datetime) -> int:
    """Forget uploads whose time is over, and the files of those that were taken in."""
    count = 0
    for upload in Upload.objects.expired(now=now):
        with storage.held(upload.identifier, wait=False) as mine:
            if mine:
                storage.upload_path(upload.identifier).unlink(missing_ok=True)
                upload.delete()
                count += 1
        storage.file_path(f"{storage.LOCKS}/{upload.identifier}").unlink(missing_ok=True)
    return count


def finish_upload(upload: Upload, *, fault: str = "", of: str = "") -> None:
    """Note that a file was taken in, or why not, and remove what was sent.

    `of` is which file the fault is of, where several came in one.
    """
    within = of[:200] if of != upload.name else ""
    Upload.objects.filter(pk=upload.pk).update(
        finished_at=timezone.now(), fault=fault, fault_file=within
    )
    storage.upload_path(upload.identifier).unlink(missing_ok=True)


def note_fault(upload: Upload, fault: str) -> None:
    """Note why a file waits, which stays as it was sent."""
    Upload.objects.filter(pk=upload.pk).update(fault=fault)


def _open_upload(upload: Upload, *, by: Actor) -> Upload:
    row = Upload.objects.visible_to(by).filter(pk=upload.pk, finished_at=None).first()
    if row is None or row.expires_at <= timezone.now():
        raise UploadGone(upload=upload.identifier)
    by.require(RepositoryPermission.EDIT_OBJECTS, at=row.library_id)
    return row


def _write(row: Upload, source: Source, writing: BinaryIO, checksum: Checksum | None) -> None:
    digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
    written, unsettled = row.offset, 0
    for piece in _pieces(source):
        if written + len(piece) > row.length:
            raise FileTooLarge("longer_than_announced", name=row.name)
        writing.write(piece)
        written += len(piece)
        unsettled += len(piece)
        if digest is not None:
            digest.update(piece)
        elif unsettled >= SETTLE_EVERY:
            # So that little is lost when this very process is killed.
            _note_offset(row, written, writing)
            unsettled = 0
    if checksum is not None and digest is not None and digest.digest() != checksum.digest:
        raise WrongChecksum(offset=row.offset)
    _note_offset(row, written, writing)


def _pieces(source: Source) -> Iterator[bytes]:
    def read() -> bytes:
        try:
            return source.read(storage.PIECE)
        except OSError:
            # The line broke: what came so far counts.
            return b""

    return iter(read, b"")


def _note_offset(row: Upload, offset: int, writing: BinaryIO) -> None:
    writing.flush()
    os.fsync(writing.fileno())
    Upload.objects.filter(pk=row.pk).update(offset=offset)
    row.offset = offset


@transaction.atomic
def _settle(row: Upload, when_complete: Callable[[Upload], object]) -> Upload:
    if row.is_complete:
        when_complete(row)
    return row
