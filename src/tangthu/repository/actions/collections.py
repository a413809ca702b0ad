"""The tree of collections."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid
from tangthu.repository.errors import CollectionCodeTaken, CollectionInItself
from tangthu.repository.models import Collection
from tangthu.repository.permissions import RepositoryPermission
from tangthu.text import clean, normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionData:
    """A collection as staff describe it."""

    code: str
    name: str
    description: str = ""
    parent: Collection | None = None
    position: int = 0


@transaction.atomic
def add_collection(data: CollectionData, *, by: Actor) -> Collection:
    """Put up a collection. Raises CollectionCodeTaken, Invalid."""
    by.require(RepositoryPermission.MANAGE_COLLECTIONS)
    return _save(Collection(), data, "collection.added", by=by)


@transaction.atomic
def change_collection(collection: Collection, data: CollectionData, *, by: Actor) -> Collection:
    """Describe a collection anew, or move it with all below it.

    Raises CollectionCodeTaken, CollectionInItself, Invalid.
    """
    by.require(RepositoryPermission.MANAGE_COLLECTIONS)
    row = Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)
    return _save(row, data, "collection.changed", by=by)


def _save(row: Collection, data: CollectionData, action: str, *, by: Actor) -> Collection:
    before = audit.snapshot(row) if row.pk else None
    old_path = row.path
    if data.parent is not None and row.pk and data.parent.path.startswith(old_path):
        raise CollectionInItself("parent")
    row.code, row.name = data.code.strip().lower(), normalise(data.name)[:200]
    if not row.name or not row.code:
        raise Invalid("name" if row.code else "code")
    row.description, row.parent, row.position = clean(data.description), data.parent, data.position
    row.path = f"{data.parent.path if data.parent else ''}{row.code}/"
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise CollectionCodeTaken(field="code") from None
    if old_path and old_path != row.path:
        _move_below(row, old_path)
    audit.record(
        action,
        by=by,
        kind="collection",
        key=row.pk,
        before=before,
        after=audit.snapshot(row),
    )
    return row


def _move_below(row: Collection, old_path: str) -> None:
    below = Collection.objects.filter(path__startswith=old_path).exclude(pk=row.pk)
    for each in below:
        each.path = row.path + each.path.removeprefix(old_path)
        each.save(update_fields=["path"])
