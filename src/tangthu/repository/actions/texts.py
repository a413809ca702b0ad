"""Keeping the text of pages, and putting settled text into the archive beside the masters."""

from __future__ import annotations

import logging
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.core.errors import StaleVersion
from tangthu.formats import alto
from tangthu.repository import archives, storage
from tangthu.repository.actions.events import note_event
from tangthu.repository.actions.objects import lock
from tangthu.repository.actions.preserving import preserve
from tangthu.repository.actions.rows import Measured, add_row
from tangthu.repository.describing import name_of_text
from tangthu.repository.errors import FileRefused, TextIsCorrected
from tangthu.repository.models import DigitalFile, DigitalObject, Page, PageText
from tangthu.repository.news import tell
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.content import ZIP
from tangthu.repository.policy.descriptions import TextTold
from tangthu.repository.policy.kinds import EventKind, FileRole, State
from tangthu.repository.policy.media import CAPTIONS
from tangthu.repository.policy.texts import DOUBTFUL_BELOW, TextOrigin
from tangthu.repository.room import told_when_full

logger = logging.getLogger("tangthu.repository")

ARCHIVED_AS = "text-alto.zip"
_SINCE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a document that is no page of images: a PDF's page, a chapter, a caption."""

    object: DigitalObject
    number: int
    locator: str = ""


@transaction.atomic
def keep_text(
    place: Page | Unit,
    layout: alto.Layout,
    *,
    origin: TextOrigin,
    engine: str = "",
    languages: str = "",
    revision: int | None = None,
    by: Actor,
) -> PageText:
    """Keep the text of a page or unit instead of what it had; the feed tells of the object.

    Locks the object's row, then the text's. `revision` is the one that was seen: another raises
    StaleVersion. Text that people corrected gives way to other corrections alone, as long as the
    page shows the picture that they saw: else raises TextIsCorrected.
    """
    by.require(RepositoryPermission.EDIT_OBJECTS, at=place.object.library_id)
    obj = lock(place.object)
    text = _row(place, obj)
    if revision is not None and (text.revision if text.pk else 0) != revision:
        raise StaleVersion(text=text.pk)
    if text.pk and not _gives_way(text, place, origin):
        raise TextIsCorrected(object=obj.identifier)
    _fill(text, layout, place)
    text.origin, text.engine, text.changed_by = origin, engine[:100], by.name[:150]
    text.languages = languages or text.languages or obj.languages
    text.revision = text.revision + 1 if text.pk else 1
    text.changed_at, text.is_archived = timezone.now(), False
    text.save()
    tell(obj)
    return text


def archive_text(obj: DigitalObject, *, by: Actor) -> DigitalFile | None:
    """Put the object's text into the archive: ALTO and plain text of each page, in one ZIP file.

    None where the archive has it already. An earlier text stays in the archive's earlier versions;
    masters are not touched. May be begun again at any time. Raises what `preserve` raises.
    """
    by.require(RepositoryPermission.EDIT_OBJECTS, at=obj.library_id)
    texts = list(PageText.objects.of_object(obj).with_pages())
    if all(text.is_archived for text in texts):
        return None
    stored = storage.new_staging(obj.identifier)
    path = storage.file_path(stored)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with told_when_full():
            _write_zip(path, texts)
        file = _store(obj, stored, texts, by=by)
    except BaseException:
        storage.forget(stored)
        raise
    preserve(obj, by=by)
    return file


def bring_back_texts(
    obj: DigitalObject, told: Sequence[TextTold], packed: Path, pages: Mapping[str, Page]
) -> int:
    """Make texts again from the file that `archive_text` wrote; return how many.

    `pages` go by the identifiers that are told. What cannot be read is left out. The words of
    captions come from the captions themselves.
    """
    count = 0
    with archives.opened(packed) as archive:
        inside = {info.filename: info for info in archive.infolist()}
        for each in told:
            info = inside.get(f"alto/{each.name}.xml")
            is_caption = each.page is None and each.engine == CAPTIONS
            if info is not None and info.file_size <= alto.LARGEST and not is_caption:
                count += _bring_back(obj, each, archive, info, pages.get(each.page or ""))
    return count


def archive_settled(*, before: datetime, by: Actor) -> int:
    """Archive the texts that were last changed before that moment; return of how many objects."""
    waiting = PageText.objects.to_archive().filter(changed_at__lt=before)
    busy = PageText.objects.to_archive().filter(changed_at__gte=before)
    ready = DigitalObject.objects.filter(pk__in=waiting.values("object")).exclude(
        pk__in=busy.values("object")
    )
    objects = list(ready.exclude(state=State.WITHDRAWN).order_by("pk"))
    return sum(archive_text(obj, by=by) is not None for obj in objects)


def _bring_back(
    obj: DigitalObject,
    told: TextTold,
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    page: Page | None,
) -> int:
    if (told.page is None) == (told.number is None) or (told.page and page is None):
        return 0
    try:
        layout = alto.read(archives.contents(archive, info))
    except (alto.NotAlto, FileRefused):
        logger.warning("text not readable", extra={"object": obj.identifier})
        return 0
    text = PageText(object=obj, page=page, number=told.number, locator=told.locator)
    _fill(text, layout, page if page and told.fits else None)
    text.origin, text.engine, text.languages = told.origin, told.engine, told.languages
    text.revision, text.changed_by, text.is_archived = told.revision, told.changed_by, True
    text.changed_at = told.changed_at
    text.save()
    return 1


def _row(place: Page | Unit, obj: DigitalObject) -> PageText:
    rows = PageText.objects.select_for_update(of=("self",))
    if isinstance(place, Page):
        return rows.filter(page=place).first() or PageText(object=obj, page=place)
    found = rows.filter(object=obj, page=None, number=place.number).first()
    text = found or PageText(object=obj, number=place.number)
    text.locator = place.locator[:300]
    return text


def _gives_way(text: PageText, place: Page | Unit, origin: TextOrigin) -> bool:
    if text.origin != TextOrigin.CORRECTED or origin == TextOrigin.CORRECTED:
        return True
    return isinstance(place, Page) and not text.fits(place)


def _fill(text: PageText, layout: alto.Layout, place: Page | Unit | None) -> None:
    words = list(layout.words())
    text.alto = alto.pack(layout)
    text.plain = unicodedata.normalize("NFC", alto.plain(layout)).replace("\x00", "")
    text.words = len(words)
    text.doubtful = sum(word.is_doubtful(DOUBTFUL_BELOW) for word in words)
    text.confidence = layout.confidence
    if isinstance(place, Page):
        text.read_master, text.read_rotation = place.master_id, place.rotation
        text.read_outline = place.outline


def _write_zip(path: Path, texts: Sequence[PageText]) -> None:
    """Write each text as ALTO and plain; the same texts give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for text in texts:
            name = name_of_text(text)
            _put(archive, f"alto/{name}.xml", alto.write(text.layout(), engine=text.engine))
            _put(archive, f"plain/{name}.txt", text.plain.encode())


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, date_time=_SINCE)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data)


@transaction.atomic
def _store(obj: DigitalObject, stored: str, texts: Sequence[PageText], *, by: Actor) -> DigitalFile:
    locked = lock(obj)
    digests = storage.settled(stored)
    now = timezone.now()
    old = DigitalFile.objects.current().filter(object=locked, role=FileRole.TEXT, name=ARCHIVED_AS)
    kind = EventKind.REPLACEMENT if old.update(replaced_at=now) else EventKind.INGESTION
    packed = Measured(stored=stored, name=ARCHIVED_AS, media_type=ZIP, digests=digests)
    file = add_row(locked, packed, role=FileRole.TEXT, by=by.name)
    note_event(locked, kind, by=by.name, file=file, detail=f"text of {len(texts)} pages")
    for text in texts:
        same = PageText.objects.filter(pk=text.pk, revision=text.revision)
        same.update(is_archived=True)
    return file
