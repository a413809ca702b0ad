"""Who is asking, where it is nobody of the staff: perhaps a reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from tangthu.core.actor import NOBODY, Actor
from tangthu.core.requests import LibraryRequest
from tangthu.patrons import sessions


class ReaderMiddleware:
    """Answer for the actor where `access` finds nobody. Without a session it costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visitor = cast(LibraryRequest, request)
        found = visitor.actor

        def actor() -> Actor:
            return sessions.actor_of(visitor) if found == NOBODY else found

        visitor.actor = cast(Actor, SimpleLazyObject(actor))
        return self.get_response(visitor)
