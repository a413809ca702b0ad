"""Recordings as a manifest: what our tables hold, in the words of IIIF."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tangthu.formats.iiif.manifest import Json
from tangthu.formats.iiif.recordings import (
    Part,
    Picture,
    Subtitles,
    Timed,
    manifest_of_recordings,
)
from tangthu.protocols.iiif.describing import Absolute, in_every_language, work_of
from tangthu.reading import addresses
from tangthu.repository.labels import LANGUAGES
from tangthu.repository.models import Captions, DigitalFile, DigitalObject, Recording
from tangthu.ui.templatetags.ui import LANGUAGES as LANGUAGE_TAGS

POSTER_WIDTH = 1280
"""What the picture of a film is at most as wide as, of an even height: `repository.media`."""

FileAddress = Callable[[DigitalFile], str]


def recordings_of(obj: DigitalObject) -> list[Recording]:
    """Return the recordings that can be played, with all that a manifest tells of them."""
    found = obj.recordings.ready().in_order()
    return list(found.prefetch_related("chapters", "captions__file"))


def manifest_of_sound(
    obj: DigitalObject,
    recordings: Sequence[Recording],
    *,
    absolute: Absolute,
    address_of: FileAddress,
) -> Json:
    """Return the manifest; `address_of` says where a file is fetched by who asked."""
    name = absolute(addresses.manifest(obj.identifier))
    work = work_of(obj, name, absolute, 1)
    return manifest_of_recordings(
        work, [_timed(each, name, lambda file: absolute(address_of(file))) for each in recordings]
    )


def _timed(recording: Recording, name: str, address: FileAddress) -> Timed:
    played = recording.delivery or recording.source
    return Timed(
        id=f"{name}/canvas/{recording.position}",
        label=str(recording),
        duration=(recording.duration or 0) / 1000,
        media=address(played),
        media_type=played.media_type,
        width=recording.width or 0,
        height=recording.height or 0,
        poster=_poster(recording, address),
        subtitles=[_subtitles(each, address) for each in recording.captions.all()],
        chapters=_chapters(recording),
    )


def _poster(recording: Recording, address: FileAddress) -> Picture | None:
    if recording.poster is None or not recording.width or not recording.height:
        return None
    width = min(recording.width, POSTER_WIDTH)
    height = max(2 * round(recording.height * width / recording.width / 2), 2)
    return Picture(address(recording.poster), width, height)


def _subtitles(captions: Captions, address: FileAddress) -> Subtitles:
    return Subtitles(
        address=address(captions.file),
        language=LANGUAGE_TAGS.get(captions.language, captions.language),
        label=in_every_language(LANGUAGES[captions.language])
        if captions.language in LANGUAGES
        else {"none": captions.language},
    )


def _chapters(recording: Recording) -> list[Part]:
    found = list(recording.chapters.all())
    ends = [*(each.start for each in found[1:]), recording.duration or 0]
    return [
        Part(each.title, each.start / 1000, max(end, each.start) / 1000)
        for each, end in zip(found, ends, strict=False)
    ]
