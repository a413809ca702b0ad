"""The REST API: the apps' routers under one roof, and its problem documents (RFC 9457)."""

from __future__ import annotations

from typing import cast

import orjson
from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.parser import Parser
from ninja.throttling import SimpleRateThrottle

from tangthu.access.auth import TokenAuth
from tangthu.circulation.api import harms, holds, loans
from tangthu.core import wording
from tangthu.core.actor import Actor
from tangthu.core.contention import busy
from tangthu.core.errors import TangthuError
from tangthu.core.problems import problem, refusal
from tangthu.fees.api import router as fees
from tangthu.opac.api import router as opac
from tangthu.patrons.api import router as patrons
from tangthu.reading.api import counter as reading_counter
from tangthu.reading.api import lending as reading_lending
from tangthu.repository.api import router as repository


class PerUser(SimpleRateThrottle):
    """So many requests for each user; what a program may ask without harming the desk."""

    def get_cache_key(self, request: HttpRequest) -> str | None:
        actor = cast(Actor | None, getattr(request, "auth", None))
        return f"api-{actor.user_id}" if actor is not None else None


class StrictParser(Parser):
    """Reads a body as RFC 8259 has it: UTF-8, whole characters, not nested without end."""

    def parse_body(self, request: HttpRequest) -> dict[str, object]:
        """Return the body. Raises ValueError, answered with 400; also for NUL, no database's text.

        So is the same text behind an escaped backslash, which nobody means either.
        """
        if rb"\u0000" in request.body:
            raise ValueError("NUL in a text")
        body: dict[str, object] = orjson.loads(request.body)
        return body


api = NinjaAPI(
    title="Tàng Thư",
    version="1",
    description="Search, records, items, patrons, loans and holds. Refusals are RFC 9457 problems.",
    urls_namespace="api",
    openapi_url="openapi.json",
    docs_url=None,
    auth=TokenAuth(),
    throttle=[PerUser(settings.API_RATE)],
    parser=StrictParser(),
)


@api.exception_handler(TangthuError)
def refused(request: HttpRequest, error: TangthuError) -> HttpResponse:
    return refusal(error)


@api.exception_handler(OperationalError)
def contended(request: HttpRequest, error: OperationalError) -> HttpResponse:
    found = busy(error)
    if found is None:
        raise error
    response = refusal(found)
    response["Retry-After"] = "1"
    return response


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {
            "field": ".".join(str(part) for part in found["loc"]),
            "message": _fault(str(found["type"])),
            "type": found["type"],
        }
        for found in error.errors
    ]
    return problem(422, "invalid", wording.sentence("invalid"), {"errors": errors})


def _fault(kind: str) -> str:
    """Return what is wrong with a value, by the kind of fault that pydantic names."""
    match kind.partition("_")[0]:
        case "missing":
            return _("This field is needed.")
        case "string":
            return _("This must be a text.")
        case "int" | "float" | "decimal":
            return _("This must be a number.")
        case "bool":
            return _("This must be true or false.")
        case "date" | "datetime" | "timezone":
            return _("This must be a date or a moment with its time zone (ISO 8601).")
        case "list":
            return _("This must be a list.")
        case _:
            return _("This value cannot be used here.")


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = problem(401, "token_needed", _("A valid API token is needed."))
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Throttled)
def too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
    response = problem(429, "too_many_requests", _("Too many requests. Wait a moment."))
    response["Retry-After"] = str(error.wait or 1)
    return response


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "not_found", wording.sentence("not_found"))


@api.exception_handler(HttpError)
def malformed(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "bad_request", _("The request could not be understood."))


@api.exception_handler(RequestDataTooBig)
@api.exception_handler(BadRequest)
def oversized(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(413, "too_large", _("The request is too large."))


api.add_router("", opac)
api.add_router("", loans)
api.add_router("", holds)
api.add_router("", harms)
api.add_router("", patrons)
api.add_router("", fees)
api.add_router("", repository)
api.add_router("", reading_lending.router)
api.add_router("", reading_counter.router)
