"""Telling a database that is too busy, or was sent what it cannot keep, from one that is broken."""

from __future__ import annotations

from django.db import DataError, OperationalError

from tangthu.core.errors import Busy, Invalid, TangthuError

# SQLSTATE: serialization failure, deadlock detected, lock not available, too many connections.
_TRY_AGAIN = frozenset({"40001", "40P01", "55P03", "53300"})


def refusal_of(error: Exception) -> TangthuError | None:
    """Return the refusal that this failure of the database comes to: `None` for any other.

    Text with NUL, which PostgreSQL cannot keep, is a fault of whoever sent it.
    """
    return Invalid() if isinstance(error, DataError) else busy(error)


def busy(error: Exception) -> Busy | None:
    """Return the refusal that this failure of the database comes to: `None` for any other.

    SQLite gives up after it has waited for another writer; PostgreSQL breaks a deadlock. Either
    way nothing was done, and the same request may be sent again.
    """
    if not isinstance(error, OperationalError):
        return None
    state = getattr(error.__cause__, "sqlstate", None)
    if state in _TRY_AGAIN or "database is locked" in str(error):
        return Busy()
    return None
