from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Func
from django.db.models.sql.compiler import SQLCompiler


class CurrentTransaction(Func):
    """The id of the writing transaction on PostgreSQL; 0 on SQLite, whose writers are serial."""

    template = "(0)"
    output_field = models.BigIntegerField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Sequence[object]]:
        template = "(pg_current_xact_id()::text::bigint)"
        return self.as_sql(compiler, connection, template=template)


class Change(models.Model):
    """One line of news: something of this kind, under this key, is new or different."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    library_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    transaction = models.BigIntegerField(db_default=CurrentTransaction())

    class Meta:
        indexes = [models.Index(fields=["transaction", "id"], name="change_position")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Consumer(models.Model):
    """How far a reader of the feed has come."""

    name = models.CharField(max_length=60, unique=True)
    transaction = models.BigIntegerField(default=0)
    change = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.name} at {self.transaction}/{self.change}"


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, kind: str, key: object) -> Self:
        return self.filter(object_kind=kind, object_key=str(key))

    def newest(self) -> Self:
        return self.order_by("-id")


class AuditEntry(models.Model):
    """Who did what to which thing, with the values before and after."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    user_id = models.BigIntegerField(null=True)
    patron_id = models.BigIntegerField(null=True)
    face = models.CharField(max_length=20)
    library_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_key = models.CharField(max_length=64)
    changes = models.JSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_key", "id"], name="audit_object"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_kind} {self.object_key}"


class IdempotencyKey(models.Model):
    """The answer once given to a request that may be sent twice."""

    scope = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="one_answer_per_key"),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_created")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class Stamp(models.Model):
    """One row, with a new random value after every change of a stamped table (core.stamps)."""

    value = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.value)
