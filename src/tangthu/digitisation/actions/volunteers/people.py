"""Who helps: the name they are thanked by, how their answers turn out, and who may not go on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid, NotPermitted
from tangthu.digitisation.models import Counted, Volunteer, WordAnswer
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.volunteering import Record
from tangthu.patrons.models import Patron
from tangthu.text import normalise


@transaction.atomic
def name_volunteer(shown_name: str, *, is_listed: bool, by: Actor) -> Volunteer:
    """Keep the name that a reader wants to be thanked by, if any. Raises Invalid.

    Nobody is listed without having asked for it, and never by the name on the card unless they
    typed it themselves (Law 91/2025/QH15 on personal data).
    """
    name = normalise(shown_name)
    if len(name) > 60 or "://" in name or (is_listed and not name):
        raise Invalid("shown_name")
    row = volunteer_of(by)
    row.shown_name, row.is_listed = name, is_listed
    row.save(update_fields=["shown_name", "is_listed"])
    return row


@transaction.atomic
def bar_volunteer(volunteer: Volunteer, *, why: str, by: Actor) -> None:
    """Take no more answers of a reader, with a reason that they are shown. Raises Invalid."""
    reason = normalise(why)[:300]
    if not reason:
        raise Invalid("why")
    _require(volunteer, by)
    Volunteer.objects.filter(pk=volunteer.pk).update(
        barred_at=timezone.now(), barred_by=by.name[:150], barred_why=reason
    )
    _told("text.volunteer_barred", volunteer, by=by)


@transaction.atomic
def readmit_volunteer(volunteer: Volunteer, *, by: Actor) -> None:
    """Let a reader help again; earlier wrong answers are not counted against them any more."""
    _require(volunteer, by)
    Volunteer.objects.filter(pk=volunteer.pk).update(
        barred_at=None, barred_by="", barred_why="", readmitted_at=timezone.now()
    )
    _told("text.volunteer_readmitted", volunteer, by=by)


def forget_volunteer(patron: Patron) -> None:
    """Part an erased reader from the answers and the list of thanks. Part of the erasure."""
    WordAnswer.objects.filter(patron=patron).update(patron=None)
    Volunteer.objects.filter(patron=patron).delete()


def volunteer_of(by: Actor) -> Volunteer:
    """Return the reader's row, locked, and made with the first answer. Raises NotPermitted."""
    if by.patron_id is None:
        raise NotPermitted(permission="reader", library=None)
    Volunteer.objects.get_or_create(patron_id=by.patron_id, defaults={"joined_at": timezone.now()})
    return Volunteer.objects.select_for_update(of=("self",)).get(patron=by.patron_id)


def record_of(volunteer: Volunteer, *, now: datetime) -> Record:
    """Return what the rules want to know of a volunteer: one query."""
    own = WordAnswer.objects.of(volunteer.patron_id)
    judged = Q(at__gte=volunteer.readmitted_at) if volunteer.readmitted_at else Q()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    found = own.aggregate(
        today=Count("pk", filter=Q(at__gte=midnight)),
        minute=Count("pk", filter=Q(at__gte=now - timedelta(minutes=1))),
        right=Count("pk", filter=judged & Q(counted=Counted.RIGHT)),
        wrong=Count("pk", filter=judged & Q(counted=Counted.WRONG)),
    )
    return Record(
        today=found["today"],
        last_minute=found["minute"],
        right=found["right"],
        wrong=found["wrong"],
        is_barred=volunteer.barred_at is not None,
    )


def _require(volunteer: Volunteer, by: Actor) -> None:
    by.require(DigitisationPermission.CORRECT, at=volunteer.patron.library_id)


def _told(action: str, volunteer: Volunteer, *, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="patron",
        key=volunteer.patron_id,
        library=volunteer.patron.library_id,
    )
