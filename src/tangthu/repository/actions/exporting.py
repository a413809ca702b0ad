"""A collection handed out whole: a bag for each object, the records, a register, and digests."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from tangthu.catalogue.exporting import ExportFormat, pieces
from tangthu.catalogue.models import Record
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.repository.bags import Sink, write_bag
from tangthu.repository.errors import FileDamaged
from tangthu.repository.mets import first_record
from tangthu.repository.models import Collection, DigitalObject, DigitalObjectQuerySet
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.kinds import Restriction

REGISTER = "register.csv"
RECORDS = "records.xml"
MANIFEST = "manifest-sha256.txt"
_COLUMNS = (
    "identifier",
    "title",
    "kind",
    "library",
    "collections",
    "record",
    "rights",
    "access",
    "restriction",
    "state",
    "pages",
    "files",
    "bytes",
    "outcome",
)
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many objects of how many were put."""

    done: int
    total: int


Tell = Callable[[Progress], None]


class _Measured:
    """A sink that knows what it was given, for the manifest of the whole."""

    def __init__(self, sink: Sink, top: str = "") -> None:
        self.digests: dict[str, str] = {}
        self._sink = sink
        self._top = top

    def below(self, folder: str) -> _Measured:
        inner = _Measured(self._sink, f"{self._top}{folder}/")
        inner.digests = self.digests
        return inner

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        digest = hashlib.sha256()

        def passing() -> Iterator[bytes]:
            for piece in pieces:
                digest.update(piece)
                yield piece

        self._sink.put(f"{self._top}{name}", passing())
        self.digests[f"{self._top}{name}"] = digest.hexdigest()


def export_collection(
    collection: Collection, sink: Sink, *, by: Actor, tell: Tell = lambda told: None
) -> Mapping[str, int]:
    """Put the collection and all below it into the sink; return how many objects came to what.

    A bag for each object whose library lets the actor hand it out. What a community keeps to
    itself is named in the register and not handed out; neither is an object with a damaged file.
    Files go by piece by piece. Raises NotPermitted where the actor may not at all.
    """
    by.require(RepositoryPermission.PRESERVE)
    audit.record(
        "collection.exported", by=by, kind="collection", key=collection.pk, after={"by": by.name}
    )
    whole = _Measured(sink)
    counts = {"exported": 0, "withheld": 0, "damaged": 0}
    rows: list[list[str]] = []
    found = _objects(collection, by=by)
    total = found.count()
    for obj in found.iterator(chunk_size=100):
        tell(Progress(len(rows), total))
        outcome = _export(obj, whole)
        counts[outcome] += 1
        rows.append(_row(obj, outcome))
    tell(Progress(total, total))
    told = _objects(collection, by=by).exclude(restriction=Restriction.COMMUNITY)
    records = Record.objects.filter(digital_objects__in=told.order_by().values("pk")).distinct()
    whole.put(RECORDS, pieces(records.order_by("pk"), ExportFormat.MARCXML))
    whole.put(REGISTER, [_register(rows)])
    lines = (f"{digest}  {name}\n" for name, digest in sorted(whole.digests.items()))
    sink.put(MANIFEST, ["".join(lines).encode()])
    return counts


def _objects(collection: Collection, *, by: Actor) -> DigitalObjectQuerySet:
    """Return the objects that the actor may hand out, those of the branches in tree order."""
    found = DigitalObject.objects.in_collection(collection).select_related("library")
    if not by.everywhere:
        libraries = by.libraries(RepositoryPermission.PRESERVE)
        if not libraries:
            raise NotPermitted(permission=str(RepositoryPermission.PRESERVE))
        found = found.filter(library__in=libraries)
    return found.order_by("pk")


def _export(obj: DigitalObject, whole: _Measured) -> str:
    if obj.restriction == Restriction.COMMUNITY:
        return "withheld"
    try:
        write_bag(obj, whole.below(obj.identifier))
    except FileDamaged:
        # What was written of it is no whole bag: the register says so, and its manifest is missing.
        return "damaged"
    return "exported"


def _row(obj: DigitalObject, outcome: str) -> list[str]:
    files = list(obj.files.current().exclude(role="delivery").values_list("size", flat=True))
    record = first_record(obj)
    values = (
        obj.identifier,
        obj.title,
        obj.kind,
        obj.library.code,
        " ".join(row.path for row in obj.collections.in_tree_order()),
        record.control_number if record else "",
        obj.rights,
        obj.access,
        obj.restriction,
        obj.state,
        obj.pages.count(),
        len(files),
        sum(files),
        outcome,
    )
    return [_cell(str(each)) for each in values]


def _cell(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_FORMULAS) else value


def _register(rows: Iterable[list[str]]) -> bytes:
    """Return the register as CSV that spreadsheets open with its letters whole."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    writer.writerows(rows)
    return (_BOM + written.getvalue()).encode()
