from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpResponse
from django.utils import timezone

from tangthu.core.requests import LibraryRequest, client_address
from tangthu.formats.iiif.manifest import MEDIA_TYPE, Json
from tangthu.protocols.iiif.answering import answers_all, json_answer, plain, shared
from tangthu.protocols.iiif.authorising import OFFERED, service_of
from tangthu.protocols.iiif.describing import manifest_of
from tangthu.protocols.iiif.recordings import manifest_of_sound, recordings_of
from tangthu.reading import addresses, tickets
from tangthu.reading.actions import open_object
from tangthu.reading.addresses import parted
from tangthu.repository.errors import ObjectClosed
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.policy.kinds import ObjectKind
from tangthu.repository.reading import is_open_to_all

RECORDED = frozenset({ObjectKind.AUDIO, ObjectKind.VIDEO})
Services = Callable[[str], Json]


@answers_all
def manifest(request: LibraryRequest, name: str) -> HttpResponse:
    """Tell a viewer what an object has, in which order: pages and their images, or recordings."""
    identifier, ticket = parted(name)
    found = DigitalObject.objects.select_related("library").filter(identifier=identifier).first()
    if found is None:
        return plain(404, "not_found")
    by_all = is_open_to_all(found, now=timezone.now())
    address, services = client_address(request), None
    if not by_all and not tickets.opens(ticket, identifier, found.terms, address=address):
        if not DigitalObject.objects.visible_to(request.actor).filter(pk=found.pk).exists():
            return plain(404, "not_found")
        try:
            ticket = open_object(found, by=request.actor, address=address)
        except ObjectClosed as refused:
            if refused.data["reason"] not in OFFERED:
                return plain(403, str(refused.data["reason"]))
            ticket, services = "", partial(_service, request, identifier)
    if found.kind in RECORDED and services:
        # What is offered to other sites is to open pages: a recording opens with us alone.
        return plain(403, "object_reader_only")
    told = _told(request, found, "" if by_all else ticket, services)
    if told is None:
        return plain(404, "no_pages")
    answer = json_answer(request, told, media_type=MEDIA_TYPE, by_all=by_all)
    return shared(answer) if services else answer


def _told(
    request: LibraryRequest, found: DigitalObject, ticket: str, services: Services | None
) -> Json | None:
    """Return the manifest; None while there is nothing to show."""
    if found.kind in RECORDED:
        return _of_recordings(request, found, ticket)
    return _of_pages(request, found, ticket, services)


def _of_pages(
    request: LibraryRequest, found: DigitalObject, ticket: str, services: Services | None
) -> Json | None:
    pages = list(found.pages.ready())
    if not pages:
        return None
    absolute = request.build_absolute_uri
    return manifest_of(found, pages, ticket=ticket, absolute=absolute, services=services)


def _of_recordings(request: LibraryRequest, found: DigitalObject, ticket: str) -> Json | None:
    """Describe the recordings; each file gets a ticket of its own, of the same opening."""
    recordings = recordings_of(found)
    if not recordings:
        return None
    address, view = client_address(request), tickets.view_of(ticket)

    def address_of(file: DigitalFile) -> str:
        given = ""
        if ticket:
            name, terms = found.identifier, found.terms
            given = tickets.give(name, terms, address=address, file=file.identifier, view=view)
        return addresses.file(found.identifier, file.identifier, given)

    absolute = request.build_absolute_uri
    return manifest_of_sound(found, recordings, absolute=absolute, address_of=address_of)


def _service(request: LibraryRequest, identifier: str, page: str) -> Json:
    return service_of(page, identifier, request.build_absolute_uri)
