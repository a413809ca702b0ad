"""What this app shows on the pages of apps below: the record's, the object's, its description."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from tangthu.catalogue.doors import Door
from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.repository.beside import Link
from tangthu.repository.models import DigitalObject
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.kinds import ObjectKind


def door_of(record: Record, actor: Actor) -> Door | None:
    """Offer to digitise what the record describes, to those who plan or make objects."""
    if not any(
        actor.may(right)
        for right in (DigitisationPermission.PLAN, RepositoryPermission.EDIT_OBJECTS)
    ):
        return None
    address = reverse("digitisation:of_record", args=[record.pk])
    return Door(_("Digitise"), address, "printer")


def pages_of(obj: DigitalObject, actor: Actor) -> Link | None:
    """Offer the check of its pages."""
    if not _may_work(obj, actor):
        return None
    address = reverse("digitisation:pages", args=[obj.identifier])
    return Link(address, _("Check pages"), "grid-3x3-gap")


def camera_of(obj: DigitalObject, actor: Actor) -> Link | None:
    """Offer the camera of a telephone."""
    if not _may_work(obj, actor):
        return None
    address = reverse("digitisation:camera", args=[obj.identifier])
    return Link(address, _("Photograph pages"), "camera")


def sheet_of(obj: DigitalObject, actor: Actor) -> Link | None:
    """Offer the sheet of how it was digitised."""
    if not _may_work(obj, actor):
        return None
    address = reverse("digitisation:sheet", args=[obj.identifier])
    return Link(address, _("Digitisation sheet"), "card-checklist")


def _may_work(obj: DigitalObject, actor: Actor) -> bool:
    by_pages = obj.kind == ObjectKind.PAGE_IMAGES
    return by_pages and actor.may(RepositoryPermission.EDIT_OBJECTS, at=obj.library_id)
