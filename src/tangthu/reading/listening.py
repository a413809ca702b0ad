"""A recording as it is listened to or watched: what plays, its chapters, its words in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tangthu.core.actor import Actor
from tangthu.formats import webvtt
from tangthu.reading import addresses, citing
from tangthu.reading.copies import words_of_loan
from tangthu.reading.fetching import Fetching
from tangthu.reading.following import Following
from tangthu.reading.presenting import address_of, record_of
from tangthu.reading.protection import marked_loan
from tangthu.repository import storage
from tangthu.repository.labels import LANGUAGES
from tangthu.repository.models import Captions, CaptionsKind, Recording
from tangthu.repository.policy.rights import Rights
from tangthu.ui.templatetags.ui import LANGUAGES as LANGUAGE_TAGS

NATIVE: Mapping[str, str] = {"vi": "vie", "en": "eng"}
"""The languages of the screens, by the codes of captions."""
SLEEPS = (10, 20, 30, 60)
"""After how many minutes the player may stop by itself."""


@dataclass(frozen=True, slots=True)
class Track:
    """Captions that a browser shows by itself. `language` is a tag of BCP 47."""

    address: str
    language: str
    label: str
    is_spoken: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """A chapter or a line of the transcript: seconds for the player, the time for people."""

    start: str
    end: str
    clock: str
    text: str
    translation: str = ""


def listening(
    fetching: Fetching,
    recordings: Sequence[Recording],
    current: Recording,
    *,
    actor: Actor,
    site: str,
    language: str,
) -> dict[str, object]:
    """Return what the page shows of a recording; `language` is the one the visitor reads."""
    obj = fetching.opening.obj
    delivery = current.delivery or current.source
    captions = list(current.captions.select_related("file"))
    spoken, translated = _chosen(captions, NATIVE.get(language, ""))
    here, lasting = address_of(obj), citing.lasting(obj, site)
    record = record_of(obj, actor)
    mark = "" if fetching.opening.is_open else words_of_loan(marked_loan(obj, actor))
    following = Following(fetching, recordings, current, mark)
    return {
        "object": obj,
        "record": record,
        "citation": citing.sentence(obj, record, label="", address=lasting),
        "lasting": lasting,
        "cited_as": citing.forms(obj),
        "rights": Rights(obj.rights).uri if obj.rights else "",
        "here": f"{site}{here}",
        "is_open": fetching.opening.is_open,
        "recordings": [(each, _length(each)) for each in recordings],
        "recording": current,
        "is_film": bool(current.width),
        "source": fetching.address_of(delivery),
        "mark": mark,
        "media_type": delivery.media_type,
        "poster": fetching.address_of(current.poster) if current.poster else "",
        "tracks": [_track(each, fetching) for each in captions],
        "chapters": _chapters(current),
        "lines": _lines(spoken, translated),
        "spoken": spoken.language if spoken else "",
        "translated": translated.language if translated else "",
        "sleeps": SLEEPS,
        "manifest": f"{site}{addresses.manifest(obj.identifier)}",
        "size": following.size,
        "data": following.told(actor),
    }


def _seconds(at: int) -> str:
    return f"{at / 1000:.3f}"


def _length(recording: Recording) -> str:
    return webvtt.clock(recording.duration) if recording.duration is not None else ""


def _chosen(captions: Sequence[Captions], native: str) -> tuple[Captions | None, Captions | None]:
    """Return what is said and the translation to set beside it: the reader's own language first."""
    spoken = next((each for each in captions if each.kind == CaptionsKind.SPOKEN), None)
    others = [each for each in captions if each != spoken]
    own = next((each for each in others if each.language == native), None)
    translated = own or next(iter(others), None)
    return (spoken, translated) if spoken else (translated, None)


def _track(captions: Captions, fetching: Fetching) -> Track:
    return Track(
        address=fetching.address_of(captions.file),
        language=LANGUAGE_TAGS.get(captions.language, captions.language),
        label=str(LANGUAGES.get(captions.language, captions.language)),
        is_spoken=captions.kind == CaptionsKind.SPOKEN,
    )


def _chapters(recording: Recording) -> list[Moment]:
    found = list(recording.chapters.all())
    ends = [*(each.start for each in found[1:]), recording.duration or webvtt.LONGEST]
    return [
        Moment(_seconds(each.start), _seconds(end), webvtt.clock(each.start), each.title)
        for each, end in zip(found, ends, strict=False)
    ]


def _lines(spoken: Captions | None, translated: Captions | None) -> list[Moment]:
    if spoken is None:
        return []
    beside = _cues(translated) if translated else ()
    return [
        Moment(
            _seconds(line.start),
            _seconds(line.end),
            webvtt.clock(line.start),
            line.text,
            line.translation,
        )
        for line in webvtt.parallel(_cues(spoken), beside)
    ]


def _cues(captions: Captions) -> tuple[webvtt.Cue, ...]:
    """Return the captions that were taken in; none where their file is not there to be read."""
    try:
        return webvtt.read(storage.path_of(captions.file).read_bytes())
    except (OSError, webvtt.CuesUnreadable):
        return ()
