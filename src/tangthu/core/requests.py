"""The request under way: its id for the logs, and the type that our views receive."""

from __future__ import annotations

from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tangthu.core.actor import Actor

_request_id: ContextVar[str] = ContextVar("request_id", default="")


class LibraryRequest(HttpRequest):
    """A request as our middleware hands it to a view."""

    actor: Actor
    htmx: HtmxDetails
    reader_name: str = ""
    """The name of the reader who is logged in, known once `actor` has been looked at."""


def current_request_id() -> str:
    """Return the id of the request under way, or an empty string outside of one."""
    return _request_id.get()


def set_request_id(value: str) -> None:
    """Name the request (or the job) that this thread now works on."""
    _request_id.set(value)


def client_address(request: HttpRequest) -> str | None:
    """Return the address of the visitor.

    Behind proxies of ours (`TANGTHU_TRUSTED_PROXIES` tells how many) it is the entry of
    X-Forwarded-For that the outermost of them wrote; what stands further left anybody can write.
    """
    nearest = request.META.get("REMOTE_ADDR") or None
    proxies: int = settings.TRUSTED_PROXIES
    if proxies < 1:
        return nearest
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    written = [part for part in told if part]
    return written[-proxies] if len(written) >= proxies else nearest
