"""Names that nobody can guess and nobody misreads: for the addresses of objects and their parts."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"
"""No vowels, so that no word arises; no l, which looks like 1."""

LENGTH = 12
SECRET_LENGTH = 32


def new_identifier(length: int = LENGTH) -> str:
    """Return a fresh name. Twelve signs are 58 bits: a million objects, and no two alike."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_secret() -> str:
    """Return a name that opens what it names, as the address of an upload does."""
    return new_identifier(SECRET_LENGTH)
