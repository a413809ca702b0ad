"""Buying, changing and stopping licences, and the rules of electronic lending."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import partial
from typing import TypedDict, Unpack
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import StaleVersion
from tangthu.libraries.models import Library
from tangthu.patrons.models import PatronCategory
from tangthu.reading.actions.lending.settling import settle
from tangthu.reading.actions.lending.traces import locked_object
from tangthu.reading.encrypting import file_to_encrypt, hand_over
from tangthu.reading.models import DigitalRule, Licence
from tangthu.reading.permissions import ReadingPermission
from tangthu.reading.policy.licences import LicenceState, Protection
from tangthu.reading.policy.protection import is_publication
from tangthu.reading.refusals import LicenceInUse, LicenceRefused
from tangthu.repository.models import DigitalObject


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceData:
    """The terms of a licence, and where it was bought. `None` is without limit."""

    library: Library
    by_copies: bool = False
    at_once: int | None = 1
    begins_at: datetime | None = None
    expires_at: datetime | None = None
    loans_bought: int | None = None
    protection: str = Protection.NONE
    downloads: bool = False
    content_id: str = ""
    source: str = ""
    number: str = ""
    price: int | None = None
    bought_on: date | None = None
    note: str = ""


_FIELDS = tuple(field.name for field in fields(LicenceData))


@transaction.atomic
def add_licence(obj: DigitalObject, data: LicenceData, *, by: Actor) -> Licence:
    """Enter a licence of the object; who waits for it is served at once.

    Raises LicenceRefused where its terms contradict each other, or a second one is to count the
    same printed copies.
    """
    by.require(ReadingPermission.LICENCES, at=data.library.pk)
    now = timezone.now()
    obj = locked_object(obj.pk)
    _check(data)
    values = {field: getattr(data, field) for field in _FIELDS}
    row = Licence(object=obj, created_at=now, loans_left=data.loans_bought, **values)
    _name_at_server(row)
    _save(row)
    _tell("licence.add", row, by=by)
    settle(obj, now=now)
    return row


@transaction.atomic
def change_licence(licence: Licence, data: LicenceData, *, version: int, by: Actor) -> Licence:
    """Correct the terms of a licence. Loans under way keep their own due time.

    Raises StaleVersion when somebody saved since `version`, LicenceInUse when more have it than the
    new terms allow, LicenceRefused as `add_licence` does.
    """
    now = timezone.now()
    obj = locked_object(licence.object_id)
    row = Licence.objects.select_for_update(no_key=True).get(pk=licence.pk)
    by.require(ReadingPermission.LICENCES, at=row.library_id)
    by.require(ReadingPermission.LICENCES, at=data.library.pk)
    if row.version != version:
        raise StaleVersion(licence=row.pk, seen=version, now=row.version)
    _check(data)
    places = settle(obj, now=now)
    out = places.out.get(row.pk, 0) + places.kept.get(row.pk, 0)
    used = (row.loans_bought or 0) - (row.loans_left or 0)
    if out and (data.by_copies, data.protection) != (row.by_copies, row.protection):
        raise LicenceInUse(out=out)
    if data.at_once is not None and data.at_once < out:
        raise LicenceInUse(out=out)
    if data.loans_bought is not None and data.loans_bought < used:
        raise LicenceRefused("loans_bought", fault="fewer_than_used", used=used)
    before = audit.snapshot(row)
    for field in _FIELDS:
        setattr(row, field, getattr(data, field))
    row.loans_left = None if data.loans_bought is None else data.loans_bought - used
    row.version += 1
    _name_at_server(row)
    _save(row)
    _tell("licence.change", row, by=by, before=before)
    settle(obj, now=now)
    return row


@transaction.atomic
def stop_licence(licence: Licence, *, by: Actor) -> Licence:
    """Lend on the licence no more. Loans under way go on to their end."""
    return _set_state(licence, LicenceState.STOPPED, "licence.stop", by=by)


@transaction.atomic
def restart_licence(licence: Licence, *, by: Actor) -> Licence:
    """Lend on a stopped licence again."""
    return _set_state(licence, LicenceState.ACTIVE, "licence.restart", by=by)


class RuleValues(TypedDict, total=False):
    """What a library decides; a value left out is decided above it."""

    loans: int | None
    days: int | None
    renewals: int | None
    holds: int | None
    ready_days: int | None
    max_debt: int | None


@transaction.atomic
def set_digital_rule(
    library: Library,
    category: PatronCategory | None,
    *,
    by: Actor,
    **values: Unpack[RuleValues],
) -> DigitalRule:
    """Decide how much the library's readers borrow electronically, all or those of a category."""
    by.require(ReadingPermission.LICENCES, at=library.pk)
    before = DigitalRule.objects.filter(library=library, category=category).first()
    row, _ = DigitalRule.objects.update_or_create(
        library=library, category=category, defaults={**values}
    )
    audit.record(
        "digital_rule.set",
        by=by,
        kind="digital_rule",
        key=row.pk,
        library=library.pk,
        before=audit.snapshot(before) if before else {},
        after=audit.snapshot(row),
    )
    return row


@transaction.atomic
def clear_digital_rule(rule: DigitalRule, *, by: Actor) -> None:
    """Decide nothing any more: what holds above the library holds in it."""
    by.require(ReadingPermission.LICENCES, at=rule.library_id)
    audit.record(
        "digital_rule.clear",
        by=by,
        kind="digital_rule",
        key=rule.pk,
        library=rule.library_id,
        before=audit.snapshot(rule),
    )
    rule.delete()


def _set_state(licence: Licence, state: LicenceState, action: str, *, by: Actor) -> Licence:
    by.require(ReadingPermission.LICENCES, at=licence.library_id)
    obj = locked_object(licence.object_id)
    row = Licence.objects.select_for_update(no_key=True).get(pk=licence.pk)
    if row.state == state:
        return row
    before = audit.snapshot(row)
    row.state, row.version = state, row.version + 1
    _save(row)
    _tell(action, row, by=by, before=before)
    settle(obj, now=timezone.now())
    return row


def _check(data: LicenceData) -> None:
    if data.by_copies and (data.at_once is not None or data.loans_bought is not None):
        raise LicenceRefused("by_copies", fault="copies_are_the_limit")
    if data.at_once == 0:
        raise LicenceRefused("at_once", fault="lends_to_nobody")
    ends = data.expires_at
    if ends is not None and data.begins_at is not None and ends <= data.begins_at:
        raise LicenceRefused("expires_at", fault="ends_before_it_begins")
    if data.protection != Protection.LCP:
        return
    if not data.content_id and not settings.LCP_FOLDER:
        raise LicenceRefused("content_id", fault="no_name_at_the_server")
    if data.content_id and not is_publication(data.content_id):
        raise LicenceRefused("content_id", fault="no_uuid")


def _name_at_server(row: Licence) -> None:
    """Name the publication that the licence server does not know yet, and hand its file over."""
    if row.protection != Protection.LCP or row.content_id:
        return
    file = file_to_encrypt(row.object)
    if file is None:
        raise LicenceRefused("content_id", fault="no_file_to_encrypt")
    row.content_id = str(uuid4())
    transaction.on_commit(partial(hand_over, file, row.content_id))


def _save(row: Licence) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise LicenceRefused("by_copies", fault="copies_counted_twice") from None


def _tell(action: str, row: Licence, *, by: Actor, before: dict[str, object] | None = None) -> None:
    audit.record(
        action,
        by=by,
        kind="licence",
        key=row.pk,
        library=row.library_id,
        before=before,
        after=audit.snapshot(row),
    )
