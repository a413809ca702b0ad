"""Manifests of recordings: canvases that last, with words in time and chapters.

Presentation API 3.0, as `tangthu.formats.iiif.manifest` for pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tangthu.formats.iiif.manifest import NO_LANGUAGE, Json, Work, manifest

THUMBNAIL_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture that stands for a recording, until it plays."""

    address: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtitles:
    """What a recording says, as WebVTT in one language."""

    address: str
    language: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter: where it begins and ends, in seconds."""

    title: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A recording as a canvas. `duration` is in seconds; a sound has neither width nor height."""

    id: str
    label: str
    duration: float
    media: str
    media_type: str
    width: int = 0
    height: int = 0
    poster: Picture | None = None
    subtitles: Sequence[Subtitles] = ()
    chapters: Sequence[Part] = ()

    @property
    def is_film(self) -> bool:
        return bool(self.width and self.height)


def manifest_of_recordings(work: Work, recordings: Sequence[Timed]) -> Json:
    """Return the manifest of an object that is listened to or watched, with its chapters."""
    found = manifest(work, ())
    del found["viewingDirection"]
    # One recording after the other, as the sides of a tape (Presentation API 3.0, "auto-advance").
    found["behavior"] = ["auto-advance" if len(recordings) > 1 else "no-auto-advance"]
    found["items"] = [_canvas(each) for each in recordings]
    poster = next((each.poster for each in recordings if each.poster), None)
    if poster:
        found["thumbnail"] = [_image(poster)]
    if any(each.chapters for each in recordings):
        found["structures"] = [_contents(work, recordings)]
    return found


def _canvas(recording: Timed) -> Json:
    body: Json = {
        "id": recording.media,
        "type": "Video" if recording.is_film else "Sound",
        "format": recording.media_type,
        "duration": recording.duration,
        **_size(recording),
    }
    found: Json = {
        "id": recording.id,
        "type": "Canvas",
        "label": {NO_LANGUAGE: [recording.label]},
        "duration": recording.duration,
        **_size(recording),
        "items": [_annotations(recording, "media", [("painting", body)])],
    }
    if recording.poster:
        found["thumbnail"] = [_image(recording.poster)]
        found["placeholderCanvas"] = _placeholder(recording, recording.poster)
    if recording.subtitles:
        words = [("supplementing", _words(each)) for each in recording.subtitles]
        found["annotations"] = [_annotations(recording, "words", words)]
    return found


def _size(recording: Timed) -> Json:
    if not recording.is_film:
        return {}
    return {"width": recording.width, "height": recording.height}


def _annotations(recording: Timed, name: str, bodies: Sequence[tuple[str, Json]]) -> Json:
    page = f"{recording.id}/{name}"
    return {
        "id": page,
        "type": "AnnotationPage",
        "items": [
            {
                "id": f"{page}/{number}",
                "type": "Annotation",
                "motivation": motivation,
                "body": body,
                "target": recording.id,
            }
            for number, (motivation, body) in enumerate(bodies, start=1)
        ],
    }


def _words(subtitles: Subtitles) -> Json:
    return {
        "id": subtitles.address,
        "type": "Text",
        "format": "text/vtt",
        "language": subtitles.language,
        "label": {language: [words] for language, words in subtitles.label.items()},
    }


def _placeholder(recording: Timed, poster: Picture) -> Json:
    """Return the canvas that is shown until the recording plays (Presentation API 3.0, 3.1)."""
    canvas = f"{recording.id}/placeholder"
    page = f"{canvas}/page"
    return {
        "id": canvas,
        "type": "Canvas",
        "width": poster.width,
        "height": poster.height,
        "items": [
            {
                "id": page,
                "type": "AnnotationPage",
                "items": [
                    {
                        "id": f"{page}/image",
                        "type": "Annotation",
                        "motivation": "painting",
                        "body": _image(poster),
                        "target": canvas,
                    }
                ],
            }
        ],
    }


def _image(picture: Picture) -> Json:
    return {
        "id": picture.address,
        "type": "Image",
        "format": THUMBNAIL_TYPE,
        "width": picture.width,
        "height": picture.height,
    }


def _contents(work: Work, recordings: Sequence[Timed]) -> Json:
    """Return the chapters as ranges; of several recordings, each within the range of its own."""
    root = f"{work.id}/contents"
    items: list[Json] = []
    for number, recording in enumerate(recordings, start=1):
        chapters = list(_chapters(work, recording, f"{root}/{number}"))
        if len(recordings) == 1:
            items = chapters
            break
        whole: list[Json] = [{"id": recording.id, "type": "Canvas"}]
        label = {NO_LANGUAGE: [recording.label]}
        items.append(_range(f"{root}/{number}", label, chapters or whole))
    label = {language: [words] for language, words in work.contents_label.items()}
    return _range(root, label, items)


def _chapters(work: Work, recording: Timed, name: str) -> Iterator[Json]:
    for number, part in enumerate(recording.chapters, start=1):
        span = f"{recording.id}#t={part.start:g},{part.end:g}"
        inside: list[Json] = [{"id": span, "type": "Canvas"}]
        yield _range(f"{name}/{number}", {work.language: [part.title]}, inside)


def _range(name: str, label: Mapping[str, Sequence[str]], items: Sequence[Json]) -> Json:
    return {"id": name, "type": "Range", "label": label, "items": items}
