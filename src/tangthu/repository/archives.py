"""ZIP files of strangers: looked at before they are opened, and opened within limits.

What an archive says of itself may be a lie, so reading counts what really comes out.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tangthu.repository.errors import FileRefused
from tangthu.repository.policy import limits
from tangthu.repository.policy.content import is_with_macros
from tangthu.repository.policy.names import safe_parts
from tangthu.repository.room import told_when_full

_MARKUP = (".xml", ".opf", ".ncx", ".xhtml", ".html", ".htm", ".rels", ".svg")
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_LONGEST_SIGN = 8
_PIECE = 1 << 20
# What `zipfile` raises for an entry that is broken, locked or packed in a way it does not know.
_DAMAGES = (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError)


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP file whose list of contents is sane. Raises FileRefused."""
    try:
        archive = zipfile.ZipFile(path)
    except (*_DAMAGES, OSError) as error:
        raise FileRefused("damaged_archive") from error
    with archive:
        _require_sane(archive)
        yield archive


def entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files within, without folders and what macOS and Windows leave lying about."""
    return [info for info in archive.infolist() if not info.is_dir() and not _is_litter(info)]


def extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    """Write one entry to `target`: as many bytes as it says, and no more. Raises FileRefused."""
    written = 0
    try:
        with (
            told_when_full(info.filename),
            archive.open(info) as reading,
            target.open("wb") as writing,
        ):
            while piece := reading.read(_PIECE):
                written += len(piece)
                if written > info.file_size:
                    raise FileRefused("archive_bomb")
                writing.write(piece)
    except _DAMAGES as error:
        raise FileRefused("damaged_archive") from error


def contents(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return one entry: as many bytes as it says, and no more. Raises FileRefused."""
    try:
        with archive.open(info) as reading:
            return reading.read(info.file_size)
    except _DAMAGES as error:
        raise FileRefused("damaged_archive") from error


def names_within(path: Path) -> frozenset[str]:
    """Return what the entries of a file are called; none where it is no archive, or damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist()[: limits.MOST_ENTRIES])
    except (*_DAMAGES, OSError):
        return frozenset()


def require_harmless(path: Path) -> None:
    """Look through a ZIP, EPUB, DOCX or XLSX that is kept as it is.

    Raises FileRefused for bombs, ways out of the folder, passwords, for entities in its XML, by
    which a few lines grow to gigabytes in whoever reads them, and for macros, which run on the
    computer of whoever saves the file.
    """
    with opened(path) as archive:
        if is_with_macros(archive.namelist()):
            raise FileRefused("macros")
        for info in archive.infolist():
            if info.filename.lower().endswith(_MARKUP) and _has_entities(archive, info):
                raise FileRefused("xml_entities")


def _has_entities(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """Tell whether the part declares entities, anywhere: a long comment may stand before them."""
    before = b""
    try:
        with archive.open(info) as reading:
            while piece := reading.read(_PIECE):
                # In UTF-16 every second byte is nothing.
                plain = before + piece.replace(b"\x00", b"")
                if _ENTITY.search(plain):
                    return True
                before = plain[-_LONGEST_SIGN:]
    except _DAMAGES as error:
        raise FileRefused("damaged_archive") from error
    return False


def _require_sane(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    if len(infos) > limits.MOST_ENTRIES:
        raise FileRefused("too_many_entries")
    if sum(info.file_size for info in infos) > limits.LARGEST_UNPACKED:
        raise FileRefused("archive_bomb")
    for info in infos:
        if info.flag_bits & 0x1:
            raise FileRefused("encrypted")
        if safe_parts(info.filename) is None and info.filename.strip("/"):
            raise FileRefused("path_leads_out")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise FileRefused("path_leads_out")
        if info.file_size > limits.RATIO_FROM and _ratio(info) > limits.LARGEST_RATIO:
            raise FileRefused("archive_bomb")


def _ratio(info: zipfile.ZipInfo) -> float:
    return info.file_size / max(info.compress_size, 1)


def _is_litter(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.replace("\\", "/").split("/")
    name = parts[-1].casefold()
    return parts[0] == "__MACOSX" or name.startswith("._") or name in {".ds_store", "thumbs.db"}
