"""From what a person names (numbers, records, a stretch of shelf) to documents to choose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tangthu.catalogue import barcodes
from tangthu.catalogue.models import Item, ItemStatus, Record, RecordQuerySet
from tangthu.digitisation.models import Capture, Project
from tangthu.libraries.models import Location
from tangthu.repository.models import ObjectRecord
from tangthu.repository.policy.kinds import State

MOST = 500
_FIT = (ItemStatus.AVAILABLE, ItemStatus.ON_SITE_ONLY, ItemStatus.IN_PROCESSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A document that somebody named by `word`: its record and copy, or why it is not taken."""

    word: str
    record: Record | None = None
    item: Item | None = None
    refusal: str = ""
    detail: str = ""


def by_numbers(words: Sequence[str], project: Project) -> list[Candidate]:
    """Find copies by barcode or accession number, and records by the number in their address.

    An accession number may be in the registers of several libraries: that of the project's counts.
    """
    found = [_named(word, project) for word in words[: MOST + 1]]
    return _judged(found)


def by_records(records: Iterable[int], project: Project) -> list[Candidate]:
    """Take records, each with the copy that is best fetched.

    One of which any copy is under way is refused: who names a title wants it once.
    """
    rows = Record.objects.without_marc().filter(pk__in=list(records)[: MOST + 1])
    found = _with_copies(rows.order_by("title_key", "id"), project)
    return _judged(found, by_title=True)


def by_shelf(
    location: Location, project: Project, *, first: str = "", last: str = ""
) -> list[Candidate]:
    """Take the copies of a stack in shelf order, from one call number to another."""
    items = Item.objects.in_stock().filter(location=location)
    if first:
        items = items.filter(call_number__gte=first)
    if last:
        # Up to and with all call numbers that begin so.
        items = items.filter(Q(call_number__lte=last) | Q(call_number__startswith=last))
    rows = items.select_related("record", "library").defer("record__marc")
    ordered = list(rows.order_by("call_number", "accession_number", "id")[: MOST + 1])
    once = {item.record_id: item for item in reversed(ordered)}
    chosen = [item for item in ordered if once[item.record_id] is item]
    return _judged([_of_copy(item.accession_number, item) for item in chosen])


def scope_of(project: Project) -> RecordQuerySet:
    """Return the records of the collection that the project is a part of."""
    items = Item.objects.in_stock()
    if project.location_id is not None:
        items = items.filter(location=project.location_id)
    if not project.call_number:
        return Record.objects.filter(pk__in=items.values("record"))
    begins = Q(call_number__startswith=project.call_number)
    records = Record.objects.filter(begins | Q(pk__in=items.filter(begins).values("record")))
    return records.filter(pk__in=items.values("record")) if project.location_id else records


def digitised(records: RecordQuerySet) -> RecordQuerySet:
    """Return those of the records that readers find a published object of."""
    links = ObjectRecord.objects.filter(object__state=State.PUBLISHED)
    return records.filter(pk__in=links.values("record"))


def _named(word: str, project: Project) -> Candidate:
    code, number = barcodes.normal(word), barcodes.normal_number(word)
    rows = Item.objects.filter(Q(barcode=code) | Q(accession_number=number))
    items = list(rows.select_related("record", "library").defer("record__marc")[:20])
    exact = [item for item in items if item.barcode == code]
    ours = [item for item in items if item.library_id == project.library_id]
    for chosen in (exact, ours, items):
        if len(chosen) == 1:
            return _of_copy(word, chosen[0])
    if items:
        return Candidate(word=word, refusal="several_copies")
    return Candidate(word=word, refusal="not_found")


def _of_copy(word: str, item: Item) -> Candidate:
    if item.status in {ItemStatus.LOST, ItemStatus.WITHDRAWN}:
        return Candidate(word=word, record=item.record, item=item, refusal="copy_gone")
    return Candidate(word=word, record=item.record, item=item)


def _with_copies(records: QuerySet[Record], project: Project) -> list[Candidate]:
    rows = list(records)
    items = Item.objects.filter(record__in=rows, status__in=_FIT)
    items = items.select_related("library", "location")
    best: dict[int, Item] = {}
    for item in items.order_by("id"):
        kept = best.get(item.record_id)
        if kept is None or _rank(item, project) < _rank(kept, project):
            best[item.record_id] = item
    return [Candidate(word=row.title, record=row, item=best.get(row.pk)) for row in rows]


def _rank(item: Item, project: Project) -> tuple[bool, bool]:
    return item.library_id != project.library_id, item.location_id != project.location_id


def _judged(found: Sequence[Candidate], *, by_title: bool = False) -> list[Candidate]:
    """Refuse by name what is under way or digitised already, and what was named twice."""
    ids = [each.record.pk for each in found if each.record is not None]
    under_way: dict[int, list[Capture]] = {}
    for capture in Capture.objects.unfinished().of_records(ids):
        if by_title:
            capture.item_id = None
        under_way.setdefault(capture.record_id, []).append(capture)
    links = ObjectRecord.objects.filter(record__in=ids).exclude(object__state=State.WITHDRAWN)
    objects = {link.record_id: link.object.title for link in links.select_related("object")}
    seen: set[tuple[int, int | None]] = set()
    return [_judge(each, under_way, objects, seen) for each in found]


def _judge(
    each: Candidate,
    under_way: dict[int, list[Capture]],
    objects: dict[int, str],
    seen: set[tuple[int, int | None]],
) -> Candidate:
    if each.refusal or each.record is None:
        return each
    key = (each.record.pk, each.item.pk if each.item else None)
    if key in seen:
        return _refused(each, "named_twice")
    seen.add(key)
    for capture in under_way.get(each.record.pk, ()):
        if capture.item_id is None or each.item is None or capture.item_id == each.item.pk:
            return _refused(each, "under_way", capture.number)
    if each.record.pk in objects:
        return _refused(each, "digitised", objects[each.record.pk])
    return each


def _refused(each: Candidate, code: str, detail: str = "") -> Candidate:
    return Candidate(
        word=each.word, record=each.record, item=each.item, refusal=code, detail=detail
    )
