"""An object handed out whole: a BagIt bag (RFC 8493) of its masters and all that is known of it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from tangthu.catalogue.exporting import ExportFormat, pieces
from tangthu.catalogue.models import Record
from tangthu.formats import markup
from tangthu.formats.bagit import Writer
from tangthu.repository import storage
from tangthu.repository.describing import written
from tangthu.repository.errors import FileDamaged
from tangthu.repository.mets import archived
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.policy.kinds import FileRole

METS_NAME = "mets.xml"
DESCRIPTION = "object.json"
RECORDS = "records.xml"


class Sink(Protocol):
    """Where files are put, one after another."""

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file piece by piece."""


class Folder:
    """Files in an empty folder."""

    def __init__(self, top: Path) -> None:
        self._top = top

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write the file below the folder."""
        target = self._top / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as writing:
            for piece in pieces:
                writing.write(piece)


class Packed:
    """Files in a ZIP, however many and however large (ZIP64), below a folder within."""

    def __init__(self, archive: zipfile.ZipFile, top: str = "") -> None:
        self._archive = archive
        self._top = top

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write the file behind those before. Pictures do not shrink: it is stored as it is."""
        with self._archive.open(f"{self._top}{name}", "w", force_zip64=True) as writing:
            for piece in pieces:
                writing.write(piece)


def write_bag(obj: DigitalObject, sink: Sink) -> None:
    """Put a bag of the object's current masters, originals and texts, in constant memory.

    What is read is compared with what was taken in: raises FileDamaged for a file that differs.
    """
    bag = Writer(sink.put)
    kept = DigitalFile.objects.filter(object=obj).current().exclude(role=FileRole.DELIVERY)
    for file in kept.order_by("id"):
        if bag.payload(file.logical_path, _bytes(file)) != file.sha256:
            raise FileDamaged(file=file.identifier, name=file.name)
    bag.payload(DESCRIPTION, [written(obj).encode()])
    bag.payload(METS_NAME, [f"{markup.HEADER}{archived(obj)}\n".encode()])
    records = Record.objects.filter(digital_links__object=obj).order_by("digital_links__position")
    if records:
        bag.payload(RECORDS, pieces(records, ExportFormat.MARCXML))
    bag.close(
        {
            "Source-Organization": obj.library.name,
            "External-Identifier": obj.identifier,
            "External-Description": obj.title,
            "Bag-Software-Agent": "tangthu",
        }
    )


def _bytes(file: DigitalFile) -> Iterator[bytes]:
    try:
        with storage.path_of(file).open("rb") as source:
            while piece := source.read(storage.PIECE):
                yield piece
    except FileNotFoundError as gone:
        raise FileDamaged(file=file.identifier, name=file.name) from gone
