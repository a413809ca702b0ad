"""What all answers of IIIF have in common: other sites may use them, caches may keep them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Concatenate, ParamSpec

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from tangthu.core.requests import LibraryRequest
from tangthu.core.wording import sentence
from tangthu.formats.iiif.errors import ImageRefused
from tangthu.formats.iiif.manifest import Json
from tangthu.protocols.iiif.guarding import TooFast
from tangthu.ui.staff import Wrapped, public_page

P = ParamSpec("P")
View = Callable[Concatenate[LibraryRequest, P], HttpResponse]

KEPT_BY_ALL = "public, max-age=3600"
KEPT_BY_READER = "private, max-age=600"
METHODS = "GET, HEAD, OPTIONS"


def answers_all(view: View[P]) -> Wrapped[P]:
    """Let programs of any site ask (CORS), and say in one line why an image is refused."""

    @wraps(view)
    def gate(request: LibraryRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return shared(_preflight())
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(METHODS.split(", "))
        try:
            return view(request, *args, **kwargs)
        except TooFast as refused:
            return _later(refused.seconds)
        except ImageRefused as refused:
            return plain(refused.status, str(refused))

    return public_page(gate)


def plain(status: int, words: str) -> HttpResponse:
    """Return a refusal that a program can read, without a page around it."""
    return shared(HttpResponse(words, content_type="text/plain; charset=utf-8", status=status))


def _later(seconds: float) -> HttpResponse:
    """Say in words when the next picture may be fetched."""
    minutes = ceil(seconds / 60)
    answer = plain(429, sentence("read_too_fast", {"minutes": minutes}))
    answer["Retry-After"] = str(ceil(seconds))
    return answer


def shared(answer: HttpResponse) -> HttpResponse:
    """Let scripts and pages of other sites use the answer."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def kept(request: HttpRequest, answer: HttpResponse, *, tag: str, by_all: bool) -> HttpResponse:
    """Say how long the answer may be kept and by whom, and answer 304 to who has it already."""
    if has_already(request, tag):
        answer = HttpResponseNotModified()
    answer["ETag"] = f'"{tag}"'
    answer["Cache-Control"] = KEPT_BY_ALL if by_all else KEPT_BY_READER
    return shared(answer) if by_all else answer


def has_already(request: HttpRequest, tag: str) -> bool:
    """Tell whether the visitor keeps this very answer."""
    return f'"{tag}"' in request.headers.get("If-None-Match", "")


def json_answer(
    request: HttpRequest, found: Json, *, media_type: str, by_all: bool
) -> HttpResponse:
    """Return a description: as linked data to who asks for that, as plain JSON to browsers."""
    content = orjson.dumps(found)
    linked = "application/ld+json" in request.headers.get("Accept", "")
    kind = media_type if linked else "application/json"
    tag = hashlib.sha256(content).hexdigest()[:32]
    answer = kept(request, HttpResponse(content, content_type=kind), tag=tag, by_all=by_all)
    patch_vary_headers(answer, ("Accept",))
    return answer


def _preflight() -> HttpResponse:
    answer = HttpResponse(status=204)
    answer["Access-Control-Allow-Methods"] = METHODS
    answer["Access-Control-Allow-Headers"] = "Accept, Authorization, If-None-Match"
    answer["Access-Control-Max-Age"] = "86400"
    return answer
