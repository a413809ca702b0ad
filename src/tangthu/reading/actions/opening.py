"""Opening a digital object, and forgetting in time who opened a restricted one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.patrons.models import Patron
from tangthu.reading import tickets
from tangthu.reading.actions.requests import count_opening
from tangthu.reading.models import RestrictedView
from tangthu.reading.policy.requests import ONE_VISIT
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.kinds import Access
from tangthu.repository.reading import is_open_to_all, require_open


@transaction.atomic
def open_object(obj: DigitalObject, *, by: Actor, address: str | None) -> str:
    """Open the object for this visitor, and return the ticket by which its images are fetched.

    It is empty for what is open to all, of which nothing is written down. What is shown on request
    is counted, once a visit. Refused, with the reason, where the object does not open
    (ObjectClosed): Law 46/2019/QH14, article 7.
    """
    now = timezone.now()
    require_open(obj, by, address=address, now=now)
    if is_open_to_all(obj, now=now):
        return ""
    if obj.access == Access.ON_REQUEST:
        count_opening(obj, by=by, now=now)
    view = _note(obj, by=by, address=address, now=now)
    return tickets.give(obj.identifier, obj.terms, address=address, view=view.pk)


def _note(obj: DigitalObject, *, by: Actor, address: str | None, now: datetime) -> RestrictedView:
    """Write the view down, or that it went on; the address only where nobody has a name."""
    is_known = by.is_reader or by.user_id is not None
    place = "" if is_known else address or ""
    recent = RestrictedView.objects.of(by).filter(
        object=obj, address=place, last_at__gte=now - ONE_VISIT
    )
    view = recent.order_by("-id").first()
    if view is not None:
        view.last_at = now
        view.save(update_fields=["last_at"])
        return view
    return RestrictedView.objects.create(
        object=obj,
        patron_id=by.patron_id,
        user_id=by.user_id,
        address=place,
        access=obj.access,
        opened_at=now,
        last_at=now,
    )


def forget_viewers(*, before: datetime) -> int:
    """Cut old views from who it was; that the object was opened stays. Returns how many."""
    old = RestrictedView.objects.before(before).named()
    return old.update(patron=None, user_id=None, address="")


def forget_views_of(patron: Patron) -> None:
    """Cut the views of an erased reader from the reader. Part of the erasure."""
    RestrictedView.objects.filter(patron=patron).update(patron=None, address="")
