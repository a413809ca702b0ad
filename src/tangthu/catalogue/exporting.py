"""The catalogue as a file of MARC: one record after another, so that memory stays flat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Protocol

from django.db.models import QuerySet

from tangthu.catalogue.models import Item, Record
from tangthu.catalogue.policy import ITEM_TAGS
from tangthu.formats.marc import storage, writer
from tangthu.formats.marc.errors import TooLong, Unwritable
from tangthu.formats.marc.record import DataField, MarcRecord, Subfield

_CHUNK = 500


class ExportFormat(StrEnum):
    """The forms in which records are handed out."""

    ISO2709 = "iso2709"
    MARCXML = "marcxml"
    JSON = "json"


EXTENSIONS = {
    ExportFormat.ISO2709: "mrc",
    ExportFormat.MARCXML: "xml",
    ExportFormat.JSON: "json",
}
CONTENT_TYPES = {
    ExportFormat.ISO2709: "application/marc",
    ExportFormat.MARCXML: "application/marcxml+xml",
    ExportFormat.JSON: "application/json",
}


class Sink(Protocol):
    """Where the bytes go."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""


@dataclass(slots=True)
class Exported:
    """How many records went out, and which could not, each with the reason."""

    written: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)


def export(
    records: QuerySet[Record], sink: Sink, form: ExportFormat, *, with_items: bool = False
) -> Exported:
    """Write the records in the order of the query. See `pieces`."""
    told = Exported()
    for piece in pieces(records, form, with_items=with_items, told=told):
        sink.write(piece)
    return told


def pieces(
    records: QuerySet[Record],
    form: ExportFormat,
    *,
    with_items: bool = False,
    told: Exported | None = None,
) -> Iterator[bytes]:
    """Yield the file piece by piece; `told` learns what was written and what was not.

    Records stand as they were imported or described. With items, the fields for copies (852,
    930, 949, 952) give way to one 952 for each copy now in the stock. A record that the format
    cannot hold is left out and told, never cut.
    """
    told = told if told is not None else Exported()
    before, between, after = _FRAMES[form]
    yield before
    first = True
    for record, marc in _with_marc(records, with_items=with_items):
        try:
            data = _WRITERS[form](marc)
        except Unwritable as error:
            reason = "too_long" if isinstance(error, TooLong) else "unwritable"
            told.refused.append((record.pk, record.title, f"{reason}: {error.detail}"))
            continue
        yield data if first else between + data
        first = False
        told.written += 1
    yield after


def _with_marc(
    records: QuerySet[Record], *, with_items: bool
) -> Iterator[tuple[Record, MarcRecord]]:
    rows = records.only("pk", "title", "marc").iterator(chunk_size=_CHUNK)
    while chunk := list(islice(rows, _CHUNK)):
        copies = _copies(chunk) if with_items else {}
        for record in chunk:
            marc = storage.loads(record.marc)
            if with_items:
                fields = [_copy_field(item) for item in copies.get(record.pk, ())]
                marc = marc.without_tags(*ITEM_TAGS).with_fields(fields)
            yield record, marc


def _copies(records: list[Record]) -> dict[int, list[Item]]:
    found: defaultdict[int, list[Item]] = defaultdict(list)
    for item in Item.objects.in_stock().for_list().filter(record__in=[r.pk for r in records]):
        found[item.record_id].append(item)
    return found


def _copy_field(item: Item) -> DataField:
    """Return the copy as Koha and its kin write it into a record."""
    values = (
        ("a", item.library.code),
        ("c", item.location.code if item.location else ""),
        ("d", item.accessioned_on.isoformat()),
        ("g", "" if item.price is None else str(item.price)),
        ("i", item.accession_number),
        ("o", item.call_number),
        ("p", item.barcode),
        ("y", item.item_type.code),
        ("z", item.note),
    )
    return DataField("952", " ", " ", tuple(Subfield(*pair) for pair in values if pair[1]))


def _xml(marc: MarcRecord) -> bytes:
    return writer.xml_record(marc).data


_WRITERS: dict[ExportFormat, Callable[[MarcRecord], bytes]] = {
    ExportFormat.ISO2709: writer.write_iso2709,
    ExportFormat.MARCXML: _xml,
    ExportFormat.JSON: writer.write_json,
}
_FRAMES = {
    ExportFormat.ISO2709: (b"", b"", b""),
    ExportFormat.MARCXML: (writer.XML_HEADER, b"", writer.XML_FOOTER),
    ExportFormat.JSON: (b"[\n", b",\n", b"\n]\n"),
}
