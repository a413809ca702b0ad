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
"""From one address. A key cannot be guessed; the limit spares the database a program gone wild."""


class TokenAuth(HttpBearer):
    """Set `request.auth` to the Actor of a valid token; answer 401 to any other."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the actor. Raises TooManyBadTokens when an address sends only unknown ones."""
        counter = f"bad-tokens:{policy.throttled_address(client_address(request))}"
        if cache.get(counter, 0) >= BAD_TOKENS_A_MINUTE:
            raise TooManyBadTokens(seconds=60)
        actor = actor_of_token(token)
        if actor is None:
            cache.add(counter, 0, timeout=60)
            cache.incr(counter)
        return actor
