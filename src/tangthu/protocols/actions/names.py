"""Giving objects names that others resolve, and telling when they move or are withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.formats.datacite import Named
from tangthu.protocols.errors import RegistryDown, RegistryRefused
from tangthu.protocols.models import NameState, OutsideName
from tangthu.protocols.oai.telling import TYPES
from tangthu.protocols.places import Site
from tangthu.protocols.registering.registrar import Registrar
from tangthu.repository import mets
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.access import LISTED
from tangthu.repository.policy.rights import Rights

AT_ONCE = 200
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(days=1)


def register_names(registrars: Sequence[Registrar], *, site: Site, now: datetime, by: Actor) -> int:
    """Give names to what was published, tell of what changed since; return how many were told.

    What fails is tried again later, ever more seldom. A name that was given is never taken away:
    what is withdrawn is led to the page that says what it was.
    """
    told = 0
    for registrar in registrars:
        _note_new(registrar, now=now)
        for row in OutsideName.objects.due(registrar.code, site.root, now)[:AT_ONCE]:
            told += _tell(row, registrar, site=site, now=now, by=by)
    return told


@transaction.atomic
def _note_new(registrar: Registrar, *, now: datetime) -> None:
    """Write down a name for each object that readers find and that has none there yet."""
    named = OutsideName.objects.filter(registry=registrar.code).values("object")
    published = DigitalObject.objects.published().filter(access__in=LISTED)
    rows = published.exclude(pk__in=named).order_by("pk")[:AT_ONCE]
    OutsideName.objects.bulk_create(
        [
            OutsideName(
                object=obj,
                registry=registrar.code,
                name=registrar.name_of(obj.identifier),
                next_at=now,
            )
            for obj in rows
        ],
        ignore_conflicts=True,
    )


def _tell(row: OutsideName, registrar: Registrar, *, site: Site, now: datetime, by: Actor) -> bool:
    """Ask the registrar, outside any transaction, and write down what it said."""
    obj = row.object
    is_there = obj.is_published and obj.access in LISTED
    work = _named(obj, site, is_there=is_there)
    try:
        if is_there:
            registrar.register(work)
        else:
            registrar.bury(work)
    except (RegistryDown, RegistryRefused) as refused:
        _put_off(row, refused.code, now=now)
        return False
    state = NameState.GIVEN if is_there else NameState.BURIED
    _write(row, state, root=site.root, now=now, by=by)
    return True


def _named(obj: DigitalObject, site: Site, *, is_there: bool) -> Named:
    record = mets.first_record(obj)
    ark = site.ark_of_object(obj.identifier)
    published = obj.published_at or obj.created_at
    return Named(
        identifier=obj.identifier,
        title=obj.title,
        address=site.object(obj.identifier) if is_there else f"{ark}?info",
        holder=obj.library.name,
        year=(record.year if record else None) or published.year,
        kind=TYPES[obj.kind].replace("MovingImage", "Audiovisual"),
        authors=(record.author,) if record and record.author else (),
        language=next(iter(obj.language_codes), ""),
        summary=obj.description,
        rights=Rights(obj.rights).uri if obj.rights else "",
        ark=ark,
    )


def _put_off(row: OutsideName, failure: str, *, now: datetime) -> None:
    wait = min(FIRST_WAIT * 2 ** min(row.attempts, 10), LONGEST_WAIT)
    OutsideName.objects.filter(pk=row.pk).update(
        attempts=row.attempts + 1, failure=failure, next_at=now + wait
    )


@transaction.atomic
def _write(row: OutsideName, state: NameState, *, root: str, now: datetime, by: Actor) -> None:
    locked = OutsideName.objects.select_for_update().get(pk=row.pk)
    is_news = locked.state != state
    locked.state, locked.root, locked.told_change = state, root, row.object.updated_at
    locked.told_at, locked.attempts, locked.failure = now, 0, ""
    locked.save()
    if is_news:
        audit.record(
            f"name.{state}",
            by=by,
            kind="digital_object",
            key=locked.object_id,
            library=row.object.library_id,
            after={"registry": locked.registry, "name": locked.name},
        )
