"""The tokens of readers' programs: their text, their digests, and the reader behind one.

A token is a key, which is the program's as long as it is logged in, and a secret that changes.
Both are random (128 and 256 bits), so that plain digests of them cannot be guessed back.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from hmac import compare_digest

from django.utils import timezone

from tangthu.patrons.models import CardStatus, Patron, ReaderProgram

OPENING, RENEWING = "tto_", "ttr_"
"""The beginnings of the token that opens the account and of the one that is changed for the next,
so that neither does for the other and scanners for secrets know both."""

_TOKEN = re.compile(r"([\w-]{22})\.([\w-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """A token taken apart."""

    key: str
    secret: str

    def written(self, beginning: str) -> str:
        return f"{beginning}{self.key}.{self.secret}"


def new_key() -> str:
    return secrets.token_urlsafe(16)


def new_token(key: str) -> Token:
    """Return a token with this key and a new secret."""
    return Token(key, secrets.token_urlsafe(32))


def read_token(text: str, beginning: str) -> Token | None:
    """Take a token apart; None for what cannot be one of that kind."""
    if not text.startswith(beginning):
        return None
    found = _TOKEN.fullmatch(text, len(beginning))
    return Token(*found.groups()) if found else None


def digest_of(part: str) -> str:
    """Return the digest under which a key or a secret is stored."""
    return hashlib.sha256(part.encode()).hexdigest()


def is_secret_of(token: Token, digest: str) -> bool:
    """Compare the secret with a digest, in the same time whether or not they fit."""
    return compare_digest(digest_of(token.secret), digest)


def reader_of_token(text: str) -> Patron | None:
    """Return the reader whose account this token opens; None if it opens none (any more).

    One query. Whose card has been withdrawn is nobody, as at the log-in.
    """
    token = read_token(text, OPENING)
    if token is None:
        return None
    rows = ReaderProgram.objects.select_related("patron")
    row = rows.filter(digest=digest_of(token.key)).first()
    if row is None or not is_secret_of(token, row.opening_digest):
        return None
    if row.opens_until <= timezone.now() or row.patron.card_status == CardStatus.WITHDRAWN:
        return None
    return row.patron
