"""Questions that are put into SQL once, for the few places where that work is most of the time.

Django builds the SQL of a queryset anew for every call, which takes ten times as long as SQLite
needs to answer by a key. A prepared question is written as a queryset all the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
Made = TypeVar("Made", bound=models.Model)

PAGE_OF_KEYS = 20
"""As many as a page of results shows."""


class Slot(Expression):
    """A place in a prepared question that each call fills. Say of what kind where Django asks."""

    def __init__(self, place: int, output_field: models.Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field)
        self.place = place

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class Prepared(Generic[Row]):
    """A queryset with slots: of rows of one table, without related ones, or of `values_list`.

    Rows may have annotations.

    `build` gets the slots, and is called once in every thread.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Row]], *, slots: int) -> None:
        self._build = build
        self._slots = slots
        self._compiled = threading.local()

    def all(self, *values: object) -> list[Row]:
        """Fill the slots in their order, ask, and return every row."""
        question = self._question()
        filled: list[Any] = [
            _stored(values[each.place]) if isinstance(each, Slot) else each
            for each in question.parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(question.sql, filled)
            found = cursor.fetchall()
        return list(question.rows(found))

    def first(self, *values: object) -> Row | None:
        """Return the first row, or `None`."""
        found = self.all(*values)
        return found[0] if found else None

    def _question(self) -> _Question:
        known: _Question | None = getattr(self._compiled, connection.vendor, None)
        if known is None:
            known = _Question(self._build(*map(Slot, range(self._slots))))
            setattr(self._compiled, connection.vendor, known)
        return known


class PreparedForKeys(Generic[Row]):
    """A prepared question about the rows of some keys, at the most a page of them at a time.

    `build` gets as many slots as a page has; where there are fewer keys, one stands in several.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Row]]) -> None:
        self._page = Prepared(lambda *slots: build(slots), slots=PAGE_OF_KEYS)

    def all(self, keys: Sequence[object]) -> list[Row]:
        """Ask about these keys, a page after the other, and return every row."""
        found: list[Row] = []
        for start in range(0, len(keys), PAGE_OF_KEYS):
            page = keys[start : start + PAGE_OF_KEYS]
            found += self._page.all(*page, *[page[-1]] * (PAGE_OF_KEYS - len(page)))
        return found


class _Question:
    """A queryset in SQL, and how its rows become what the queryset is of."""

    def __init__(self, queryset: models.QuerySet[Any, Any]) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        self.sql, self.parameters = compiler.as_sql()
        columns = [column for column, *_ in compiler.select]
        self._apply = partial(
            compiler.apply_converters, converters=compiler.get_converters(columns)
        )
        self._model = None
        if not queryset.query.has_select_fields:
            self._model = queryset.model
            self._added = dict(compiler.annotation_col_map or {})
            fields = columns[: len(columns) - len(self._added)]
            self._names = [column.target.attname for column in fields]

    def rows(self, found: Sequence[Sequence[object]]) -> Iterator[Any]:
        rows = self._apply(found)
        if self._model is None:
            return map(tuple, rows)
        return map(partial(self._made, self._model), rows)

    def _made(self, model: type[models.Model], row: Sequence[object]) -> models.Model:
        made = model.from_db(connection.alias, self._names, row[: len(self._names)])
        for name, place in self._added.items():
            setattr(made, name, row[place])
        return made


@lru_cache(maxsize=64)
def _insertion(model: type[models.Model]) -> tuple[str, tuple[models.Field[Any, Any], ...]]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    slots = ", ".join(["%s"] * len(fields))
    table, key = model._meta.db_table, model._meta.pk.column
    sql = f'INSERT INTO "{table}" ({columns}) VALUES ({slots}) RETURNING "{key}"'  # noqa: S608
    return sql, fields


def insert(row: Made) -> Made:
    """Store a new row and give it its key, as `save` does, without building the SQL anew.

    For models without a `save` of their own; Django's signals, of which we have none, are not sent.
    """
    sql, fields = _insertion(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, connection.alias
    return row


def _stored(value: object) -> object:
    """Return a moment as the database keeps it, and anything else as it is."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
