"""Making the rows of an object from its description: out of the archive, or out of a bag.

What the description names and is not here is left out; what is here already is never changed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from tangthu.catalogue.actions import add_record
from tangthu.catalogue.errors import NoTitle
from tangthu.catalogue.models import MatchKey, Record
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.core.actor import Actor
from tangthu.formats import webvtt
from tangthu.formats.marc.bibliographic import describe
from tangthu.formats.marc.errors import Unreadable
from tangthu.formats.marc.matching import MatchKind, match_keys
from tangthu.formats.marc.record import MarcRecord
from tangthu.formats.marc.storage import loads
from tangthu.libraries.models import Library
from tangthu.repository.actions.captions import keep_words
from tangthu.repository.actions.collections import CollectionData, add_collection
from tangthu.repository.actions.texts import ARCHIVED_AS, bring_back_texts
from tangthu.repository.models import (
    Captions,
    Chapter,
    Collection,
    DigitalFile,
    DigitalObject,
    ObjectRecord,
    Page,
    PreservationEvent,
    Recording,
    Section,
)
from tangthu.repository.models.files import EVENT_LABELS, OUTCOME_LABELS
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.descriptions import Description, RecordingTold, RecordTold
from tangthu.repository.policy.identifiers import new_identifier
from tangthu.repository.policy.kinds import FileRole, State
from tangthu.repository.policy.outlines import outline_of, plain
from tangthu.repository.policy.rights import Rights
from tangthu.text import clean, fold, normalise, sort_key

logger = logging.getLogger("tangthu.repository")

Files = Mapping[str, DigitalFile]
"""The files that came along, by the paths that the description has for them."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What is made after the object itself; `read` gives where the bytes of a file lie now."""

    told: Description
    files: Files
    read: Callable[[DigitalFile], Path]


def make_object(told: Description, *, library: Library, by: Actor) -> DigitalObject:
    """Make the object's own row, as a draft, in its collections and at its records.

    Collections and records that are missing are put up where the actor may do so.
    """
    now = timezone.now()
    title = normalise(told.title) or told.identifier
    obj = DigitalObject.objects.create(
        identifier=told.identifier,
        library=library,
        title=title,
        title_key=sort_key(title),
        folded_title=fold(title),
        description=clean(told.description),
        kind=told.kind,
        languages=" ".join(told.languages)[:60],
        rights=told.rights.code if told.rights.code in set(Rights) else "",
        rights_note=told.rights.note,
        access=told.access,
        embargo_until=told.embargo_until,
        restriction=told.restriction,
        watermark=told.watermark,
        consent_note=clean(told.consent),
        provenance=clean(told.provenance),
        printed_pages=told.printed_pages,
        state=State.DRAFT,
        created_at=now,
        updated_at=now,
        created_by=by.name,
    )
    obj.collections.set(_collections(told, by=by))
    for position, record in enumerate(_records(told, library, by=by)):
        ObjectRecord.objects.get_or_create(
            object=obj, record=record, defaults={"position": position}
        )
    return obj


def make_parts(obj: DigitalObject, parts: Parts, *, by: Actor) -> None:
    """Make the object's pages, contents, texts, recordings and history."""
    pages = _pages(obj, parts)
    _sections(obj, parts.told, {page.position: page for page in pages.values()})
    for each in parts.told.recordings:
        _recording(obj, each, parts, by=by)
    packed = next((row for row in parts.files.values() if row.name == ARCHIVED_AS), None)
    if packed is not None and packed.role == FileRole.TEXT:
        bring_back_texts(obj, parts.told.texts, parts.read(packed), pages)
    _events(obj, parts)


def _collections(told: Description, *, by: Actor) -> list[Collection]:
    if by.may(RepositoryPermission.MANAGE_COLLECTIONS):
        for shelf in sorted(told.shelves, key=lambda each: each.path.count("/")):
            _put_up(shelf.path, shelf.name, by=by)
    return list(Collection.objects.filter(path__in=told.collections))


def _put_up(path: str, name: str, *, by: Actor) -> None:
    above, _, code = path.strip("/").rpartition("/")
    if Collection.objects.filter(code=code).exists():
        # Codes are unique: it is here, or something else is.
        return
    parent = Collection.objects.filter(path=f"{above}/").first() if above else None
    is_code = code.replace("-", "").replace("_", "").isalnum() and code.isascii()
    if (above and parent is None) or not is_code or len(code) > 40 or not normalise(name):
        return
    add_collection(CollectionData(code=code, name=name, parent=parent), by=by)


def _records(told: Description, library: Library, *, by: Actor) -> list[Record]:
    found = (_record(each) or _added(each, library, by=by) for each in told.records)
    return list(dict.fromkeys(record for record in found if record is not None))


def _record(told: RecordTold) -> Record | None:
    """Return the record that is meant: by control number, its own number and title, or ISBN."""
    rows = Record.objects.without_marc().order_by("pk")
    if told.control_number:
        same = rows.filter(control_number=told.control_number, control_agency=told.agency).first()
        return same or _by_isbn(told)
    return rows.filter(pk=told.id, title=told.title).first() or _by_isbn(told)


def _by_isbn(told: RecordTold) -> Record | None:
    marc = _marc(told)
    if marc is None:
        return None
    numbers = [each.key for each in match_keys(describe(marc)) if each.kind == MatchKind.ISBN]
    keys = MatchKey.objects.filter(kind=MatchKind.ISBN, key__in=numbers)
    rows = list(Record.objects.without_marc().filter(pk__in=keys.values("record"))[:2])
    return rows[0] if len(rows) == 1 else None


def _added(told: RecordTold, library: Library, *, by: Actor) -> Record | None:
    marc = _marc(told)
    if marc is None or not by.may(CataloguePermission.EDIT_RECORDS, at=library.pk):
        return None
    try:
        return add_record(marc, library=library, by=by, suppressed=told.suppressed)
    except NoTitle:
        return None


def _marc(told: RecordTold) -> MarcRecord | None:
    if not told.marc:
        return None
    try:
        return loads(told.marc)
    except Unreadable:
        logger.warning("record not readable", extra={"record": told.control_number})
        return None


def _pages(obj: DigitalObject, parts: Parts) -> dict[str, Page]:
    """Make the pages; return them by the identifiers that the description has for them."""
    told = parts.told.pages
    taken = set(
        Page.objects.filter(identifier__in=[each.identifier for each in told]).values_list(
            "identifier", flat=True
        )
    )
    made: dict[str, Page] = {}
    places: set[int] = set()
    for each in told:
        if each.identifier in made or each.position in places:
            continue
        places.add(each.position)
        made[each.identifier] = Page(
            object=obj,
            identifier=new_identifier() if each.identifier in taken else each.identifier,
            position=each.position,
            label=normalise(each.label)[:40],
            master=parts.files.get(each.file or ""),
            frame=each.frame,
            rotation=each.rotation,
            outline=_outline(each.outline),
        )
    Page.objects.bulk_create(made.values())
    return made


def _outline(points: list[list[float]] | None) -> list[list[float]] | None:
    try:
        return plain(outline_of(points)) if points else None
    except (ValueError, TypeError):
        return None


def _sections(obj: DigitalObject, told: Description, pages: Mapping[int, Page]) -> None:
    Section.objects.bulk_create(
        Section(
            object=obj,
            title=normalise(each.title)[:300],
            level=each.level,
            first_page=pages[each.page],
            position=position,
        )
        for position, each in enumerate(told.sections, 1)
        if each.page in pages
    )


def _recording(obj: DigitalObject, told: RecordingTold, parts: Parts, *, by: Actor) -> None:
    source = parts.files.get(told.source)
    if source is None or Recording.objects.filter(source=source).exists():
        return
    recording = Recording.objects.create(
        object=obj, position=told.position, title=normalise(told.title)[:300], source=source
    )
    Chapter.objects.bulk_create(
        Chapter(recording=recording, start=start, title=title)
        for start, title in {each.start: normalise(each.title) for each in told.chapters}.items()
    )
    for each in told.captions:
        file = parts.files.get(each.file)
        if file is not None:
            _captions(recording, file, (each.kind, each.language), parts, by=by)


def _captions(
    recording: Recording, file: DigitalFile, what: Sequence[str], parts: Parts, *, by: Actor
) -> None:
    kind, language = what
    try:
        cues = webvtt.read(parts.read(file).read_bytes())
    except webvtt.CuesUnreadable:
        logger.warning("captions not readable", extra={"object": recording.object.identifier})
        return
    kept, is_new = Captions.objects.get_or_create(
        recording=recording, language=language, defaults={"kind": kind, "file": file}
    )
    if is_new:
        keep_words(kept, recording.object, cues, by=by)


def _events(obj: DigitalObject, parts: Parts) -> None:
    """Write down what was done before, as it is told."""
    PreservationEvent.objects.bulk_create(
        PreservationEvent(
            object=obj,
            file=parts.files.get(each.file or ""),
            kind=each.type,
            at=each.at if timezone.is_aware(each.at) else timezone.make_aware(each.at),
            agent=each.agent,
            outcome=each.outcome,
            detail=each.detail,
        )
        for each in parts.told.events
        if each.type in EVENT_LABELS and each.outcome in OUTCOME_LABELS
    )
