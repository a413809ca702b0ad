"""Records and their items out of the catalogue, in batches, ready to become documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from tangthu.catalogue.models import Item, Record
from tangthu.discovery.documents import Holdings, Row
from tangthu.repository.models import ObjectRecord
from tangthu.repository.policy.access import LISTED
from tangthu.repository.policy.kinds import ObjectKind, Restriction, State

_COLUMNS = ("id", "marc", "title_key", "author_key", "suppressed", "created_at")
_ITEM_COLUMNS = (
    "record_id",
    "library__code",
    "location_id",
    "accession_number",
    "barcode",
    "call_number",
)


def rows(ids: Iterable[int]) -> list[Row]:
    """Return the rows of these records; those that are gone are missing."""
    return _with_holdings(Record.objects.filter(pk__in=list(ids)))


def all_rows(*, batch: int) -> Iterator[list[Row]]:
    """Yield the rows of every record in batches, by id, so that none is met twice."""
    yield from _in_batches(Record.objects.all(), batch)


def rows_at(libraries: Collection[int], *, batch: int) -> Iterator[list[Row]]:
    """Yield the rows of the records with copies at these libraries, in batches."""
    if libraries:
        copies = Item.objects.in_stock().filter(record=OuterRef("pk"), library__in=libraries)
        yield from _in_batches(Record.objects.filter(Exists(copies)), batch)


def records_of(objects: Collection[int]) -> list[int]:
    """Return the records that these digital objects show."""
    links = (
        ObjectRecord.objects.filter(object__in=objects) if objects else ObjectRecord.objects.none()
    )
    return list(links.order_by().values_list("record_id", flat=True).distinct())


def _in_batches(records: QuerySet[Record], batch: int) -> Iterator[list[Row]]:
    last = 0
    while found := _with_holdings(records.filter(pk__gt=last).order_by("pk")[:batch]):
        yield found
        last = found[-1].id


def _with_holdings(records: QuerySet[Record]) -> list[Row]:
    found = list(records.values_list(*_COLUMNS))
    ids = [number for number, *_ in found]
    holdings, online = _holdings(ids), _online(ids)
    return [
        Row(
            id=number,
            marc=marc,
            title_key=bytes(title_key),
            author_key=bytes(author_key),
            hidden=hidden,
            created_at=created_at,
            holdings=holdings.get(number, Holdings()),
            online=number in online,
        )
        for number, marc, title_key, author_key, hidden, created_at in found
    ]


def _holdings(ids: Sequence[int]) -> dict[int, Holdings]:
    if not ids:
        return {}
    # A range is one scan of an index; thousands of single ids are as many probes.
    within = Item.objects.in_stock().filter(record__gte=min(ids), record__lte=max(ids))
    chosen = within if max(ids) - min(ids) < 4 * len(ids) else within.filter(record__in=ids)
    items: defaultdict[int, list[tuple[object, ...]]] = defaultdict(list)
    for record, *columns in chosen.order_by("pk").values_list(*_ITEM_COLUMNS):
        items[record].append(tuple(columns))
    return {record: _summary(found) for record, found in items.items()}


def _online(ids: Sequence[int]) -> set[int]:
    """Return those of the records of which something can be read on the screen."""
    if not ids:
        return set()
    links = ObjectRecord.objects.filter(record__gte=min(ids), record__lte=max(ids))
    closed = Q(object__embargo_until__gte=timezone.localdate())
    shown = links.filter(
        object__state=State.PUBLISHED,
        object__access__in=LISTED,
        object__restriction=Restriction.NONE,
    ).exclude(closed | Q(object__kind=ObjectKind.DATA))
    return set(shown.order_by().values_list("record_id", flat=True)) & set(ids)


def _summary(items: Iterable[tuple[object, ...]]) -> Holdings:
    libraries, locations, accessions, barcodes, call_numbers = (
        tuple(dict.fromkeys(str(value) for value in column if value))
        for column in zip(*items, strict=True)
    )
    return Holdings(
        libraries=libraries,
        locations=locations,
        numbers=tuple(dict.fromkeys((*accessions, *barcodes))),
        call_numbers=call_numbers,
    )
