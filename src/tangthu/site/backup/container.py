"""The file that a backup is: parts in a ZIP, and a list by which damage is seen."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from tangthu.site.backup.errors import BackupRefused

LIST = "backup.json"
FORMAT = 1
PIECE = 1 << 20
LARGEST_LIST = 1 << 30
SEAL = b"sha256:"
DIGITS = 64
"""The last bytes of the file: the SHA-256 of all bytes before them, in hexadecimal digits."""
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One file inside: its size in bytes, and its SHA-256 in hexadecimal digits."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself. `database` is Django's name of the kind of database."""

    made_at: str
    release: str
    database: str
    migrations: list[str]
    parts: list[Part] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Return the bytes of all parts together."""
        return sum(part.size for part in self.parts)


class Writer:
    """Puts parts into a backup, each read once."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._parts: list[Part] = []

    def put(self, name: str, pieces: Iterable[bytes], *, squeezed: bool = False) -> None:
        """Write one part."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if squeezed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as target:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        self._parts.append(Part(name, size, digest.hexdigest()))

    def close(self, about: About) -> About:
        """Write the list of all parts, which makes it a backup."""
        whole = asdict(about) | {
            "format": FORMAT,
            "parts": [asdict(part) for part in self._parts],
        }
        written = json.dumps(whole, ensure_ascii=False, indent=1)
        self._archive.writestr(LIST, written, zipfile.ZIP_DEFLATED)
        return About(about.made_at, about.release, about.database, about.migrations, self._parts)


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """Yield a writer; the file has its name once it is whole and on disk, and is its owner's alone.

    Raises OSError, after which nothing is left.
    """
    beside = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with open(beside, "xb", opener=_owner_only) as file:
            with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
                yield Writer(archive)
                archive.comment = SEAL + b"0" * DIGITS
            file.flush()
            _seal(beside)
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def verified(source: Path) -> About:
    """Read every byte of a backup and return what it says of itself.

    Raises BackupRefused for a file that is none, is damaged, or of a later format.
    """
    try:
        if _digest(source) != _sealed(source):
            raise BackupRefused(f"{source} is no backup, or is damaged: its checksum is wrong.")
        with zipfile.ZipFile(source) as archive:
            about = _about(archive)
            if sorted(archive.namelist()) != sorted([LIST, *(part.name for part in about.parts)]):
                raise BackupRefused(f"{source} is damaged: it does not hold what its list names.")
            for part in about.parts:
                if not _is_safe(part.name):
                    raise BackupRefused(f"{source} is no backup: {part.name!r} leads out of it.")
    except _DAMAGE as error:
        raise BackupRefused(f"{source} is no backup, or is damaged: {_told(error)}.") from error
    return about


def unpack(source: Path, part: Part, target: Path) -> None:
    """Write one part to a file that only we may read, sure to be on disk. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        zipfile.ZipFile(source) as archive,
        archive.open(part.name) as reading,
        open(target, "wb", opener=_owner_only) as file,
    ):
        shutil.copyfileobj(reading, file, PIECE)
        file.flush()
        os.fsync(file.fileno())


def pieces_of(path: Path) -> Iterator[bytes]:
    """Yield a file piece by piece."""
    with path.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


def _about(archive: zipfile.ZipFile) -> About:
    info = archive.getinfo(LIST)
    if info.file_size > LARGEST_LIST:
        raise ValueError("its list is too long")
    told: dict[str, Any] = json.loads(archive.read(info))
    if told.pop("format") != FORMAT:
        raise BackupRefused("The backup is of a later release: update Tàng Thư first.")
    parts = [Part(**each) for each in told.pop("parts")]
    return About(**told, parts=parts)


def _seal(path: Path) -> None:
    digest = _digest(path)
    with path.open("r+b") as file:
        file.seek(-DIGITS, os.SEEK_END)
        file.write(digest)


def _sealed(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-DIGITS, os.SEEK_END)
        return file.read()


def _digest(path: Path) -> bytes:
    """Return the digits that must stand at the end of the file."""
    digest, left = hashlib.sha256(), path.stat().st_size - DIGITS
    with path.open("rb") as file:
        while left > 0 and (piece := file.read(min(PIECE, left))):
            digest.update(piece)
            left -= len(piece)
    return digest.hexdigest().encode()


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _told(error: Exception) -> str:
    return str(error).strip("'\".") or type(error).__name__


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
