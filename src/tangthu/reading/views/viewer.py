from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tangthu.core import wording
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.formats.iiif.errors import StateUnreadable
from tangthu.formats.iiif.state import decode
from tangthu.reading import counting, presenting, readers
from tangthu.reading.actions import open_object
from tangthu.reading.granting import last_request
from tangthu.reading.policy.counter import Use
from tangthu.reading.presenting import Opened
from tangthu.reading.protection import file_ticket
from tangthu.reading.readers import Opening
from tangthu.reading.views import finding, lending
from tangthu.repository.errors import ObjectClosed
from tangthu.repository.models import DigitalObject, Page
from tangthu.repository.policy.access import AccessRefusal
from tangthu.repository.policy.content import EPUB
from tangthu.repository.policy.kinds import ObjectKind
from tangthu.repository.reading import is_open_to_all
from tangthu.ui.staff import public_page

VIEWER = "reading/viewer.html"


@require_safe
@public_page
def read(request: LibraryRequest, name: str, page: str = "") -> HttpResponse:
    """Show the object, at its first page or the one that the address names."""
    return _viewer(request, name, page, VIEWER)


@require_safe
@public_page
def embedded(request: LibraryRequest, name: str, page: str = "") -> HttpResponse:
    """Show the object within a page of another site, if it is open to all."""
    found = _found(request, name)
    if not is_open_to_all(found, now=timezone.now()):
        return _closed(request, found, "object_embedding_closed")
    answer = _viewer(request, name, page, "reading/embedded.html")
    answer.xframe_options_exempt = True
    policy = getattr(answer, "_csp_replace", None) or {}
    answer._csp_replace = policy | {"frame-ancestors": ["*"]}  # type: ignore[attr-defined]
    return answer


@require_safe
@public_page
def ticket(request: LibraryRequest, name: str) -> HttpResponse:
    """Give a viewer that has been open for a while a fresh ticket for its images, or its file."""
    found, address = _found(request, name), client_address(request)
    try:
        given = open_object(found, by=request.actor, address=address)
    except ObjectClosed as refused:
        return JsonResponse({"reason": refused.data["reason"]}, status=403)
    file = request.GET.get("file", "")
    if given and file:
        given = file_ticket(found, file, actor=request.actor, address=address)
    return JsonResponse({"ticket": given})


def _viewer(request: LibraryRequest, name: str, page: str, template: str) -> HttpResponse:
    found = _found(request, name)
    try:
        given = open_object(found, by=request.actor, address=client_address(request))
    except ObjectClosed as refused:
        return _closed(request, found, str(refused.data["reason"]), refused.data)
    counting.note(request, found, Use.REQUEST)
    opening = _as_document(request, found, given)
    if opening is not None:
        return opening
    pages = list(found.pages.ready())
    if not pages:
        return _closed(request, found, "object_has_no_pages", status=404)
    wanted = page or request.GET.get("page", "") or _of_state(request)
    place = _place(pages, wanted)
    if place is None:
        return HttpResponseRedirect(presenting.address_of(found))
    opened = Opened(found, pages, place, given, is_kept="kept" in request.GET)
    site = request.build_absolute_uri("/")[:-1]
    is_open = not given
    context = presenting.viewer(opened, actor=request.actor, site=site, is_open=is_open)
    context["taken_along"] = readers.all_derived_of(found) if is_open else []
    if template == VIEWER:
        context |= finding.beside(request, found, opened.page.pk)
    return render(request, template, context)


def _as_document(request: LibraryRequest, found: DigitalObject, given: str) -> HttpResponse | None:
    """Show what is read as one file: by its kind, or page images as the book made of them."""
    kind, is_book = found.kind, found.kind == ObjectKind.PAGE_IMAGES
    if is_book:
        if request.GET.get("as") != ObjectKind.EPUB:
            return None
        kind = ObjectKind.EPUB
    reader = readers.reader_of(kind)
    if reader is None:
        return None
    file = (
        readers.derived_of(found, EPUB) if is_book else readers.file_of(found, reader.media_types)
    )
    if file is None:
        return None
    return reader.show(request, Opening(found, given, file))


def _found(request: LibraryRequest, name: str) -> DigitalObject:
    rows = DigitalObject.objects.visible_to(request.actor).select_related("library")
    found = rows.filter(identifier=name).first()
    if found is None:
        raise Http404
    return found


def _place(pages: list[Page], wanted: str) -> int | None:
    """Return the place of the page of this name; the first where none is named."""
    if not wanted:
        return 0
    return next((n for n, page in enumerate(pages) if page.identifier == wanted), None)


def _of_state(request: LibraryRequest) -> str:
    """Return the page that a IIIF content state in the address points to, if it does."""
    try:
        return decode(request.GET.get("iiif-content", "")).canvas.rpartition("/")[2]
    except StateUnreadable:
        return ""


def _closed(
    request: LibraryRequest,
    found: DigitalObject,
    reason: str,
    data: dict[str, object] | None = None,
    *,
    status: int = 403,
) -> HttpResponse:
    """Say why the object does not open, and what the reader can do about it."""
    counting.note(request, found, Use.INVESTIGATION)
    if reason == AccessRefusal.LENT:
        return lending.show(request, found)
    context = {"object": found, "reason": reason, "words": wording.sentence(reason, data)}
    if reason == AccessRefusal.ON_REQUEST:
        context["asked"] = last_request(found, request.actor)
    return render(request, "reading/closed.html", context, status=status)
