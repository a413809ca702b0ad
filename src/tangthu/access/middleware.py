"""Who is asking: the actor behind the session, found only when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from tangthu.access import sessions
from tangthu.core.actor import Actor
from tangthu.core.requests import LibraryRequest


class ActorMiddleware:
    """Put the actor on the request. A page that never looks at it costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visitor = cast(LibraryRequest, request)
        visitor.actor = cast(Actor, SimpleLazyObject(lambda: sessions.actor_of(visitor)))
        return self.get_response(visitor)
