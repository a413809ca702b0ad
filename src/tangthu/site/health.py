"""The checks behind `/healthz` and `tangthu doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db import DatabaseError, connection


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether it is well, what was seen, and what to do if not."""

    name: str
    ok: bool
    seen: str = ""
    advice: str = ""


def vital() -> Iterator[Check]:
    """Yield what must answer for the site to be of use."""
    yield database()
    yield storage()


def database() -> Check:
    """Ask the database a question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Check("database", ok=False, seen=str(error), advice="Check DATABASE_URL.")
    return Check("database", ok=True, seen=connection.vendor)


def storage() -> Check:
    """Look whether the store of files can be listed."""
    try:
        default_storage.exists("probe")
    except OSError as error:
        return Check("storage", ok=False, seen=str(error), advice="Check TANGTHU_DATA.")
    return Check("storage", ok=True)
