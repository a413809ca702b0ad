from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.utils import timezone

from tangthu.core.requests import LibraryRequest, client_address
from tangthu.formats.iiif.manifest import MEDIA_TYPE, Json
from tangthu.protocols.iiif.answering import answers_all, json_answer, plain, shared
from tangthu.protocols.iiif.authorising import OFFERED, service_of
from tangthu.protocols.iiif.describing import manifest_of
from tangthu.reading import tickets
from tangthu.reading.actions import open_object
from tangthu.reading.addresses import parted
from tangthu.repository.errors import ObjectClosed
from tangthu.repository.models import DigitalObject
from tangthu.repository.reading import is_open_to_all


@answers_all
def manifest(request: LibraryRequest, name: str) -> HttpResponse:
    """Tell a viewer which pages an object has, in which order, and where their images are."""
    identifier, ticket = parted(name)
    found = DigitalObject.objects.select_related("library").filter(identifier=identifier).first()
    if found is None:
        return plain(404, "not_found")
    services = None
    by_all = is_open_to_all(found, now=timezone.now())
    address = client_address(request)
    if not by_all and not tickets.opens(ticket, identifier, found.terms, address=address):
        if not DigitalObject.objects.visible_to(request.actor).filter(pk=found.pk).exists():
            return plain(404, "not_found")
        try:
            ticket = open_object(found, by=request.actor, address=address)
        except ObjectClosed as refused:
            if refused.data["reason"] not in OFFERED:
                return plain(403, str(refused.data["reason"]))
            ticket, services = "", partial(_service, request, identifier)
    pages = list(found.pages.ready())
    if not pages:
        return plain(404, "no_pages")
    told = manifest_of(
        found,
        pages,
        ticket="" if by_all else ticket,
        absolute=request.build_absolute_uri,
        services=services,
    )
    answer = json_answer(request, told, media_type=MEDIA_TYPE, by_all=by_all)
    return shared(answer) if services else answer


def _service(request: LibraryRequest, identifier: str, page: str) -> Json:
    return service_of(page, identifier, request.build_absolute_uri)
