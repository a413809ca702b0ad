"""Rows by the thousand: an import spends most of its lock in Django's compiler otherwise.

Django builds an expression for every value of every row; here a statement is built once and the
values go to the driver as they are. Measured on 10,000 rich records: a quarter of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, TypeAlias

from django.db import connection, models
from django.db.models import Model

Row: TypeAlias = tuple[Any, ...]

_MOST_PARAMETERS = 10_000


def insert(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows given as values of the named fields, in that order.

    Values stand as the driver wants them: no datetimes, no model instances.
    """
    values = list(rows)
    if values:
        columns = _columns(model, names)
        holes = ", ".join(["%s"] * len(names))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {columns} VALUES ({holes})", values)  # noqa: S608


def insert_instances(instances: Sequence[Model]) -> None:
    """Insert new rows that have instances, and give each instance its id.

    Fields take part as they stand on the instance; defaults of the database are not asked.
    """
    if not instances:
        return
    model = type(instances[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    read = attrgetter(*[field.attname for field in fields])
    moments = [at for at, field in enumerate(fields) if isinstance(field, models.DateTimeField)]
    step = _MOST_PARAMETERS // len(fields)
    for start in range(0, len(instances), step):
        chunk = instances[start : start + step]
        ids = _insert_returning(
            model, [f.name for f in fields], [read(row) for row in chunk], moments
        )
        for instance, pk in zip(chunk, ids, strict=True):
            instance.pk = pk
            instance._state.adding = False
            instance._state.db = connection.alias


def _insert_returning(
    model: type[Model], names: Sequence[str], rows: Sequence[Row], moments: Sequence[int]
) -> list[int]:
    columns = _columns(model, names)
    hole = f"({', '.join(['%s'] * len(names))})"
    holes = ", ".join([hole] * len(rows))
    key = connection.ops.quote_name(_column(model, model._meta.pk.name))
    values: list[Any] = []
    for row in rows:
        given = list(row)
        for at in moments:
            given[at] = connection.ops.adapt_datetimefield_value(given[at])
        values += given
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {columns} VALUES {holes} RETURNING {key}", values)  # noqa: S608
        return [pk for (pk,) in cursor.fetchall()]


def _columns(model: type[Model], names: Sequence[str]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join([quote(_column(model, name)) for name in names])
    return f"{quote(model._meta.db_table)} ({columns})"


def _column(model: type[Model], name: str) -> str:
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field) or field.column is None:
        raise TypeError(f"{model.__name__}.{name} has no column")
    return field.column
