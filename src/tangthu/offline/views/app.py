"""The installable page, its program, its service worker, and the rules it runs."""

from __future__ import annotations

import json

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.offline.bundle import bundle
from tangthu.offline.permissions import OfflinePermission
from tangthu.offline.policy import ITEM, PATRON
from tangthu.offline.shell import PAGE, shell, source
from tangthu.offline.words import page_words
from tangthu.ui.staff import public_page, staff_page

SCRIPT = "text/javascript; charset=utf-8"


@require_safe
@staff_page(OfflinePermission.USE)
def desk(request: LibraryRequest) -> HttpResponse:
    """Answer the page. Nothing of whoever asks stands in it: the browser keeps it."""
    context = {
        "words": page_words(),
        "settings": {
            "page": PAGE,
            "engine": static("offline/"),
            "icons": static("ui/icons.svg"),
            "rules": bundle().version,
            "patron": PATRON,
            "item": ITEM,
        },
    }
    return render(request, "offline/desk.html", context)


@require_safe
@public_page
def service_worker(request: LibraryRequest) -> HttpResponse:
    """Answer the service worker, with what it keeps at this version."""
    kept = shell()
    told = {
        "version": kept.version,
        "pages": kept.pages,
        "engineVersion": kept.engine_version,
        "engine": kept.engine,
        "home": PAGE,
    }
    script = f"self.SHELL = {json.dumps(told)};\n".encode() + source("ui/offline-sw.js")
    response = HttpResponse(script, content_type=SCRIPT)
    patch_cache_control(response, no_cache=True)
    return response


@require_safe
@csp_replace(
    {
        "default-src": ["'none'"],
        "script-src": [SELF, "'wasm-unsafe-eval'"],
        "connect-src": [SELF],
    }
)
@public_page
def worker(request: LibraryRequest) -> HttpResponse:
    """Answer the program that keeps the data and runs the rules.

    It runs in a thread of its own, under a policy of its own: there alone may WebAssembly be
    compiled, and nothing but scripts of this site and requests to it are possible.
    """
    response = HttpResponse(source("ui/offline-worker.js"), content_type=SCRIPT)
    patch_cache_control(response, no_cache=True)
    return response


@require_safe
@public_page
def rules(request: LibraryRequest) -> HttpResponse:
    """Answer the rules themselves: the modules that run here too."""
    response = HttpResponse(bundle().content, content_type="application/zip")
    patch_cache_control(response, no_cache=True)
    return response


@require_safe
@public_page
def manifest(request: LibraryRequest) -> HttpResponse:
    """Answer what a system needs to install the page as a program."""
    sizes = ("192x192", "512x512")
    icons = [
        {"src": static(f"offline/icon-{size.partition('x')[0]}.png"), "sizes": size}
        | {"type": "image/png", "purpose": purpose}
        for size in sizes
        for purpose in ("any", "maskable")
    ]
    told = {
        "id": PAGE,
        "start_url": PAGE,
        "scope": PAGE,
        "name": _("Offline desk · Tàng Thư"),
        "short_name": _("Offline desk"),
        "description": _("Lend, take back, renew and register readers without a line."),
        "lang": request.LANGUAGE_CODE,
        "display": "standalone",
        "background_color": "#faf6ee",
        "theme_color": "#9c3a21",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")
