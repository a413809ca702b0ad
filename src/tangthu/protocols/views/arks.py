from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from tangthu.catalogue.models import Record
from tangthu.core.requests import LibraryRequest
from tangthu.formats import ark
from tangthu.formats.ark import Ark
from tangthu.protocols.places import Site
from tangthu.reading.presenting import address_of
from tangthu.repository import mets, naming
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.access import LISTED
from tangthu.repository.policy.kinds import State
from tangthu.repository.policy.rights import Rights
from tangthu.ui.staff import public_page

INFLECTIONS = {"info", "?"}


@require_safe
@public_page
def resolve(request: LibraryRequest, name: str) -> HttpResponse:
    """Lead from a lasting name to what it names, or say what that is where it is asked (`?info`).

    A name that was withdrawn says so, and what it was (410). Names under the number for trials stay
    good when the network gets a number of its own.
    """
    found = ark.read(name)
    if found is None or found.naan not in {naming.naan(), ark.TEST_NAAN}:
        raise Http404
    site = Site.of(request)
    number = ark.record_number(found.name)
    if number is not None:
        return _record(request, found, number, site)
    return _object(request, found, site)


def _record(request: LibraryRequest, name: Ark, number: int, site: Site) -> HttpResponse:
    record = Record.objects.public().without_marc().filter(pk=number).first()
    if record is None or name.part:
        raise Http404
    address = site.record(record.pk)
    if not _asks_what_it_is(request):
        return HttpResponseRedirect(address)
    return _told(
        ark.erc(
            who=record.author,
            what=record.title,
            when=str(record.year or ""),
            where=[naming.address_of(name, site.root), address],
        )
    )


def _object(request: LibraryRequest, name: Ark, site: Site) -> HttpResponse:
    rows = DigitalObject.objects.exclude(published_at=None).select_related("library")
    obj = rows.prefetch_related("links__record").filter(identifier=name.name).first()
    if obj is None:
        raise Http404
    is_there = obj.state == State.PUBLISHED and obj.access in LISTED
    page = obj.pages.filter(identifier=name.part).first() if name.part else None
    if name.part and page is None:
        raise Http404
    address = site.at(address_of(obj, page))
    if is_there and not _asks_what_it_is(request):
        return HttpResponseRedirect(_with_the_rest(address, request))
    answer = _told(_about(obj, name, address if is_there else "", site))
    answer.status_code = 200 if is_there else 410
    return answer


def _about(obj: DigitalObject, name: Ark, address: str, site: Site) -> str:
    record = mets.first_record(obj)
    rights = Rights(obj.rights).uri if obj.rights else ""
    where = [naming.address_of(name, site.root), *([address] if address else [])]
    return ark.erc(
        who=record.author if record else "",
        what=obj.title,
        when=str(record.year or "") if record else "",
        where=where,
        support=[
            ("how", obj.kind),
            ("rights", rights),
            ("support-who", obj.library.name),
            ("support-when", ark.erc_date(obj.published_at)),
            ("support-what", "available" if address else "withdrawn"),
        ],
    )


def _asks_what_it_is(request: LibraryRequest) -> bool:
    """Tell whether an inflection stands behind the name; a bare `?` where the server tells of it.

    Most servers pass a bare question mark on as nothing, for which `?info` was made.
    """
    asked = request.META.get("QUERY_STRING", "")
    whole = str(request.META.get("REQUEST_URI", request.META.get("RAW_URI", "")))
    return asked in INFLECTIONS or (not asked and whole.endswith("?"))


def _with_the_rest(address: str, request: LibraryRequest) -> str:
    """Pass on what was asked behind the name: the moment of a recording, the part of a page."""
    asked = request.META.get("QUERY_STRING", "")
    return f"{address}?{asked}" if asked else address


def _told(text: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
