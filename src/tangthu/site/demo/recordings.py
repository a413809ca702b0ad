"""Recordings of the demo network: a story told with gongs, and a short film of drawings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.repository.actions import (
    Incoming,
    ObjectData,
    add_file,
    create_object,
    make_ready,
    publish,
)
from tangthu.repository.actions.captions import (
    ChapterData,
    name_recording,
    set_captions,
    set_chapters,
)
from tangthu.repository.actions.collections import CollectionData, add_collection
from tangthu.repository.models import CaptionsKind, Collection, DigitalObject

MEDIA = Path(__file__).parent / "media"
SHELF = CollectionData(
    code="tieng-noi",
    name="Tiếng nói và hình ảnh [DEMO]",
    description="Lời kể, cồng chiêng và phim do chương trình trình diễn tạo ra.",
    position=3,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """An invented recording. The first captions say what is spoken, the others translate it."""

    title: str
    kind: str
    languages: str
    file: str
    captions: tuple[tuple[str, str], ...]
    chapters: tuple[ChapterData, ...]


TAPES = (
    Tape(
        title="Kể khan bên bếp lửa [DEMO]",
        kind="audio",
        languages="rad vie",
        file="khan.m4a",
        captions=(("rad", "khan.rad.vtt"), ("vie", "khan.vie.vtt")),
        chapters=(ChapterData(0, "Tiếng chiêng mở đầu"), ChapterData(4_500, "Lời kể")),
    ),
    Tape(
        title="Nhà dài, bến nước, đất đỏ [DEMO]",
        kind="video",
        languages="vie",
        file="nha-dai.mp4",
        captions=(("vie", "nha-dai.vie.vtt"),),
        chapters=(ChapterData(0, "Nhà dài"), ChapterData(4_000, "Bến nước")),
    ),
)


def load(tree: Mapping[str, Library], *, by: Actor) -> None:
    """Make what is not there yet."""
    shelf = Collection.objects.filter(code=SHELF.code).first() or add_collection(SHELF, by=by)
    for tape in TAPES:
        if not DigitalObject.objects.filter(title=tape.title).exists():
            _make(tape, tree["DLK"], shelf, by=by)


def _make(tape: Tape, library: Library, shelf: Collection, *, by: Actor) -> None:
    data = ObjectData(
        title=tape.title,
        kind=tape.kind,
        description="Bản ghi tưởng tượng để trình diễn: giọng đọc do máy tạo, hình do máy vẽ.",
        languages=tape.languages,
        rights="CC0",
        access="public",
        provenance="Tạo bởi chương trình trình diễn",
        consent_note="Giọng máy: không có ai được ghi âm.",
        collections=(shelf,),
    )
    obj = create_object(data, library=library, by=by)
    add_file(obj, Incoming(MEDIA / tape.file, tape.file), by=by)
    make_ready(obj, by=by)
    recording = obj.recordings.select_related("object").get()
    name_recording(recording, tape.title, by=by)
    set_chapters(recording, tape.chapters, by=by)
    for number, (language, name) in enumerate(tape.captions):
        kind = CaptionsKind.TRANSLATION if number else CaptionsKind.SPOKEN
        captions = (MEDIA / name).read_bytes()
        set_captions(recording, captions, language=language, kind=kind, by=by)
    make_ready(obj, by=by)
    publish(obj, by=by)
