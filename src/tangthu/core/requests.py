"""The request under way: its id for the logs, and the type that our views receive."""

from __future__ import annotations

from contextvars import ContextVar

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tangthu.core.actor import Actor

_request_id: ContextVar[str] = ContextVar("request_id", default="")


class LibraryRequest(HttpRequest):
    """A request as our middleware hands it to a view."""

    actor: Actor
    htmx: HtmxDetails


def current_request_id() -> str:
    """Return the id of the request under way, or an empty string outside of one."""
    return _request_id.get()


def set_request_id(value: str) -> None:
    """Name the request (or the job) that this thread now works on."""
    _request_id.set(value)
