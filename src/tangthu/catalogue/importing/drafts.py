"""From what was read to what may enter the catalogue. No database: done outside any lock."""

from __future__ import annotations

from dataclasses import dataclass, field

from tangthu.catalogue import columns
from tangthu.catalogue.models import NoteKind, Record
from tangthu.catalogue.policy import ITEM_TAGS
from tangthu.formats.marc import storage
from tangthu.formats.marc.items import (
    PROFILES,
    ItemData,
    ItemProfile,
    guess_profile,
    holdings,
)
from tangthu.formats.marc.outcome import Read, Rejected
from tangthu.formats.marc.record import DataField, Field, MarcRecord, Subfield
from tangthu.text.legacy import repair

AUTO = "auto"
NONE = "none"
PROFILE_NAMES = (AUTO, NONE, *PROFILES)
LONGEST_DETAIL = 300

# How VIQR writes marks. Looking for each of these is ten times quicker than one expression.
_VIQR_SIGNS = tuple(
    "a( A( a^ A^ e^ E^ o^ O^ o+ O+ u+ U+".split()  # noqa: SIM905
    + [f"{before}{letters}" for before in ' "' for letters in ("dd", "Dd", "DD")]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something to be told about one record of the file."""

    kind: NoteKind
    reason: str
    detail: str = ""
    raw: bytes | None = None


@dataclass(slots=True, kw_only=True)
class Draft:
    """One stretch of the file: a record ready to be matched and stored, or none and why."""

    index: int
    offset: int
    end: int
    marc: MarcRecord | None = None
    row: Record | None = None
    keys: list[tuple[str, str]] = field(default_factory=list)
    copies: tuple[ItemData, ...] = ()
    notes: list[Note] = field(default_factory=list)


def draft_of(outcome: Read | Rejected, profile: str) -> Draft:
    """Prepare one outcome of reading. `profile` names where copies stand in the record."""
    position = outcome.position
    draft = Draft(index=position.index, offset=position.offset, end=position.end)
    if isinstance(outcome, Rejected):
        detail = _cut(outcome.detail)
        draft.notes.append(
            Note(kind=NoteKind.REJECTED, reason=outcome.reason, detail=detail, raw=outcome.raw)
        )
        return draft
    draft.notes += [
        Note(kind=NoteKind.REPAIRED, reason=found.code, detail=_cut(f"{found.tag} {found.detail}"))
        for found in dict.fromkeys(outcome.repairs)
    ]
    _fill(draft, outcome.record, profile)
    return draft


def _fill(draft: Draft, marc: MarcRecord, profile: str) -> None:
    text = storage.dumps(marc)
    may_be_viqr = _may_be_viqr(text)
    if may_be_viqr or not text.isascii():
        mended = _mended(marc, draft.notes, may_be_viqr=may_be_viqr)
        if mended is not marc:
            marc, text = mended, storage.dumps(mended)
    described = columns.description_of(marc)
    row = Record(marc=text)
    columns.draw_from(row, described)
    draft.marc, draft.row = marc, row
    draft.keys = columns.keys_of(described)
    draft.copies = _copies(marc, profile)


def _copies(marc: MarcRecord, profile: str) -> tuple[ItemData, ...]:
    if profile == NONE:
        return ()
    if profile != AUTO:
        return holdings(marc, PROFILES[profile])
    shape = tuple(
        [
            (field.tag, "".join([code for code, _ in field.subfields]))
            for field in marc.fields
            if field.tag in ITEM_TAGS and isinstance(field, DataField)
        ]
    )
    if not shape:
        return ()
    chosen = _profiles_by_shape.get(shape) or guess_profile(marc)
    if chosen is None:
        return ()
    if len(_profiles_by_shape) < _MOST_SHAPES:
        _profiles_by_shape[shape] = chosen
    return holdings(marc, chosen)


# Files repeat a handful of shapes, and guessing costs more than all else about copies.
_profiles_by_shape: dict[tuple[tuple[str, str], ...], ItemProfile] = {}
_MOST_SHAPES = 1000


def _mended(marc: MarcRecord, notes: list[Note], *, may_be_viqr: bool) -> MarcRecord:
    """Return the record with every text in a legacy encoding read as it was meant."""
    fields: list[Field] = []
    changed = False
    for old in marc.fields:
        new = old
        if isinstance(old, DataField):
            text = old.text()
            if not text.isascii() or (may_be_viqr and _may_be_viqr(f" {text}")):
                new = _mended_field(old, notes)
        changed = changed or new is not old
        fields.append(new)
    return MarcRecord(marc.leader, tuple(fields)) if changed else marc


def _mended_field(old: DataField, notes: list[Note]) -> DataField:
    subfields: list[Subfield] = []
    noted = len(notes)
    for code, value in old.subfields:
        repaired = repair(value)
        if repaired is None:
            subfields.append(Subfield(code, value))
            continue
        subfields.append(Subfield(code, repaired.text))
        reason = "check_capitals" if repaired.check_capitals else repaired.encoding.value
        detail = _cut(f"{old.tag} ${code} {value} → {repaired.text}")
        notes.append(Note(kind=NoteKind.REPAIRED, reason=reason, detail=detail))
    if len(notes) == noted:
        return old
    return DataField(old.tag, old.ind1, old.ind2, tuple(subfields))


def _may_be_viqr(text: str) -> bool:
    return any(map(text.__contains__, _VIQR_SIGNS))


def _cut(text: str) -> str:
    return columns.storable(text.strip())[:LONGEST_DETAIL]
