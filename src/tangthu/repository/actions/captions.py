"""What recordings say and where: their names, chapters, and captions in time."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid
from tangthu.formats import webvtt
from tangthu.formats.alto import Block, Layout, Line, Word
from tangthu.repository import storage
from tangthu.repository.actions.events import note_event
from tangthu.repository.actions.objects import lock
from tangthu.repository.actions.rows import Measured, add_row
from tangthu.repository.actions.texts import Unit, keep_text
from tangthu.repository.errors import CaptionsRefused
from tangthu.repository.labels import LANGUAGES
from tangthu.repository.models import (
    Captions,
    CaptionsKind,
    Chapter,
    DigitalFile,
    DigitalObject,
    PageText,
    PageTextQuerySet,
    Recording,
)
from tangthu.repository.news import tell
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.identifiers import new_identifier
from tangthu.repository.policy.kinds import EventKind, FileRole
from tangthu.repository.policy.media import CAPTIONS
from tangthu.repository.policy.texts import TextOrigin
from tangthu.text import normalise

MOST_CHAPTERS = 500
UNIT = 60_000
"""Milliseconds of speech that are found together."""

MOST_UNITS = 10_000
"""Of one captions: more minutes than any recording has."""


@dataclass(frozen=True, slots=True)
class ChapterData:
    """Where a part begins, in milliseconds, and what it is called."""

    start: int
    title: str


@transaction.atomic
def set_chapters(recording: Recording, chapters: Sequence[ChapterData], *, by: Actor) -> None:
    """Put these chapters in the place of those that were there.

    Raises Invalid for one without a title, for two at one moment, for one behind the end, and for
    more than `MOST_CHAPTERS`.
    """
    by.require(RepositoryPermission.EDIT_OBJECTS, at=recording.object.library_id)
    obj = lock(recording.object)
    _require_good(chapters, recording)
    before = [[each.start, each.title] for each in recording.chapters.all()]
    recording.chapters.all().delete()
    Chapter.objects.bulk_create(
        Chapter(recording=recording, start=each.start, title=normalise(each.title)[:300])
        for each in sorted(chapters, key=lambda each: each.start)
    )
    after = [[each.start, each.title] for each in chapters]
    _told("object.chapters_set", obj, {"chapters": before}, {"chapters": after}, by=by)


@transaction.atomic
def name_recording(recording: Recording, title: str, *, by: Actor) -> None:
    """Call the recording so; an empty title leaves it its file's name."""
    by.require(RepositoryPermission.EDIT_OBJECTS, at=recording.object.library_id)
    obj = lock(recording.object)
    before, recording.title = recording.title, normalise(title)[:300]
    recording.save(update_fields=["title"])
    _told("object.recording_named", obj, {"title": before}, {"title": recording.title}, by=by)


def set_captions(
    recording: Recording, data: bytes, *, language: str, kind: CaptionsKind, by: Actor
) -> Captions:
    """Keep what the recording says in this language, instead of what was kept for it.

    Takes WebVTT and SubRip. Raises CaptionsRefused with the fault and its line, Invalid for a
    language that the library has no name for.
    """
    by.require(RepositoryPermission.EDIT_OBJECTS, at=recording.object.library_id)
    if language not in LANGUAGES:
        raise Invalid("language")
    try:
        cues = webvtt.read(data)
    except webvtt.CuesUnreadable as refusal:
        raise CaptionsRefused(refusal.code, line=refusal.line) from refusal
    stored, digests = _stored(recording.object, webvtt.write(cues))
    try:
        with transaction.atomic():
            obj = lock(recording.object)
            file = _row(obj, stored, digests, name=f"{language}-{new_identifier()}.vtt", by=by)
            kept = _put(recording, file, language=language, kind=kind)
            keep_words(kept, obj, cues, by=by)
            _told("object.captions_set", obj, None, {"language": language}, by=by)
            return kept
    except BaseException:
        storage.forget(stored)
        raise


@transaction.atomic
def remove_captions(captions: Captions, *, by: Actor) -> None:
    """Show these captions no more; the file stays in the archive's earlier versions."""
    recording = captions.recording
    by.require(RepositoryPermission.EDIT_OBJECTS, at=recording.object.library_id)
    obj = lock(recording.object)
    DigitalFile.objects.filter(pk=captions.file_id).update(replaced_at=timezone.now())
    _units_of(captions).delete()
    captions.delete()
    _told("object.captions_removed", obj, {"language": captions.language}, None, by=by)


def keep_words(
    captions: Captions, obj: DigitalObject, cues: Sequence[webvtt.Cue], *, by: Actor
) -> None:
    """Let the words be found as those of pages are: a minute of them is a unit of text."""
    _units_of(captions).delete()
    minutes = groupby(cues, key=lambda cue: cue.start // UNIT)
    for number, (_minute, said) in enumerate(minutes):
        words = list(said)
        where = f"part={captions.recording.position}&t={words[0].start // 1000}"
        keep_text(
            Unit(obj, captions.pk * MOST_UNITS + number, locator=where),
            _layout(words),
            origin=TextOrigin.BORN_DIGITAL,
            engine=CAPTIONS,
            languages=captions.language,
            by=by,
        )


def _units_of(captions: Captions) -> PageTextQuerySet:
    first = captions.pk * MOST_UNITS
    rows = PageText.objects.filter(object=captions.recording.object_id, page=None)
    return rows.filter(number__gte=first, number__lt=first + MOST_UNITS)


def _layout(cues: Sequence[webvtt.Cue]) -> Layout:
    """Return words that stand nowhere: each caption is a block, each of its lines a line."""
    return Layout(
        0,
        0,
        tuple(
            Block(
                tuple(
                    Line(tuple(Word(word, (0, 0, 0, 0), None) for word in line.split()))
                    for line in cue.text.split("\n")
                )
            )
            for cue in cues
        ),
    )


def _stored(obj: DigitalObject, data: bytes) -> tuple[str, storage.Digests]:
    stored = storage.new_staging(obj.identifier)
    with tempfile.NamedTemporaryFile(suffix=".vtt") as written:
        written.write(data)
        written.flush()
        return stored, storage.take_copy(Path(written.name), stored)


def _row(
    obj: DigitalObject, stored: str, digests: storage.Digests, *, name: str, by: Actor
) -> DigitalFile:
    said = Measured(stored=stored, name=name, media_type=CAPTIONS, digests=digests)
    file = add_row(obj, said, role=FileRole.TEXT, by=by.name)
    note_event(obj, EventKind.INGESTION, by=by.name, file=file, detail=name)
    return file


def _put(recording: Recording, file: DigitalFile, *, language: str, kind: CaptionsKind) -> Captions:
    old = recording.captions.filter(language=language).first()
    if old is None:
        return Captions.objects.create(recording=recording, language=language, kind=kind, file=file)
    DigitalFile.objects.filter(pk=old.file_id).update(replaced_at=timezone.now())
    old.kind, old.file = kind, file
    old.save(update_fields=["kind", "file"])
    return old


def _require_good(chapters: Sequence[ChapterData], recording: Recording) -> None:
    starts = [each.start for each in chapters]
    behind = recording.duration is not None and any(each >= recording.duration for each in starts)
    unnamed = any(not normalise(each.title) for each in chapters)
    if unnamed or behind or len(set(starts)) != len(starts) or len(starts) > MOST_CHAPTERS:
        raise Invalid("chapters")


def _told(
    action: str,
    obj: DigitalObject,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
    *,
    by: Actor,
) -> None:
    audit.record(
        action,
        by=by,
        kind="object",
        key=obj.pk,
        library=obj.library_id,
        before=before,
        after=after,
    )
    tell(obj)
