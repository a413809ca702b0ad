"""How the REST API knows who is calling: a bearer token."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import HttpBearer

from tangthu.access import policy
from tangthu.access.errors import TooManyBadTokens
from tangthu.access.tokens import actor_of_token
from tangthu.core.actor import Actor
from tangthu.core.requests import client_address

BAD_TOKENS_A_MINUTE = 30
"""From one address. A key cannot be guessed; the limit tells a program gone wild to stop."""


class TokenAuth(HttpBearer):
    """Set `request.auth` to the Actor of a valid token; answer 401 to any other."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the actor. Raises TooManyBadTokens when an address sends many unknown ones.

        A valid one is served all the same: behind one address stands a whole library.
        """
        actor = actor_of_token(token)
        if actor is None:
            counter = f"bad-tokens:{policy.throttled_address(client_address(request))}"
            if _counted(counter) > BAD_TOKENS_A_MINUTE:
                raise TooManyBadTokens(seconds=60)
        return actor


def _counted(counter: str) -> int:
    cache.add(counter, 0, timeout=60)
    try:
        return cache.incr(counter)
    except ValueError:
        # Its minute ended, or room was needed, between the two.
        return 1
