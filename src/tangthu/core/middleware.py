"""What surrounds every request: its id and log line, its language, and the words of a refusal."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from tangthu.core import wording
from tangthu.core.contention import refusal_of
from tangthu.core.errors import TangthuError
from tangthu.core.requests import set_request_id

logger = logging.getLogger("tangthu.web")

GetResponse = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,40}")


class RequestIdMiddleware:
    """Give the request an id (or take the proxy's), answer it back, and log one line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        set_request_id(request_id)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            if not request.path.startswith(settings.STATIC_URL):
                self._log(request, response, time.perf_counter() - began)
            return response
        finally:
            set_request_id("")

    def _log(self, request: HttpRequest, response: HttpResponse, took: float) -> None:
        logger.info(
            "request",
            extra={
                "method": request.method,
                "path": request.resolver_match.route if request.resolver_match else "(unknown)",
                "status": response.status_code,
                "took_ms": round(took * 1000, 1),
            },
        )


class LanguageMiddleware:
    """Speak Vietnamese, unless the reader has chosen another of our languages.

    A browser's own list is not asked: many here carry an English one that nobody set. That of a
    program is, for somebody wrote it on purpose.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.known = {code for code, _ in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if request.path.startswith("/api/"):
            chosen = request.headers.get("Accept-Language", "")[:2].lower()
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        return response


class RefusalMiddleware:
    """Turn a refusal that no view caught into a page, or a message for a swapped part."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        refusal = error if isinstance(error, TangthuError) else refusal_of(error)
        if refusal is None:
            return None
        context = {"message": wording.explain(refusal), "code": refusal.code}
        part = request.headers.get("HX-Request") == "true"
        template = "ui/refused_part.html" if part else "ui/refused.html"
        return render(request, template, context, status=refusal.status)
