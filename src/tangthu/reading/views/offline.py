"""What browsers that keep documents ask: their service worker, and what their reader has still."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.reading.lending import dues_of
from tangthu.reading.presenting import address_of
from tangthu.ui.staff import public_page


@require_safe
@public_page
def service_worker(request: LibraryRequest) -> HttpResponse:
    """Answer the script from below `/read/`, for what lies there is what it may serve."""
    found = finders.find("ui/reading-sw.js")
    if found is None:
        raise Http404
    answer = HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")
    patch_cache_control(answer, no_cache=True)
    return answer


@require_safe
@public_page
def no_line(request: LibraryRequest) -> HttpResponse:
    """Answer the page that the worker keeps, to be shown where no line reaches us."""
    answer = render(request, "reading/no_line.html")
    patch_cache_control(answer, no_cache=True)
    return answer


@require_safe
@public_page
def on_loan(request: LibraryRequest) -> HttpResponse:
    """Tell until when this visitor has which documents, by address, in milliseconds.

    What a browser keeps beyond that it removes: who is logged out has nothing.
    """
    dues = dues_of(request.actor, now=timezone.now())
    due = {address_of(obj): round(moment.timestamp() * 1000) for obj, moment in dues}
    answer = JsonResponse({"due": due})
    answer["Cache-Control"] = "private, no-store"
    return answer
