"""Portraits of readers and applicants: kept, replaced, forgotten."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.patrons.actions.registering import save
from tangthu.patrons.models import Patron, Photo
from tangthu.patrons.news import announce, locked
from tangthu.patrons.permissions import PatronsPermission
from tangthu.patrons.photos import portrait


@transaction.atomic
def set_photo(patron: Patron, data: bytes, *, by: Actor) -> Patron:
    """Keep a photo of the reader, drawn anew from the file; an earlier one is deleted.

    Raises PhotoRefused for what is no picture of a fit size.
    """
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    photo = keep(data)
    patron = locked(patron)
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    former, patron.photo = patron.photo_id, photo
    save(patron, by=by, fields=["photo"])
    drop(former)
    announce("patron.photo_set", patron, by=by)
    return patron


@transaction.atomic
def remove_photo(patron: Patron, *, by: Actor) -> Patron:
    """Forget the reader's photo; where there is none, nothing happens."""
    patron = locked(patron)
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    former = patron.photo_id
    if former is None:
        return patron
    patron.photo = None
    save(patron, by=by, fields=["photo"])
    drop(former)
    announce("patron.photo_removed", patron, by=by)
    return patron


def keep(data: bytes) -> Photo:
    """Store the portrait made of a file. Part of the deeds on readers and applications."""
    return Photo.objects.create(jpeg=portrait(data), made_at=timezone.now())


def drop(photo_id: int | None) -> None:
    """Delete a portrait that nobody uses any more."""
    if photo_id is not None:
        Photo.objects.filter(pk=photo_id).delete()
