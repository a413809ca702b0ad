from __future__ import annotations

import pytest
from django.db import DatabaseError, DataError, IntegrityError, OperationalError

from tangthu.core.contention import busy, refusal_of


class Deadlock(Exception):
    sqlstate = "40P01"


class DiskFull(Exception):
    sqlstate = "53100"


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        raised(OperationalError("database is locked")),
        raised(OperationalError("database table is locked: database is locked")),
        raised(OperationalError("deadlock detected"), Deadlock()),
    ],
)
def test_a_database_that_is_too_busy_may_be_asked_again(error):
    found = busy(error)

    assert found is not None
    assert (found.code, found.status) == ("busy", 503)


def test_text_that_no_database_keeps_is_a_fault_of_the_sender():
    found = refusal_of(DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"))

    assert found is not None
    assert (found.code, found.status) == ("invalid", 422)


@pytest.mark.parametrize(
    "error",
    [
        raised(OperationalError("disk I/O error")),
        raised(OperationalError("could not extend file"), DiskFull()),
        raised(IntegrityError("UNIQUE constraint failed")),
        raised(DatabaseError("malformed")),
        ValueError("database is locked"),
    ],
)
def test_a_broken_one_is_not_called_busy(error):
    assert refusal_of(error) is None
