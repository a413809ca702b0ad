from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.discovery.errors import IndexUnavailable, QueryTooLarge
from tangthu.reading import finding, presenting
from tangthu.reading.actions import open_object
from tangthu.reading.finding import Finding, Found
from tangthu.repository.errors import ObjectClosed
from tangthu.repository.models import DigitalObject, PageText
from tangthu.ui.staff import public_page

LONGEST_QUESTION = 1000
FARTHEST = 100_000


@require_safe
@public_page
def search(request: LibraryRequest, name: str) -> HttpResponse:
    """List the pages with the words, as a part of the viewer's page."""
    obj = _opened(request, name)
    if isinstance(obj, HttpResponse):
        return obj
    return render(request, "reading/found.html", panel(request, obj))


@require_safe
@public_page
def text(request: LibraryRequest, name: str, page: str) -> HttpResponse:
    """Tell the viewer the words of a page with their boxes, and which of them were asked for."""
    obj = _opened(request, name)
    if isinstance(obj, HttpResponse):
        return obj
    rows = PageText.objects.filter(object=obj, page__identifier=page).with_pages()
    found = rows.first()
    if found is None or found.page is None:
        return JsonResponse({"lines": [], "marks": []})
    lines = [[[word, *box] for word, box in line] for line in finding.lines_of(found, found.page)]
    q = question(request)
    marks = finding.marks_on(found, found.page, q) if q else []
    answer = JsonResponse({"lines": lines, "marks": marks})
    answer["Cache-Control"] = "private, no-cache"
    return answer


@require_safe
@public_page
def unit(request: LibraryRequest, name: str, number: int) -> HttpResponse:
    """Tell the reader of a document the words of one of its pages, as the library has read it."""
    obj = _opened(request, name)
    if isinstance(obj, HttpResponse):
        return obj
    found = PageText.objects.of_units(obj).without_layout().filter(number=min(number, FARTHEST))
    row = found.first()
    answer = JsonResponse({"text": row.plain if row else ""})
    answer["Cache-Control"] = "private, no-cache"
    return answer


def panel(request: LibraryRequest, obj: DigitalObject) -> dict[str, object]:
    """Return what the search of the side panel shows: the question, and the pages that answer."""
    q = question(request)
    start = min(whole_number(request.GET.get("start", "")) or 0, FARTHEST)
    try:
        found = finding.find_inside(obj, q, start=start) if q else Finding()
        is_ready = True
    except (IndexUnavailable, QueryTooLarge):
        found, is_ready = Finding(), False
    return {
        "q": q,
        "finding": found,
        "is_ready": is_ready,
        "hits": [(each, _address(each, q)) for each in found.found],
        "more": f"?{urlencode({'q': q, 'start': str(found.following)})}" if found.following else "",
    }


def beside(request: LibraryRequest, obj: DigitalObject, page: int) -> dict[str, object]:
    """Return what the page of the viewer shows of its text: the search, and the words alone."""
    if not finding.has_text(obj):
        return {"has_text": False}
    shown = PageText.objects.filter(page=page).without_layout().first()
    return {
        "has_text": True,
        "text": shown,
        "search_address": reverse("reading:search", args=[obj.identifier]),
        "text_address": reverse("reading:text", args=[obj.identifier, "x"])[:-1],
        **panel(request, obj),
    }


def question(request: LibraryRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_QUESTION]


def _address(found: Found, q: str) -> str:
    address = presenting.address_of(found.text.object, found.page)
    return f"{address}?{urlencode({'q': q})}"


def _opened(request: LibraryRequest, name: str) -> DigitalObject | HttpResponse:
    """Return the object, opened for this visitor; the refusal where it does not open."""
    rows = DigitalObject.objects.visible_to(request.actor).select_related("library")
    obj = rows.filter(identifier=name).first()
    if obj is None:
        raise Http404
    try:
        open_object(obj, by=request.actor, address=client_address(request))
    except ObjectClosed as refused:
        return JsonResponse({"reason": refused.data["reason"]}, status=403)
    return obj
