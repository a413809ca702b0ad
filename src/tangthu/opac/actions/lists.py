"""Readers' lists of records."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.opac import policy
from tangthu.opac.errors import NameMissing, NameTaken, TooMany
from tangthu.opac.models import ListEntry, ReadingList
from tangthu.patrons.models import Patron
from tangthu.text.normal import normalise


@transaction.atomic
def create_list(name: str, *, by: Actor) -> ReadingList:
    """Make a list for the reader.

    Raises NameMissing, NameTaken, TooMany beyond fifty lists, NotPermitted for who is no reader.
    """
    if by.patron_id is None:
        raise NotPermitted
    patron = Patron.objects.select_for_update(no_key=True).get(pk=by.patron_id)
    if ReadingList.objects.filter(patron=patron).count() >= policy.MOST_LISTS:
        raise TooMany(field="name", limit=policy.MOST_LISTS)
    made = ReadingList(patron=patron, name=_named(name), created_at=timezone.now())
    return _saved(made)


@transaction.atomic
def rename_list(reading_list: ReadingList, name: str, *, by: Actor) -> ReadingList:
    """Give the list another name. Raises NameMissing, NameTaken."""
    row = _own(reading_list, by)
    row.name = _named(name)
    return _saved(row)


@transaction.atomic
def remove_list(reading_list: ReadingList, *, by: Actor) -> None:
    """Throw the list away, and with it its link."""
    _own(reading_list, by).delete()


@transaction.atomic
def add_to_list(reading_list: ReadingList, record: Record, *, by: Actor) -> bool:
    """Put the record on the list; return whether it is new there.

    Raises TooMany beyond five hundred records.
    """
    row = _own(reading_list, by)
    if row.entries.filter(record=record).exists():
        return False
    if row.entries.count() >= policy.MOST_ENTRIES:
        raise TooMany(limit=policy.MOST_ENTRIES)
    ListEntry.objects.create(reading_list=row, record=record, added_at=timezone.now())
    return True


@transaction.atomic
def remove_from_list(reading_list: ReadingList, record_id: int, *, by: Actor) -> None:
    """Take the record off the list."""
    _own(reading_list, by).entries.filter(record=record_id).delete()


@transaction.atomic
def share_list(reading_list: ReadingList, *, by: Actor) -> str:
    """Open the list to whoever has its secret link, and return the secret. It names no reader."""
    row = _own(reading_list, by)
    if row.secret is None:
        row.secret = secrets.token_urlsafe(24)
        row.save(update_fields=["secret"])
    return row.secret


@transaction.atomic
def stop_sharing(reading_list: ReadingList, *, by: Actor) -> None:
    """Let the link open nothing any more; a later one is another."""
    row = _own(reading_list, by)
    row.secret = None
    row.save(update_fields=["secret"])


def _own(reading_list: ReadingList, by: Actor) -> ReadingList:
    if by.patron_id is None or by.patron_id != reading_list.patron_id:
        raise NotPermitted(list=reading_list.pk)
    return ReadingList.objects.select_for_update().get(pk=reading_list.pk)


def _named(name: str) -> str:
    said = normalise(name)[: policy.LONGEST_NAME]
    if not said:
        raise NameMissing(field="name")
    return said


def _saved(row: ReadingList) -> ReadingList:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NameTaken(field="name", name=row.name) from None
    return row
