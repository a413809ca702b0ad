"""Making an object, describing it, and letting readers in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from tangthu.catalogue.actions import RECORD_CHANGED
from tangthu.catalogue.models import Record
from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid, StaleVersion
from tangthu.libraries.models import Library
from tangthu.repository.actions.events import note_event
from tangthu.repository.errors import ObjectWithdrawn, PublishingRefused
from tangthu.repository.models import Collection, DigitalFile, DigitalObject, ObjectRecord
from tangthu.repository.news import tell
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.kinds import (
    Access,
    EventKind,
    FileRole,
    ObjectKind,
    Restriction,
    State,
)
from tangthu.repository.policy.publishing import Readiness, blocks
from tangthu.repository.policy.rights import Rights
from tangthu.text import clean, fold, normalise, sort_key

_HIDDEN = frozenset({"title_key", "folded_title"})
_PLAIN = (
    "languages",
    "rights",
    "access",
    "embargo_until",
    "restriction",
    "watermark",
    "printed_pages",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectData:
    """An object as staff describe it. The first record is the one that it is named by."""

    title: str
    kind: str = ObjectKind.PAGE_IMAGES
    description: str = ""
    languages: str = ""
    rights: str = ""
    rights_note: str = ""
    access: str = Access.STAFF
    embargo_until: date | None = None
    restriction: str = Restriction.NONE
    watermark: bool = False
    consent_note: str = ""
    provenance: str = ""
    printed_pages: int | None = None
    collections: tuple[Collection, ...] = ()
    records: tuple[Record, ...] = ()


@transaction.atomic
def create_object(data: ObjectData, *, library: Library, by: Actor) -> DigitalObject:
    """Make an object, as a draft that nobody but its keepers sees. Raises Invalid."""
    by.require(RepositoryPermission.EDIT_OBJECTS, at=library.pk)
    now = timezone.now()
    obj = DigitalObject(library=library, created_at=now, updated_at=now, created_by=by.name)
    obj.kind = _known(data.kind, ObjectKind, "kind")
    _describe(obj, data)
    obj.save()
    _link(obj, data)
    _told("object.created", obj, by=by)
    return obj


@transaction.atomic
def change_object(
    obj: DigitalObject, data: ObjectData, *, version: int, by: Actor
) -> DigitalObject:
    """Describe an object anew; its kind stays.

    Raises StaleVersion where somebody saved in between, ObjectWithdrawn, Invalid, and
    PublishingRefused where a published object would lose what publishing needs.
    """
    by.require(RepositoryPermission.EDIT_OBJECTS, at=obj.library_id)
    locked = lock(obj)
    if locked.version != version:
        raise StaleVersion(object=locked.identifier)
    before = audit.snapshot(locked, hide=_HIDDEN)
    _describe(locked, data)
    if locked.state == State.PUBLISHED:
        by.require(RepositoryPermission.PUBLISH, at=locked.library_id)
        _require_publishable(locked)
    locked.version += 1
    locked.updated_at = timezone.now()
    locked.save()
    _link(locked, data)
    _told("object.changed", locked, by=by, before=before)
    return locked


@transaction.atomic
def publish(obj: DigitalObject, *, by: Actor) -> DigitalObject:
    """Let readers in, as far as its access level says.

    Raises PublishingRefused with everything that stands in the way. An object that is published
    already is left as it is, so that two who publish at once both succeed, and it is told once.
    """
    by.require(RepositoryPermission.PUBLISH, at=obj.library_id)
    locked = DigitalObject.objects.select_for_update(no_key=True).get(pk=obj.pk)
    if locked.state == State.PUBLISHED:
        return locked
    _require_publishable(locked)
    now = timezone.now()
    locked.state, locked.published_at, locked.updated_at = State.PUBLISHED, now, now
    locked.save(update_fields=["state", "published_at", "updated_at"])
    note_event(locked, EventKind.PUBLICATION, by=by.name, detail=locked.access)
    _told("object.published", locked, by=by)
    return locked


@transaction.atomic
def withdraw(obj: DigitalObject, *, reason: str, by: Actor) -> DigitalObject:
    """Take an object from its readers, with a reason. Its files stay in the archive."""
    by.require(RepositoryPermission.PUBLISH, at=obj.library_id)
    locked = DigitalObject.objects.select_for_update(no_key=True).get(pk=obj.pk)
    why = normalise(reason)
    if not why:
        raise Invalid("reason")
    if locked.state == State.WITHDRAWN:
        return locked
    locked.state, locked.updated_at = State.WITHDRAWN, timezone.now()
    locked.save(update_fields=["state", "updated_at"])
    note_event(locked, EventKind.DEACCESSION, by=by.name, detail=why)
    _told("object.withdrawn", locked, by=by)
    return locked


@transaction.atomic
def reopen(obj: DigitalObject, *, by: Actor) -> DigitalObject:
    """Make a draft again of an object that is published or was withdrawn, to work on it."""
    by.require(RepositoryPermission.PUBLISH, at=obj.library_id)
    locked = DigitalObject.objects.select_for_update(no_key=True).get(pk=obj.pk)
    if locked.state == State.DRAFT:
        return locked
    locked.state, locked.updated_at = State.DRAFT, timezone.now()
    locked.save(update_fields=["state", "updated_at"])
    _told("object.reopened", locked, by=by)
    return locked


def lock(obj: DigitalObject) -> DigitalObject:
    """Return the object as it is now, locked until the transaction ends. Raises ObjectWithdrawn."""
    locked = DigitalObject.objects.select_for_update(no_key=True).get(pk=obj.pk)
    if locked.state == State.WITHDRAWN:
        raise ObjectWithdrawn(object=locked.identifier)
    return locked


def readiness_of(obj: DigitalObject) -> Readiness:
    """Return the object as the rules of publishing see it. Two queries."""
    pages = obj.pages.aggregate(all=Count("pk"), ready=Count("delivery"))
    current = Q(replaced_at=None) & ~Q(role=FileRole.DELIVERY)
    files = DigitalFile.objects.filter(object=obj).aggregate(
        all=Count("pk", filter=current),
        damaged=Count("pk", filter=current & Q(damaged_at__isnull=False)),
    )
    return Readiness(
        kind=obj.kind,
        rights=obj.rights,
        rights_note=obj.rights_note,
        access=obj.access,
        is_withdrawn=obj.state == State.WITHDRAWN,
        pages=pages["all"],
        pages_ready=pages["ready"],
        files=files["all"],
        damaged=files["damaged"],
    )


def _require_publishable(obj: DigitalObject) -> None:
    found = blocks(readiness_of(obj))
    if found:
        raise PublishingRefused(object=obj.identifier, blocks=[str(block) for block in found])


def _describe(obj: DigitalObject, data: ObjectData) -> None:
    obj.title = normalise(data.title)[:500]
    if not obj.title:
        raise Invalid("title")
    obj.title_key, obj.folded_title = sort_key(obj.title), fold(obj.title)
    obj.description = clean(data.description)
    obj.rights_note = normalise(data.rights_note)[:500]
    obj.consent_note = clean(data.consent_note)
    obj.provenance = clean(data.provenance)
    for name in _PLAIN:
        setattr(obj, name, getattr(data, name))
    _known(obj.access, Access, "access")
    _known(obj.restriction, Restriction, "restriction")
    if obj.rights:
        _known(obj.rights, Rights, "rights")


def _known(value: str, words: type[ObjectKind | Access | Restriction | Rights], field: str) -> str:
    try:
        return words(value)
    except ValueError:
        raise Invalid(field) from None


def _link(obj: DigitalObject, data: ObjectData) -> None:
    wanted = {record.pk: position for position, record in enumerate(data.records)}
    dropped = ObjectRecord.objects.filter(object=obj).exclude(record__in=wanted)
    # They cannot be read online by this object any more, which its own news would not tell.
    changes.append(RECORD_CHANGED, dropped.values_list("record_id", flat=True))
    dropped.delete()
    for pk, position in wanted.items():
        ObjectRecord.objects.update_or_create(
            object=obj, record_id=pk, defaults={"position": position}
        )
    obj.collections.set(data.collections)


def _told(
    action: str, obj: DigitalObject, *, by: Actor, before: dict[str, object] | None = None
) -> None:
    audit.record(
        action,
        by=by,
        kind="object",
        key=obj.pk,
        library=obj.library_id,
        before=before,
        after=audit.snapshot(obj, hide=_HIDDEN),
    )
    tell(obj)
