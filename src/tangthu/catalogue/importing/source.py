"""The file of an import: what tells it from others, and whether it can be imported at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tangthu.catalogue.errors import FileEmpty, FileMissing, FileNotMarc, FileOfIsis
from tangthu.formats.marc.errors import EmptyFile, IsisFile, NotMarc
from tangthu.formats.marc.outcome import Outcome
from tangthu.formats.marc.reader import read


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """The file of an import: its name for people, and what tells it from others."""

    name: str
    digest: str
    size: int
    stored: str = ""


def facts_of(path: Path, *, name: str = "", stored: str = "") -> FileFacts:
    """Return what tells the file from others. Raises FileMissing when it cannot be read."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError as error:
        raise FileMissing(path=str(path), reason=error.strerror) from error
    return FileFacts(name=name or path.name, digest=digest, size=size, stored=stored)


def require_marc(path: Path) -> None:
    """Raise FileMissing, FileEmpty, FileNotMarc or FileOfIsis for what cannot be imported."""
    try:
        with path.open("rb") as file:
            next(outcomes(file), None)
    except OSError as error:
        raise FileMissing(path=str(path), reason=error.strerror) from error


def outcomes(file: BinaryIO, *, start: int = 0, index: int = 0) -> Iterator[Outcome]:
    """Yield what the file holds; what it cannot be is said in the catalogue's words."""
    try:
        yield from read(file, start=start, index=index)
    except EmptyFile as error:
        raise FileEmpty from error
    except IsisFile as error:
        raise FileOfIsis from error
    except NotMarc as error:
        raise FileNotMarc from error
