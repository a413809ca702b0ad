from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tangthu.core.requests import LibraryRequest
from tangthu.formats.iiif.errors import BadFormat
from tangthu.formats.iiif.info import CONTEXT, PROFILE_URI, info
from tangthu.formats.iiif.request import MEDIA_TYPES, parse
from tangthu.protocols.iiif import images, shortcut
from tangthu.protocols.iiif.answering import (
    answers_all,
    has_already,
    json_answer,
    kept,
    plain,
    shared,
)
from tangthu.protocols.iiif.authorising import service_of
from tangthu.protocols.iiif.images import LIMITS, Drawing

LINK = f';rel="canonical",<{PROFILE_URI}>;rel="profile"'
INFO_TYPE = f'application/ld+json;profile="{CONTEXT}"'


@answers_all
def base(request: LibraryRequest, name: str) -> HttpResponse:
    """Lead from the address of an image to its description (Image API 3.0, section 2)."""
    address = request.build_absolute_uri(reverse("iiif:info", args=[name]))
    return shared(HttpResponseRedirect(address, status=303))


@answers_all
def description(request: LibraryRequest, name: str) -> HttpResponse:
    """Tell a viewer the size of an image, its tiles, and what can be asked of it."""
    image, ticket = images.find(name)
    if image is None:
        return plain(404, "not_found")
    is_open = image.is_open(timezone.now())
    probe = None
    if not is_open and not image.may_be_fetched(request, ticket):
        if ticket or not image.is_offered():
            return plain(403, "object_closed")
        probe = service_of(name, image.object, request.build_absolute_uri)
    try:
        source = image.pyramid
    except OSError:
        return plain(404, "file_missing")
    found = info(
        request.build_absolute_uri(reverse("iiif:image", args=[name])),
        width=image.width,
        height=image.height,
        tile=source.levels[0].tile,
        levels=source.sizes,
        limits=LIMITS,
        rights=image.rights_address,
        probe=probe,
    )
    answer = json_answer(request, found, media_type=INFO_TYPE, by_all=is_open)
    return shared(answer) if ticket or probe else answer


@answers_all
def picture(
    request: LibraryRequest, name: str, region: str, size: str, rotation: str, tail: str
) -> HttpResponse:
    """Answer a part of an image, in the size and form that is asked for."""
    image, ticket = images.find(name)
    if image is None:
        return plain(404, "not_found")
    quality, dot, ending = tail.rpartition(".")
    if not dot:
        raise BadFormat(tail)
    asked = parse(region, size, rotation, quality, ending)
    is_open = image.is_open(timezone.now())
    if not is_open and not image.may_be_fetched(request, ticket):
        return plain(403, "object_closed")
    try:
        drawn = images.planned(image, asked, ticket="" if is_open else ticket)
        answer = _answer(request, name, drawn, by_all=is_open)
        # The ticket is the key, whatever site the viewer stands on; a session alone is none.
        return shared(answer) if ticket else answer
    except OSError:
        return plain(404, "file_missing")


def _answer(request: LibraryRequest, name: str, drawn: Drawing, *, by_all: bool) -> HttpResponse:
    if has_already(request, drawn.tag):
        return kept(request, HttpResponse(), tag=drawn.tag, by_all=by_all)
    answer = HttpResponse(drawn.pixels(), content_type=MEDIA_TYPES[drawn.plan.format])
    address = request.build_absolute_uri(reverse("iiif:image", args=[name]))
    answer["Link"] = f"<{address}/{drawn.plan.canonical}>{LINK}"
    if by_all:
        source = shortcut.Source(drawn.source, drawn.version, address, LINK)
        setattr(answer, shortcut.ATTRIBUTE, source)
    return kept(request, answer, tag=drawn.tag, by_all=by_all)
