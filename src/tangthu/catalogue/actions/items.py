"""What the library does with copies: enter, change, withdraw, take back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.db.models.functions import Length
from django.utils import timezone

from tangthu.catalogue import barcodes, guards, scans
from tangthu.catalogue.actions.records import RECORD_CHANGED
from tangthu.catalogue.errors import (
    AccessionNumberTaken,
    BadAccessionNumber,
    BadBarcode,
    BarcodeTaken,
    ItemLentAsScan,
    ItemNotWithdrawn,
    ItemWithdrawn,
    LocationElsewhere,
    TooManyCopies,
)
from tangthu.catalogue.models import AccessionSeries, Item, ItemStatus, ItemType, Record
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.core.errors import StaleVersion
from tangthu.libraries.models import Library, Location

MOST_COPIES = 500
_PLAIN_FIELDS = frozenset(
    {"item_type", "status", "call_number", "price", "materials", "note", "accessioned_on"}
)
NUMBER_WIDTH = 6

STANDARD_ITEM_TYPES = {
    "book": "Sách",
    "serial": "Báo, tạp chí",
    "map": "Bản đồ",
    "picture": "Tranh, ảnh",
    "sound": "Băng, đĩa tiếng",
    "video": "Băng, đĩa hình",
    "electronic": "Tài liệu điện tử",
    "manuscript": "Bản thảo, luận văn",
    "kit": "Bộ tài liệu, trò chơi",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemData:
    """A copy to be entered.

    Without an accession number the next one of the series under `prefix` is given (without a
    prefix, the library's code and a point). Without a barcode it is library code and number.
    """

    library: Library
    item_type: ItemType
    location: Location | None = None
    prefix: str | None = None
    accession_number: str = ""
    barcode: str = ""
    status: str = ItemStatus.AVAILABLE
    call_number: str = ""
    price: int | None = None
    materials: str = ""
    note: str = ""
    accessioned_on: date | None = None


class ItemChanges(TypedDict, total=False):
    """What may be changed of a copy. The library only together with a location of it."""

    library: Library
    location: Location | None
    accession_number: str
    barcode: str
    item_type: ItemType
    status: str
    call_number: str
    price: int | None
    materials: str
    note: str
    accessioned_on: date


@transaction.atomic
def provide_item_types() -> None:
    """Lay down the usual item types where there is none yet. Libraries may rename them."""
    if not ItemType.objects.exists():
        ItemType.objects.bulk_create(
            [ItemType(code=code, name=name) for code, name in STANDARD_ITEM_TYPES.items()],
            ignore_conflicts=True,
        )


def add_item(record: Record, data: ItemData, *, by: Actor) -> Item:
    """Enter one copy; see `add_items`."""
    return add_items(record, data, copies=1, by=by)[0]


def add_items(record: Record, data: ItemData, *, copies: int, by: Actor) -> list[Item]:
    """Enter copies of the record in the library's accession register, all or none.

    A given number or barcode counts for the first copy; the others follow it. Numbers of a
    series are drawn under its lock, so that two people never get the same one.

    Raises BarcodeTaken or AccessionNumberTaken, naming the copy that holds it, BadBarcode,
    BadAccessionNumber, LocationElsewhere, TooManyCopies.
    """
    by.require(CataloguePermission.EDIT_ITEMS, at=data.library.pk)
    if not 0 < copies <= MOST_COPIES:
        raise TooManyCopies("copies", maximum=MOST_COPIES)
    _require_location(data.library.pk, data.location)
    try:
        with transaction.atomic():
            return _enter(record, data, copies, by)
    except IntegrityError:
        # Another desk took a number between our look and our write: now its copy can be named.
        numbers, codes = _given(data, copies)
        _require_free(data.library, numbers, codes)
        raise


def change_item(
    item: Item, *, by: Actor, version: int | None = None, **wanted: Unpack[ItemChanges]
) -> Item:
    """Correct the data of a copy, or move it to another location or library.

    Moving needs the permission at both libraries. Raises StaleVersion when somebody saved since
    `version`, ItemWithdrawn for a copy that left the stock, and what `add_items` raises.
    """
    try:
        with transaction.atomic():
            return _change(item, version, wanted, by)
    except IntegrityError:
        number = barcodes.normal_number(wanted.get("accession_number", item.accession_number))
        code = barcodes.normal(wanted.get("barcode", item.barcode))
        _require_free(wanted.get("library", item.library), [number], [code], but=item)
        raise


def _change(item: Item, version: int | None, wanted: ItemChanges, by: Actor) -> Item:
    locked = Item.objects.select_for_update().get(pk=item.pk)
    by.require(CataloguePermission.EDIT_ITEMS, at=locked.library_id)
    if version is not None and locked.version != version:
        raise StaleVersion(item=item.pk, seen=version, now=locked.version)
    if locked.status == ItemStatus.WITHDRAWN:
        raise ItemWithdrawn(barcode=locked.barcode)
    before = audit.snapshot(locked)
    _apply(locked, wanted, by)
    _save(locked)
    _tell("item.change", locked, by=by, before=before)
    return locked


@transaction.atomic
def withdraw_item(item: Item, *, by: Actor, reason: str = "") -> Item:
    """Take a copy out of the stock. Its line stays in the register, its number is never reused.

    Raises ItemWithdrawn if it already left, ItemLentAsScan while it stands in for a scan on loan,
    and what apps above hold against it (a loan).
    """
    locked = Item.objects.select_for_update().get(pk=item.pk)
    by.require(CataloguePermission.EDIT_ITEMS, at=locked.library_id)
    if locked.status == ItemStatus.WITHDRAWN:
        raise ItemWithdrawn(barcode=locked.barcode)
    scans.settle(locked, now=timezone.now())
    _require_own_state(locked, ItemStatus.WITHDRAWN)
    guards.ask_before_withdrawal(locked)
    before = audit.snapshot(locked)
    locked.status = ItemStatus.WITHDRAWN
    locked.note = reason or locked.note
    _save(locked)
    _tell("item.withdraw", locked, by=by, before=before)
    return locked


@transaction.atomic
def reinstate_item(item: Item, *, by: Actor) -> Item:
    """Take a withdrawn copy back into the stock. Raises ItemNotWithdrawn if it never left."""
    locked = Item.objects.select_for_update().get(pk=item.pk)
    by.require(CataloguePermission.EDIT_ITEMS, at=locked.library_id)
    if locked.status != ItemStatus.WITHDRAWN:
        raise ItemNotWithdrawn(barcode=locked.barcode)
    before = audit.snapshot(locked)
    locked.status = ItemStatus.AVAILABLE
    _save(locked)
    _tell("item.reinstate", locked, by=by, before=before)
    return locked


def next_number(library: Library, prefix: str | None = None) -> str:
    """Return the accession number that would be given next, without drawing it."""
    wanted = _prefix(library, prefix)
    series = AccessionSeries.objects.filter(library=library, prefix=wanted).first()
    series = series or AccessionSeries(library=library, prefix=wanted, width=NUMBER_WIDTH)
    return _free_numbers(series, 1)[0]


def _enter(record: Record, data: ItemData, copies: int, by: Actor) -> list[Item]:
    numbers, codes = _given(data, copies)
    if not numbers:
        numbers = _draw(data.library, data.prefix, copies)
    codes = codes or [barcodes.derived(data.library.code, number) for number in numbers]
    _require_readable(numbers, codes)
    _require_free(data.library, numbers, codes)
    now = timezone.now()
    items = Item.objects.bulk_create(
        Item(
            record=record,
            library=data.library,
            location=data.location,
            accession_number=number,
            barcode=code,
            item_type=data.item_type,
            status=data.status,
            call_number=data.call_number,
            price=data.price,
            materials=data.materials,
            note=data.note,
            accessioned_on=data.accessioned_on or timezone.localdate(now),
            created_at=now,
            updated_at=now,
        )
        for number, code in zip(numbers, codes, strict=True)
    )
    for item in items:
        audit.record(
            "item.add",
            by=by,
            kind="item",
            key=item.pk,
            library=item.library_id,
            after=audit.snapshot(item),
        )
    changes.append(RECORD_CHANGED, [record.pk], library=data.library.pk)
    return items


def _given(data: ItemData, copies: int) -> tuple[list[str], list[str]]:
    """Return the numbers and barcodes that the data name, in normal form; empty where none."""
    number, code = barcodes.normal_number(data.accession_number), barcodes.normal(data.barcode)
    try:
        numbers = barcodes.following(number, copies) if number else []
    except ValueError as error:
        raise BadAccessionNumber("accession_number", value=number) from error
    try:
        codes = barcodes.following(code, copies) if code else []
    except ValueError as error:
        raise BadBarcode("barcode", value=code) from error
    return numbers, codes


def _draw(library: Library, prefix: str | None, count: int) -> list[str]:
    """Take the next numbers of the series, under its lock."""
    wanted = _prefix(library, prefix)
    AccessionSeries.objects.get_or_create(
        library=library, prefix=wanted, defaults={"width": NUMBER_WIDTH}
    )
    series = AccessionSeries.objects.select_for_update().get(library=library, prefix=wanted)
    numbers = _free_numbers(series, count)
    series.save(update_fields=["last"])
    return numbers


def _free_numbers(series: AccessionSeries, count: int) -> list[str]:
    """Return the next numbers that no copy bears, and move the series behind them."""
    while True:
        numbers = [
            f"{series.prefix}{series.last + step:0{series.width}d}" for step in range(1, count + 1)
        ]
        taken = Item.objects.filter(library=series.library, accession_number__in=numbers)
        if not taken.exists():
            series.last += count
            return numbers
        series.last = max(series.last + 1, _highest(series))


def _highest(series: AccessionSeries) -> int:
    """Return the highest number of the series' form that stands in the register."""
    width = len(series.prefix) + series.width
    found = (
        Item.objects.filter(library=series.library, accession_number__startswith=series.prefix)
        .annotate(length=Length("accession_number"))
        .filter(length=width)
        .aggregate(last=Max("accession_number"))["last"]
    )
    digits = found[len(series.prefix) :] if found else ""
    return int(digits) if digits.isdecimal() else 0


def _prefix(library: Library, prefix: str | None) -> str:
    return f"{library.code}." if prefix is None else barcodes.normal_number(prefix)


def _require_readable(numbers: list[str], codes: list[str]) -> None:
    for number in numbers:
        if not barcodes.is_number(number):
            raise BadAccessionNumber("accession_number", value=number)
    for code in codes:
        if not barcodes.is_barcode(code):
            raise BadBarcode("barcode", value=code)


def _require_free(
    library: Library, numbers: list[str], codes: list[str], *, but: Item | None = None
) -> None:
    """Raise the refusal that names the copy holding one of the numbers or barcodes."""
    others = Item.objects.exclude(pk=but.pk) if but else Item.objects.all()
    holder = _first(others.filter(barcode__in=codes))
    if holder is not None:
        raise BarcodeTaken(**_named(holder))
    holder = _first(others.filter(library=library, accession_number__in=numbers))
    if holder is not None:
        raise AccessionNumberTaken(**_named(holder))


def _first(items: QuerySet[Item]) -> Item | None:
    return items.select_related("record", "library").defer("record__marc").order_by("id").first()


def _named(item: Item) -> dict[str, object]:
    return {
        "item": item.pk,
        "barcode": item.barcode,
        "accession_number": item.accession_number,
        "title": item.record.title,
        "record": item.record_id,
        "library": item.library.name,
    }


def _require_location(library: int, location: Location | None) -> None:
    if location is not None and location.library_id != library:
        raise LocationElsewhere("location", location=location.code)


def _apply(item: Item, wanted: ItemChanges, by: Actor) -> None:
    """Put the wanted values on the locked row, judging those that others depend on."""
    library = wanted.get("library", item.library)
    by.require(CataloguePermission.EDIT_ITEMS, at=library.pk)
    moved = library.pk != item.library_id
    location = wanted.get("location", None if moved else item.location)
    _require_location(library.pk, location)
    number = barcodes.normal_number(wanted.get("accession_number", item.accession_number))
    code = barcodes.normal(wanted.get("barcode", item.barcode))
    _require_readable([number], [code])
    _require_free(library, [number], [code], but=item)
    plain: Mapping[str, object] = {
        name: value for name, value in wanted.items() if name in _PLAIN_FIELDS
    }
    _require_own_state(item, wanted.get("status", item.status))
    for name, value in plain.items():
        setattr(item, name, value)
    item.library, item.location = library, location
    item.accession_number, item.barcode = number, code


def _require_own_state(item: Item, wanted: str) -> None:
    """Refuse to begin or to end by hand that the copy stands in for its scan."""
    if wanted != item.status and ItemStatus.LENT_AS_SCAN in {wanted, item.status}:
        raise ItemLentAsScan(barcode=item.barcode)


def _save(item: Item) -> None:
    item.version += 1
    item.updated_at = timezone.now()
    item.save()


def _tell(action: str, item: Item, *, by: Actor, before: dict[str, object]) -> None:
    audit.record(
        action,
        by=by,
        kind="item",
        key=item.pk,
        library=item.library_id,
        before=before,
        after=audit.snapshot(item),
    )
    changes.append(RECORD_CHANGED, [item.record_id], library=item.library_id)
