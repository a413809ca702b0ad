"""Keys for programs: their text, their digest, and the actor behind one.

A key holds 256 random bits, so a plain digest of it cannot be guessed back.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from tangthu.access.grants import actor_with, read_grants
from tangthu.access.models import ApiToken
from tangthu.core.actor import Actor, Face
from tangthu.core.stamps import Remembered

_BEGINNING = "tt_"
_SHOWN = 10
_USE_IS_NOTED_EVERY = timedelta(minutes=5)


def new_token() -> str:
    """Return a new key, which begins with `tt_` so that secret scanners know it."""
    return _BEGINNING + secrets.token_urlsafe(32)


def digest_of(plain: str) -> str:
    """Return the digest under which a key is stored: long and random, it needs no salt."""
    return hashlib.sha256(plain.encode()).hexdigest()


def prefix_of(plain: str) -> str:
    """Return the beginning by which a person recognises a key."""
    return plain[:_SHOWN]


@dataclass(slots=True)
class _Key:
    """A key that opens something, whom it is for, and when its use was last written down."""

    token: ApiToken
    actor: Actor
    noted_at: datetime | None


def actor_of_token(plain: str) -> Actor | None:
    """Return who acts with this key; None if it opens nothing (any more).

    One query; more when keys, users, roles or libraries have changed.
    """
    now, digest = timezone.now(), digest_of(plain)
    known = _KEYS.get()
    key = known.get(digest) or _read(digest)
    if key is None or (key.token.expires_at is not None and key.token.expires_at <= now):
        return None
    known[digest] = key
    _note_use(key, now)
    return key.actor


_KEYS = Remembered[dict[str, _Key]](dict)


def _read(digest: str) -> _Key | None:
    tokens = ApiToken.objects.valid(timezone.now()).select_related("user__library")
    token = tokens.filter(digest=digest).first()
    if token is None:
        return None
    actor = actor_with(read_grants(token.user), token.user, face=Face.API)
    return _Key(token, actor, token.last_used_at)


def _note_use(key: _Key, now: datetime) -> None:
    long_ago = now - _USE_IS_NOTED_EVERY
    if key.noted_at is not None and key.noted_at >= long_ago:
        return
    unnoted = Q(last_used_at=None) | Q(last_used_at__lt=long_ago)
    ApiToken.objects.filter(unnoted, pk=key.token.pk).update(last_used_at=now)
    key.noted_at = now
