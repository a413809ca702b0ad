"""The audit log: every change with who, where, when, and the values before and after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import models
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.core.models import AuditEntry
from tangthu.core.prepared import insert
from tangthu.core.requests import current_request_id

HIDDEN = "•••"


def snapshot(row: models.Model, *, hide: frozenset[str] = frozenset()) -> dict[str, object]:
    """Return the row's values as plain data; those named in `hide` are masked, not kept."""
    values: dict[str, object] = {}
    for field in row._meta.concrete_fields:
        value = field.value_from_object(row)
        if field.name in hide:
            values[field.name] = HIDDEN if value else None
        elif not isinstance(value, bytes | memoryview):
            values[field.name] = _plain(value)
    return values


def record(
    action: str,
    *,
    by: Actor,
    kind: str,
    key: object,
    library: int | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Write down the deed. Of `before` and `after` only what differs is kept."""
    insert(
        AuditEntry(
            at=timezone.now(),
            actor=by.name,
            user_id=by.user_id,
            patron_id=by.patron_id,
            face=by.face,
            library_id=library if library is not None else by.library_id,
            action=action,
            object_kind=kind,
            object_key=str(key),
            changes=_difference(before or {}, after or {}),
            request_id=current_request_id(),
        )
    )


def forget_values(kind: str, key: object) -> int:
    """Empty the entries about a thing: who did what and when stays, no value. Returns how many."""
    return AuditEntry.objects.about(kind, key).exclude(changes={}).update(changes={})


def forget_deeds_of(patron_id: int) -> int:
    """Take the name of a reader out of the entries of what they did themselves."""
    return AuditEntry.objects.filter(patron_id=patron_id).update(actor=HIDDEN)


def forget_old_values(kind: str, *, before: datetime) -> int:
    """Empty the entries about things of a kind that are older than that moment."""
    old = AuditEntry.objects.filter(at__lt=before, object_kind=kind).exclude(changes={})
    return old.update(changes={})


def _difference(
    before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, list[object]]:
    names = list(dict.fromkeys([*before, *after]))
    return {
        name: [_plain(before.get(name)), _plain(after.get(name))]
        for name in names
        if before.get(name) != after.get(name)
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)
