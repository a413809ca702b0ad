from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.discovery.errors import IndexUnavailable, QueryTooLarge
from tangthu.formats.iiif.manifest import SEARCH_CONTEXT
from tangthu.protocols.iiif import searching
from tangthu.protocols.iiif.answering import answers_all, json_answer, plain
from tangthu.reading import addresses, tickets
from tangthu.reading.actions import open_object
from tangthu.reading.finding import find_inside
from tangthu.repository.errors import ObjectClosed
from tangthu.repository.models import DigitalObject
from tangthu.repository.reading import is_open_to_all

MEDIA_TYPE = f'application/ld+json;profile="{SEARCH_CONTEXT}"'
LONGEST_QUESTION = 1000
FARTHEST = 100_000


@answers_all
def search(request: LibraryRequest, name: str) -> HttpResponse:
    """Tell a viewer where words stand inside an object (Content Search 2.0).

    Whoever may have the manifest may ask; the canvases are those that the manifest names.
    """
    identifier, ticket = addresses.parted(name)
    found = DigitalObject.objects.select_related("library").filter(identifier=identifier).first()
    if found is None:
        return plain(404, "not_found")
    by_all = is_open_to_all(found, now=timezone.now())
    refused = None if by_all else _refused(request, found, ticket)
    if refused is not None:
        return refused
    q = request.GET.get(searching.OBEYED, "")[:LONGEST_QUESTION]
    start = min(whole_number(request.GET.get(searching.START, "")) or 0, FARTHEST)
    try:
        finding = find_inside(found, q, start=start)
    except (IndexUnavailable, QueryTooLarge) as error:
        return plain(error.status, error.code)
    told = searching.answer(
        finding,
        address=request.build_absolute_uri(reverse("iiif:search", args=[identifier])),
        canvases=f"{request.build_absolute_uri(addresses.manifest(identifier))}/canvas/",
        q=q,
        ignored=[name for name in searching.OTHERS if name in request.GET],
    )
    return json_answer(request, told, media_type=MEDIA_TYPE, by_all=by_all)


def _refused(request: LibraryRequest, found: DigitalObject, ticket: str) -> HttpResponse | None:
    """Return the refusal for who may not open the object; None for who may."""
    address = client_address(request)
    if tickets.opens(ticket, found.identifier, found.terms, address=address):
        return None
    if not DigitalObject.objects.visible_to(request.actor).filter(pk=found.pk).exists():
        return plain(404, "not_found")
    try:
        open_object(found, by=request.actor, address=address)
    except ObjectClosed as refused:
        return plain(403, str(refused.data["reason"]))
    return None
