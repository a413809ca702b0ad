"""The service worker of the readers: it opens kept documents while there is no line."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from tangthu.core.requests import LibraryRequest
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
