"""The pages on which recordings are listened to and watched."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.reading.fetching import Fetching
from tangthu.reading.listening import listening
from tangthu.reading.readers import Opening, Reader, register
from tangthu.repository.policy.kinds import ObjectKind
from tangthu.repository.policy.media import CAPTIONS, M4A, MP3, MP4

PLAYED = frozenset({M4A, MP3, MP4})
BESIDE = frozenset({CAPTIONS, "image/jpeg"})


def play(request: LibraryRequest, opening: Opening) -> HttpResponse:
    """Show the recording that the address names by its number; the first where it names none."""
    found = opening.obj.recordings.ready().in_order()
    recordings = list(found.prefetch_related("captions__file"))
    wanted = whole_number(request.GET.get("part", "")) or 0
    current = next((each for each in recordings if each.position == wanted), None)
    if not recordings:
        return render(request, "reading/not_yet.html", {"object": opening.obj}, status=404)
    context = listening(
        Fetching(opening, client_address(request)),
        recordings,
        current or recordings[0],
        actor=request.actor,
        site=request.build_absolute_uri("/")[:-1],
        language=(get_language() or "").partition("-")[0],
    )
    return render(request, "reading/recording.html", context)


def register_readers() -> None:
    """Let recordings be played. Called once."""
    for kind in (ObjectKind.AUDIO, ObjectKind.VIDEO):
        register(kind, Reader(play, PLAYED, BESIDE))
