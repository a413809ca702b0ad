"""Keys for programs: their text, their digest, and the actor behind one.

A key holds 256 random bits, so a plain digest of it cannot be guessed back.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from tangthu.access.grants import actor_for
from tangthu.access.models import ApiToken
from tangthu.core.actor import Actor, Face

_BEGINNING = "tt_"
_SHOWN = 10
_USE_IS_NOTED_EVERY = timedelta(minutes=5)


def new_token() -> str:
    """Return a new key, which begins with `tt_` so that secret scanners know it."""
    return _BEGINNING + secrets.token_urlsafe(32)


def digest_of(plain: str) -> str:
    """Return the digest under which a key is stored."""
    return hashlib.sha256(plain.encode()).hexdigest()


def prefix_of(plain: str) -> str:
    """Return the beginning by which a person recognises a key."""
    return plain[:_SHOWN]


def actor_of_token(plain: str) -> Actor | None:
    """Return who acts with this key; None if it opens nothing (any more)."""
    now = timezone.now()
    token = (
        ApiToken.objects.valid(now)
        .filter(digest=digest_of(plain))
        .select_related("user__library")
        .first()
    )
    if token is None:
        return None
    long_ago = now - _USE_IS_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at < long_ago:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lt=long_ago)
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
    return actor_for(token.user, face=Face.API)
