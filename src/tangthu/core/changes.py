"""The feed: news that an action leaves behind for apps above it.

An action appends a row in its own transaction. A consumer (the search indexer, OAI-PMH, an
offline node) reads from where it stopped, does its work, and acknowledges. On PostgreSQL a
transaction that began early may commit late: a reader that remembered only the highest row
would never see its rows. So rows carry the id of their transaction, are read in its order, and
only below the oldest transaction still running.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from tangthu.core.models import Change, Consumer


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the feed: the transaction, then the row."""

    transaction: int = 0
    change: int = 0


def append(kind: str, keys: Iterable[object], *, library: int | None = None) -> None:
    """Say that the things of this kind under these keys are new or different."""
    # By hand: Django would build an expression for the database's default in every row, and a
    # row of news would cost an import as much as its record.
    at = connection.ops.adapt_datetimefield_value(timezone.now())
    rows = [(kind, str(key), library, at) for key in keys]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, rows)


_INSERT = (
    f'INSERT INTO "{Change._meta.db_table}" ("kind", "key", "library_id", "at")'  # noqa: S608
    " VALUES (%s, %s, %s, %s)"
)


def read(after: Position, *, kinds: Iterable[str] = (), limit: int = 1000) -> list[Change]:
    """Return the next rows after a position, oldest first; of all kinds where none is named."""
    rows = _settled().filter(
        Q(transaction=after.transaction, id__gt=after.change) | Q(transaction__gt=after.transaction)
    )
    wanted = tuple(kinds)
    if wanted:
        rows = rows.filter(kind__in=wanted)
    return list(rows.order_by("transaction", "id")[:limit])


def position_of(change: Change) -> Position:
    """Return the position that a consumer holds once it has dealt with this row."""
    return Position(change.transaction, change.pk)


def head() -> Position:
    """Return the position of the newest row that a consumer may read now."""
    newest = _settled().aggregate(Max("transaction"))["transaction__max"]
    if newest is None:
        return Position()
    row = _settled().filter(transaction=newest).aggregate(Max("id"))["id__max"]
    return Position(newest, row or 0)


def is_ahead(at: Position) -> bool:
    """Tell whether the position lies beyond all that this database has ever written.

    So it does when the database was put back from an older copy, or into a new PostgreSQL, whose
    transactions are counted from the beginning: whoever holds such a position would wait for
    news that never comes, and must begin anew.
    """
    if connection.vendor == "postgresql" and at.transaction >= _oldest_running():
        return True
    newest = head()
    return newest != Position() and at > newest


def position(consumer: str) -> Position:
    """Return where this consumer stopped; the beginning if it is new."""
    row = Consumer.objects.filter(name=consumer).first()
    return Position(row.transaction, row.change) if row else Position()


def acknowledge(consumer: str, at: Position) -> None:
    """Remember that this consumer has dealt with everything up to the position."""
    Consumer.objects.update_or_create(
        name=consumer, defaults={"transaction": at.transaction, "change": at.change}
    )


def _settled() -> QuerySet[Change]:
    if connection.vendor != "postgresql":
        return Change.objects.all()
    return Change.objects.filter(transaction__lt=_oldest_running())


def _oldest_running() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (oldest,) = cursor.fetchone()
    return int(oldest)
