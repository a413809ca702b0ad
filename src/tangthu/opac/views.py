from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from tangthu.catalogue.models import Record
from tangthu.community.cards import cards_of
from tangthu.core.actor import NOBODY
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.discovery import search as discovery
from tangthu.discovery.engine import SuggestionKind
from tangthu.discovery.errors import IndexUnavailable, PageTooDeep, QueryTooLarge
from tangthu.formats.citations import CITATIONS
from tangthu.formats.marc.storage import loads
from tangthu.opac import labels, manual, presenting, searching
from tangthu.opac.exchange import FORMS, written
from tangthu.opac.within import Visitor
from tangthu.repository.models import DigitalObject
from tangthu.ui.staff import public_page

LONGEST_SUGGESTION = 100
FIELDS = {
    SuggestionKind.TITLE: "title",
    SuggestionKind.AUTHOR: "author",
    SuggestionKind.SUBJECT: "subject",
}


@require_safe
@public_page
def home(request: LibraryRequest) -> HttpResponse:
    """Show one search box, what is new, and a few ways to begin."""
    newest = Record.objects.public().without_marc().order_by("-pk")[:8]
    digital = DigitalObject.objects.visible_to(NOBODY).select_related("library")
    context = {
        "newest": [presenting.tile(record) for record in newest],
        "digital": cards_of(digital.order_by("-published_at", "-pk")[:6], now=timezone.now()),
    }
    return render(request, "opac/home.html", context)


@require_safe
@public_page
def search(request: LibraryRequest) -> HttpResponse:
    """Show the records that fit, with facets to narrow and orders to choose from."""
    asked = searching.asked(request.GET)
    context: dict[str, object] = {"asked": asked, "q": asked.q, "sorts": labels.SORTS.items()}
    try:
        visitor = Visitor(request.actor, client_address(request), timezone.now())
        page = searching.answer(
            asked, engine=discovery.engine(), address=request.GET, visitor=visitor
        )
    except IndexUnavailable:
        return render(request, "opac/building.html", context, status=503)
    except (PageTooDeep, QueryTooLarge):
        return render(request, "opac/too_deep.html", context, status=404)
    return render(request, "opac/search.html", context | {"page": page})


@require_safe
@public_page
def record(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show one record: what it is, where to get it now, then the rest folded."""
    shown = presenting.page(visible(request, pk), request)
    answer = render(request, "opac/record.html", shown)
    answer["Link"] = str(shown["links_to"])
    return answer


@require_safe
@public_page
def export(request: LibraryRequest, pk: int, form: str) -> HttpResponse:
    """Hand out the record as MARC, or as a file for a reference manager."""
    found = visible(request, pk)
    if citation := CITATIONS.get(form):
        cited = presenting.work(found, request.build_absolute_uri("/")[:-1])
        answer, form = HttpResponse(citation.write(cited), citation.content_type), citation.ending
    elif marc := FORMS.get(form):
        answer = HttpResponse(written(loads(found.marc), marc), marc.content_type)
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="record-{pk}.{form}"'
    return answer


@require_safe
@public_page
@cache_control(private=True, max_age=60)
def suggest(request: LibraryRequest) -> HttpResponse:
    """List headings that begin with what is typed; nothing while there is no index.

    A browser may keep them, a proxy not: they are in the language that the reader has chosen.
    """
    typed = request.GET.get("q", "")[:LONGEST_SUGGESTION].strip()
    try:
        found = discovery.engine().suggest(typed) if typed else ()
    except IndexUnavailable:
        found = ()
    kinds = {
        SuggestionKind.TITLE: _("title"),
        SuggestionKind.AUTHOR: _("author"),
        SuggestionKind.SUBJECT: _("subject"),
    }
    suggestions = [
        {
            "label": each.text,
            "kind": kinds[each.kind],
            "url": presenting.search_for(FIELDS[each.kind], each.text),
        }
        for each in found
    ]
    return render(request, "ui/components/suggestions.html", {"suggestions": suggestions})


@require_safe
@public_page
def manual_page(request: LibraryRequest, name: str = "index") -> HttpResponse:
    """Show a page of the librarians' manual."""
    page = manual.page(name)
    if page is None:
        raise Http404
    return render(request, "opac/manual.html", {"page": page, "pages": manual.pages()})


@require_safe
@public_page
@cache_control(public=True, max_age=3600)
def manual_picture(request: LibraryRequest, name: str) -> FileResponse:
    """Hand out a picture of the manual."""
    path = manual.picture(name)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/png")


@require_safe
@public_page
def service_worker(request: LibraryRequest) -> HttpResponse:
    """Answer the worker that shows messages in the browsers of readers who asked for it."""
    path = finders.find("ui/push-worker.js")
    if path is None:
        raise Http404
    script = Path(path).read_bytes()
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@require_POST
@public_page
def language(request: LibraryRequest) -> HttpResponse:
    """Remember the chosen language, and go back."""
    following = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(following, {request.get_host()}, request.is_secure()):
        following = "/"
    response = HttpResponseRedirect(following)
    chosen = request.POST.get("language", "")
    if chosen in {code for code, _name in settings.LANGUAGES}:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
    return response


def visible(request: LibraryRequest, pk: int) -> Record:
    """Return the record if these eyes may see it."""
    found = Record.objects.visible_to(request.actor).select_related("library").filter(pk=pk)
    row = found.first()
    if row is None:
        raise Http404
    return row
