"""What is to become of each record of a batch: entered, merged into another, skipped.

Reads the database, decides, and writes nothing: a trial run ends here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tangthu.catalogue import barcodes, columns, policy
from tangthu.catalogue.importing.drafts import Draft, Note
from tangthu.catalogue.importing.places import Places
from tangthu.catalogue.models import Item, MatchKey, NoteKind, OnDuplicate, Record
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.core.actor import Actor
from tangthu.formats.marc import storage
from tangthu.formats.marc.items import ItemData, price_in_dong
from tangthu.formats.marc.matching import MatchKind
from tangthu.formats.marc.record import MarcRecord
from tangthu.libraries.models import Library

LONGEST_NOTE = 300
MOST_CANDIDATES = 50
_KINDS = {kind.value: kind for kind in MatchKind}


@dataclass(slots=True, eq=False)
class Target:
    """A record of the catalogue, old or about to be, that something of the file goes into."""

    record: Record
    known_marc: MarcRecord | None = None
    known_identity: policy.Identity | None = None
    keys: list[tuple[str, str]] = field(default_factory=list)
    before: str = ""
    is_new: bool = False

    @property
    def marc(self) -> MarcRecord:
        if self.known_marc is None:
            self.known_marc = storage.loads(self.record.marc)
        return self.known_marc

    @property
    def identity(self) -> policy.Identity:
        if self.known_identity is None:
            self.known_identity = policy.identity_of(self.marc)
        return self.known_identity

    @property
    def is_changed(self) -> bool:
        return bool(self.before)


@dataclass(slots=True)
class Counts:
    """What became of records: `read` is the sum of the other four."""

    imported: int = 0
    merged: int = 0
    skipped: int = 0
    rejected: int = 0
    items_added: int = 0
    items_skipped: int = 0
    repaired: int = 0

    @property
    def read(self) -> int:
        return self.imported + self.merged + self.skipped + self.rejected


@dataclass(slots=True)
class Plan:
    """What a batch comes to, and for how long other writers waited: by the clock and in work."""

    end: int
    held: float = 0.0
    worked: float = 0.0
    new: list[Target] = field(default_factory=list)
    changed: dict[Target, None] = field(default_factory=dict)
    items: list[tuple[Target, Item]] = field(default_factory=list)
    notes: list[tuple[Draft, Note, Target | None]] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)


class Planner:
    """Plans the batches of one file for one library.

    A trial run must find the duplicates within the file too, though nothing of it is stored: so
    it `remembers` what earlier batches would have brought.
    """

    def __init__(
        self, places: Places, *, on_duplicate: str, by: Actor, remembers: bool = False
    ) -> None:
        self.places = places
        self._on_duplicate = on_duplicate
        self._by = by
        self._remembers = remembers
        self._brought: dict[tuple[str, str], list[Target]] = {}
        self._known: dict[int, Target] = {}
        self._taken: dict[str, Target | int] = {}

    @property
    def library(self) -> Library:
        return self.places.library

    def plan(self, drafts: Sequence[Draft], *, now: datetime, today: date) -> Plan:
        """Decide about each draft in order. The next batch sees what this one brings."""
        if not self._remembers:
            self._brought.clear()
            self._taken.clear()
        plan = Plan(end=drafts[-1].end)
        stored = self._stored(drafts)
        self._taken |= self._numbers_in_use(drafts)
        for draft in drafts:
            self._decide(plan, draft, stored, now)
        self._date_items(plan, today, now)
        self._slim(plan)
        return plan

    def _slim(self, plan: Plan) -> None:
        """Let go of what a trial run need not remember: it holds every record of the file."""
        if not self._remembers:
            return
        for target in plan.new:
            if self._on_duplicate == OnDuplicate.SKIP:
                target.identity  # noqa: B018 - read out while the record is at hand
                target.record.marc = ""
            else:
                target.known_identity = None
            target.known_marc = None

    def _decide(
        self, plan: Plan, draft: Draft, stored: dict[tuple[str, str], list[Target]], now: datetime
    ) -> None:
        if draft.marc is None or draft.row is None:
            plan.counts.rejected += 1
            plan.notes += [(draft, note, None) for note in draft.notes]
            return
        plan.counts.repaired += bool(draft.notes)
        choice = self._choose(draft, stored)
        if choice.found is None:
            target = self._enter(plan, draft, now)
            self._doubt(plan, draft, choice)
        else:
            target = choice.found
            self._unite(plan, draft, target, choice.kind, now)
        plan.notes += [(draft, note, target) for note in draft.notes]

    def _choose(
        self, draft: Draft, stored: dict[tuple[str, str], list[Target]]
    ) -> policy.Choice[Target]:
        if self._on_duplicate == OnDuplicate.ADD:
            return policy.Choice()
        candidates = [
            (_KINDS[key[0]], target, target.identity)
            for key in draft.keys
            for target in (*stored.get(key, ()), *self._brought.get(key, ()))
        ]
        if not candidates or draft.marc is None:
            return policy.Choice()
        return policy.choose(candidates, policy.identity_of(draft.marc))

    def _enter(self, plan: Plan, draft: Draft, now: datetime) -> Target:
        record = draft.row or Record()
        record.library = self.library
        record.created_at = record.updated_at = now
        target = Target(record, draft.marc, keys=draft.keys, is_new=True)
        plan.new.append(target)
        plan.counts.imported += 1
        self._remember(target, draft.keys)
        self._collect(plan, draft, target)
        return target

    def _unite(
        self, plan: Plan, draft: Draft, target: Target, kind: MatchKind | None, now: datetime
    ) -> None:
        if self._on_duplicate == OnDuplicate.SKIP or draft.marc is None:
            plan.counts.skipped += 1
            note = Note(kind=NoteKind.SKIPPED, reason=kind or "", detail=_told(target))
            plan.notes.append((draft, note, target))
        elif self._may_edit(target):
            plan.counts.merged += 1
            self._rewrite(plan, target, draft.marc, now)
        else:
            plan.counts.merged += 1
            note = Note(kind=NoteKind.DOUBTFUL, reason="foreign_record", detail=_told(target))
            plan.notes.append((draft, note, target))
        self._collect(plan, draft, target)

    def _may_edit(self, target: Target) -> bool:
        return self._by.may(CataloguePermission.IMPORT_RECORDS, at=target.record.library_id)

    def _rewrite(self, plan: Plan, target: Target, incoming: MarcRecord, now: datetime) -> None:
        replaces = self._on_duplicate == OnDuplicate.REPLACE
        united = (policy.replace if replaces else policy.merge)(target.marc, incoming)
        if united == target.marc:
            return
        if not target.is_new:
            target.before = target.before or target.record.marc
            plan.changed[target] = None
        described = columns.description_of(united)
        target.record.marc = storage.dumps(united)
        columns.draw_from(target.record, described)
        target.record.updated_at = now
        target.known_marc, target.known_identity = united, None
        target.keys = columns.keys_of(described)
        self._remember(target, target.keys)

    def _remember(self, target: Target, keys: Iterable[tuple[str, str]]) -> None:
        for key in keys:
            brought = self._brought.setdefault(key, [])
            if target not in brought:
                brought.append(target)

    def _doubt(self, plan: Plan, draft: Draft, choice: policy.Choice[Target]) -> None:
        if choice.doubt is None or choice.doubted is None:
            return
        note = Note(kind=NoteKind.DOUBTFUL, reason=choice.doubt, detail=_told(choice.doubted))
        plan.notes.append((draft, note, choice.doubted))

    def _stored(self, drafts: Sequence[Draft]) -> dict[tuple[str, str], list[Target]]:
        """Return the records of the catalogue under each key of the batch, in two queries."""
        if self._on_duplicate == OnDuplicate.ADD:
            return {}
        wanted = {key for draft in drafts for key in draft.keys}
        rows = (
            MatchKey.objects.filter(key__in=[key for _, key in wanted])
            .order_by("record_id")
            .values_list("kind", "key", "record_id")
        )
        found: dict[tuple[str, str], list[int]] = {}
        for kind, key, record in rows:
            if (kind, key) in wanted:
                found.setdefault((kind, key), []).append(record)
        ids = {record for records in found.values() for record in records[:MOST_CANDIDATES]}
        targets = self._targets(ids)
        return {
            key: [targets[record] for record in records[:MOST_CANDIDATES]]
            for key, records in found.items()
        }

    def _targets(self, ids: set[int]) -> dict[int, Target]:
        known = {pk: self._known[pk] for pk in ids if pk in self._known}
        unknown = Record.objects.in_bulk(ids - known.keys())
        found = {pk: Target(record) for pk, record in unknown.items()}
        if self._remembers:
            self._known |= found
        return known | found

    def _collect(self, plan: Plan, draft: Draft, target: Target) -> None:
        """Take the copies of the draft into the plan, unless their numbers are in use."""
        for copy in draft.copies:
            item = self._item(copy, target)
            reason, holder = self._objection(item)
            if not reason:
                self._taken |= dict.fromkeys(_marks(item), target)
                plan.items.append((target, item))
                plan.counts.items_added += 1
                continue
            plan.counts.items_skipped += 1
            if not _is_same(holder, target):
                detail = f"{item.accession_number} {item.barcode}"[:LONGEST_NOTE]
                note = Note(kind=NoteKind.ITEM, reason=reason, detail=detail)
                plan.notes.append((draft, note, target))

    def _objection(self, item: Item) -> tuple[str, Target | int | None]:
        """Return why the copy cannot enter the register and whose number it bears, if so."""
        if not barcodes.is_number(item.accession_number):
            return "bad_accession_number", None
        if not barcodes.is_barcode(item.barcode):
            return "bad_barcode", None
        number, code = _marks(item)
        if code in self._taken:
            return "barcode_taken", self._taken[code]
        if number in self._taken:
            return "accession_number_taken", self._taken[number]
        return "", None

    def _item(self, copy: ItemData, target: Target) -> Item:
        number, code = _numbers(copy, self.library)
        location = self.places.location(copy.location)
        return Item(
            library=self.library,
            location=location,
            item_type=self.places.item_type(copy.item_type, target.record.material_type),
            accession_number=number,
            barcode=code,
            call_number=columns.storable(copy.call_number)[:100],
            price=price_in_dong(copy.price) if copy.price else None,
            note=columns.storable(copy.note)[:LONGEST_NOTE],
        )

    def _date_items(self, plan: Plan, today: date, now: datetime) -> None:
        for _, item in plan.items:
            item.accessioned_on = today
            item.created_at = item.updated_at = now

    def _numbers_in_use(self, drafts: Sequence[Draft]) -> dict[str, Target | int]:
        """Return the numbers and barcodes of the batch that copies bear, with their records."""
        wanted = [_numbers(copy, self.library) for draft in drafts for copy in draft.copies]
        if not wanted:
            return {}
        numbers = Item.objects.filter(
            library=self.library, accession_number__in=[number for number, _ in wanted]
        ).values_list("accession_number", "record_id")
        codes = Item.objects.filter(barcode__in=[code for _, code in wanted])
        in_use: dict[str, Target | int] = {f"#{number}": record for number, record in numbers}
        return in_use | dict(codes.values_list("barcode", "record_id"))


def _numbers(copy: ItemData, library: Library) -> tuple[str, str]:
    number = barcodes.normal_number(copy.accession_number or copy.barcode)
    code = barcodes.normal(copy.barcode)
    return number, code or barcodes.derived(library.code, number)


def _marks(item: Item) -> Iterator[str]:
    """Yield the number and the barcode as the set of those in use has them."""
    yield f"#{item.accession_number}"
    yield item.barcode


def _told(target: Target) -> str:
    return target.record.title[:LONGEST_NOTE]


def _is_same(holder: Target | int | None, target: Target) -> bool:
    """Tell whether the number is on a copy of the same record: then nothing needs to be said."""
    return holder is target or (holder is not None and holder == target.record.pk)
