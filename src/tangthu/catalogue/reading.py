"""What the desk reads of the catalogue: lists that stay quick on any page, and look-alikes."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from tangthu.catalogue import barcodes, columns
from tangthu.catalogue.models import Item, ItemStatus, MatchKey, Record, RecordQuerySet
from tangthu.core.prepared import Prepared
from tangthu.formats.marc.identifiers import isbn13
from tangthu.formats.marc.matching import MatchKind
from tangthu.formats.marc.record import MarcRecord
from tangthu.libraries.models import Library
from tangthu.libraries.reading import network
from tangthu.text import match_key, sort_key

PAGE = 50
MOST_FOUND = 1000
MOST_ALIKE = 5

ORDERS = {"title": "title_key", "-title": "-title_key", "changed": "updated_at"}
ORDERS["-changed"] = "-updated_at"
NEWEST = "-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which records the list shows."""

    q: str = ""
    library: Library | None = None
    material: str = ""
    state: str = ""
    sort: str = NEWEST

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.library or self.material or self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One page of a list, and the marks behind which the pages beside it lie."""

    records: Sequence[Record]
    before: str = ""
    after: str = ""


_COPY = Prepared(lambda barcode: Item.objects.filter(barcode=barcode), slots=1)
_HEADING = Prepared(lambda pk: Record.objects.filter(pk=pk).only("title", "call_number"), slots=1)


def copy_by_barcode(text: str) -> Item | None:
    """Return the copy with this barcode, its library, and its record's title and call number.

    As a scanner or a person writes it, in any case and spacing. Three short queries.
    """
    item = _COPY.first(barcodes.normal(text))
    if item is not None:
        record = _HEADING.first(item.record_id)
        if record is not None:
            item.record = record
        item.library = network().libraries[item.library_id]
    return item


def wanted_records(seen: RecordQuerySet, wanted: Wanted) -> RecordQuerySet:
    """Return the records that the list is asked for, unordered."""
    found = seen
    if wanted.q:
        found = found.filter(_matching(wanted.q))
    if wanted.library is not None:
        found = found.filter(library__in=Library.objects.under(wanted.library))
    if wanted.material:
        found = found.filter(material_type=wanted.material)
    match wanted.state:
        case "hidden":
            return found.filter(suppressed=True)
        case "shown":
            return found.filter(suppressed=False)
        case "without_items":
            return found.filter(~Exists(Item.objects.in_stock().filter(record=OuterRef("pk"))))
    return found


def slice_of(found: RecordQuerySet, *, sort: str, after: str = "", before: str = "") -> Slice:
    """Return the page behind or before a mark. Deep pages cost what the first one costs.

    A mark that was tampered with begins at the first page.
    """
    column = ORDERS.get(sort, ORDERS[NEWEST])
    backwards = bool(before) and not after
    mark = _unmark(before if backwards else after, column)
    ordered = _ordered(found, column, backwards=backwards)
    if mark is not None:
        ordered = ordered.filter(_beyond(column, mark, backwards=backwards))
    rows = list(
        ordered.without_marc()
        .select_related("library")
        .annotate(copies=Count("items", filter=~Q(items__status=ItemStatus.WITHDRAWN)))[: PAGE + 1]
    )
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    if backwards:
        rows.reverse()
    has_before = more if backwards else mark is not None
    has_after = more or backwards
    return Slice(
        records=rows,
        before=_mark(rows[0], column) if rows and has_before else "",
        after=_mark(rows[-1], column) if rows and has_after else "",
    )


def alike(marc: MarcRecord, *, but: Record | None = None) -> list[Record]:
    """Return records that may describe the same document: by number, ISBN, ISSN or title."""
    keys = columns.keys_of(columns.description_of(marc))
    same = MatchKey.objects.filter(key__in=[key for _, key in keys])
    ids = {row.record_id for row in same[:100] if (row.kind, row.key) in keys}
    if but is not None:
        ids.discard(but.pk)
    found = Record.objects.without_marc().filter(pk__in=ids).select_related("library")
    return list(found.order_by("title_key", "id")[:MOST_ALIKE])


def _matching(text: str) -> Q:
    """Match a barcode, an accession number, an ISBN, or the beginning of a title."""
    code, number = barcodes.normal(text), barcodes.normal_number(text)
    items = Item.objects.filter(Q(barcode=code) | Q(accession_number=number))
    ids = set(items.values_list("record_id", flat=True)[:MOST_FOUND])
    isbn = isbn13(text)
    if isbn:
        ids |= _under_key(Q(kind=MatchKind.ISBN, key=isbn))
    folded = match_key(text)
    if folded:
        ids |= _under_key(Q(kind=MatchKind.TITLE) & _beginning(folded))
    return Q(pk__in=ids) | _title_from(text)


def _under_key(condition: Q) -> set[int]:
    rows = MatchKey.objects.filter(condition).values_list("record_id", flat=True)
    return set(rows[:MOST_FOUND])


def _beginning(folded: str) -> Q:
    """Match keys that begin so; as a range where LIKE would not use the index."""
    if connection.vendor == "sqlite":
        return Q(key__gte=folded, key__lt=f"{folded}\U0010ffff")
    return Q(key__startswith=folded)


def _title_from(text: str) -> Q:
    """Match titles that begin with the letters typed, whatever their tones."""
    # A sort key is letters, 01, marks, 00 and four bytes that part equal keys.
    letters = sort_key(text.replace("|", " "))[:-5].rpartition(b"\x01")[0]
    if not letters:
        return Q(pk=None)
    return Q(title_key__gte=letters, title_key__lt=letters + b"\xff")


def _ordered(found: RecordQuerySet, column: str, *, backwards: bool) -> RecordQuerySet:
    descending = column.startswith("-") != backwards
    sign = "-" if descending else ""
    return found.order_by(f"{sign}{column.lstrip('-')}", f"{sign}id")


def _beyond(column: str, mark: tuple[object, int], *, backwards: bool) -> Q:
    name, descending = column.lstrip("-"), column.startswith("-") != backwards
    sign = "lt" if descending else "gt"
    value, pk = mark
    # The first condition is the range that the index reads; the others only trim its first row.
    return Q(**{f"{name}__{sign}e": value}) & (
        Q(**{f"{name}__{sign}": value}) | Q(**{f"pk__{sign}": pk})
    )


def _mark(record: Record, column: str) -> str:
    name = column.lstrip("-")
    value = getattr(record, name)
    written = bytes(value).hex() if name == "title_key" else value.isoformat()
    return base64.urlsafe_b64encode(json.dumps([written, record.pk]).encode()).decode()


def _unmark(mark: str, column: str) -> tuple[object, int] | None:
    try:
        written, pk = json.loads(base64.urlsafe_b64decode(mark.encode()))
        if not 0 < int(pk) < 2**63:
            return None
        if column.lstrip("-") == "title_key":
            return bytes.fromhex(written), int(pk)
        moment = datetime.fromisoformat(written)
        return (moment, int(pk)) if moment.tzinfo else None
    except (binascii.Error, ValueError, TypeError, AttributeError):
        return None
