"""Documents shown on request: asked for, approved or refused, and each opening counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, override

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid, NotFound, NotPermitted
from tangthu.notices.actions import announce
from tangthu.notices.kinds import NoticeKind
from tangthu.patrons.models import Patron
from tangthu.reading.errors import (
    AccessAlreadyAsked,
    AccessAlreadyDecided,
    AccessNotNeeded,
    TooManyAccessRequests,
)
from tangthu.reading.models import AccessRequest, RequestState
from tangthu.reading.permissions import ReadingPermission
from tangthu.reading.policy.requests import LONGEST_DAYS, MOST_VIEWS, MOST_WAITING, ONE_VISIT
from tangthu.repository.errors import ObjectClosed
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.access import AccessRefusal
from tangthu.repository.reading import may_see
from tangthu.text import clean, normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What staff allow: until the end of that day, so many openings; None sets no limit."""

    until: date
    views: int | None = None
    answer: str = ""


@transaction.atomic
def ask_access(
    obj: DigitalObject, *, purpose: str, contact: str = "", by: Actor, address: str | None = None
) -> AccessRequest:
    """Ask for a document that is shown on request. The reader says what for.

    Refused where it opens already or would not open by a request (AccessNotNeeded), where the
    reader's earlier request waits (AccessAlreadyAsked), and beyond twenty that wait.
    """
    if by.patron_id is None:
        raise NotPermitted(deed="ask_access")
    words, now = clean(purpose)[:1000], timezone.now()
    if not words.strip():
        raise Invalid("purpose")
    # The reader's row keeps two requests of one moment apart, so that the limit is exact.
    patron = Patron.objects.select_for_update(no_key=True).get(pk=by.patron_id)
    verdict = may_see(obj, by, address=address, now=now)
    if verdict.refusal != AccessRefusal.ON_REQUEST:
        raise AccessNotNeeded(object=obj.identifier, reason=str(verdict.refusal or ""))
    waiting = AccessRequest.objects.waiting().filter(patron=patron)
    if waiting.count() >= MOST_WAITING:
        raise TooManyAccessRequests(limit=MOST_WAITING)
    try:
        with transaction.atomic():
            asked = AccessRequest.objects.create(
                object=obj,
                patron=patron,
                purpose=words,
                contact=normalise(contact)[:200],
                asked_at=now,
            )
    except IntegrityError:
        raise AccessAlreadyAsked(object=obj.identifier) from None
    _told("access_request.asked", asked, by=by)
    return asked


@transaction.atomic
def approve_access(request: AccessRequest, approval: Approval, *, by: Actor) -> AccessRequest:
    """Let the reader open the document until a day, so many times; tell the reader.

    Raises AccessAlreadyDecided where somebody answered meanwhile, Invalid for a day that is past
    or further than a year, and for a senseless number of openings.
    """
    row = _undecided(request, by=by)
    now, today = timezone.now(), timezone.localdate()
    if not today <= approval.until <= today + timedelta(days=LONGEST_DAYS):
        raise Invalid("until")
    if approval.views is not None and not 1 <= approval.views <= MOST_VIEWS:
        raise Invalid("views")
    row.expires_at = _end_of(approval.until)
    row.views_limit = approval.views
    _decide(row, RequestState.APPROVED, approval.answer, by=by, now=now)
    return row


@transaction.atomic
def refuse_access(request: AccessRequest, *, reason: str, by: Actor) -> AccessRequest:
    """Refuse a request, with a reason that the reader is told. Raises AccessAlreadyDecided."""
    row = _undecided(request, by=by)
    _decide(row, RequestState.REFUSED, _required(reason), by=by, now=timezone.now())
    return row


@transaction.atomic
def revoke_access(request: AccessRequest, *, reason: str, by: Actor) -> AccessRequest:
    """Take an approval back, with a reason that the reader is told.

    Pages that are open stay so for as long as their tickets hold, a quarter of an hour.
    """
    row = _locked(request, by=by)
    if row.state != RequestState.APPROVED:
        raise AccessAlreadyDecided(state=row.state)
    _decide(row, RequestState.REVOKED, _required(reason), by=by, now=timezone.now())
    return row


@transaction.atomic
def withdraw_access_request(request: AccessRequest, *, by: Actor) -> AccessRequest:
    """Take one's own request back before it is answered. Raises AccessAlreadyDecided."""
    row = AccessRequest.objects.select_for_update(no_key=True, of=("self",)).get(pk=request.pk)
    if by.patron_id is None or row.patron_id != by.patron_id:
        raise NotFound(request=request.pk)
    if row.state != RequestState.WAITING:
        raise AccessAlreadyDecided(state=row.state)
    row.state, row.decided_at = RequestState.WITHDRAWN, timezone.now()
    row.save(update_fields=["state", "decided_at"])
    _told("access_request.withdrawn", row, by=by)
    return row


def count_opening(obj: DigitalObject, *, by: Actor, now: datetime) -> None:
    """Count that a reader opens a document by an approved request; within a visit nothing counts.

    Call it in the transaction that writes the view down: the approval is locked, so that of two
    openings at once neither takes a view that is not there. Raises ObjectClosed where none is left.
    """
    if by.patron_id is None:
        return
    rows = AccessRequest.objects.select_for_update(no_key=True)
    found = [(row, row.grant) for row in rows.granting(obj, by.patron_id, now=now)]
    usable = [(row, grant) for row, grant in found if grant is not None and grant.opens(now)]
    if not usable:
        raise ObjectClosed(object=obj.identifier, reason=AccessRefusal.ON_REQUEST, until="")
    running = [(row, grant) for row, grant in usable if grant.is_visited(now)]
    row, grant = (running or usable)[0]
    if not running:
        row.views_used, row.visit_from = row.views_used + 1, now
    row.visit_until = min(now + ONE_VISIT, grant.expires_at)
    row.save(update_fields=["views_used", "visit_from", "visit_until"])


def forget_requests_of(patron: Patron) -> None:
    """Cut an erased reader from requests, and the reader's words with it. Part of the erasure."""
    mine = AccessRequest.objects.filter(patron=patron)
    mine.waiting().delete()
    mine.update(patron=None, purpose="", contact="")


def forget_requests(*, before: datetime) -> int:
    """Cut old requests from who asked: those answered and ended before that moment."""
    old = AccessRequest.objects.named().exclude(state=RequestState.WAITING)
    ended = old.filter(decided_at__lt=before).exclude(expires_at__gte=before)
    return ended.update(patron=None, purpose="", contact="")


def _undecided(request: AccessRequest, *, by: Actor) -> AccessRequest:
    row = _locked(request, by=by)
    if row.state != RequestState.WAITING:
        raise AccessAlreadyDecided(state=row.state)
    return row


def _locked(request: AccessRequest, *, by: Actor) -> AccessRequest:
    by.require(ReadingPermission.REQUESTS, at=request.object.library_id)
    rows = AccessRequest.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("object__library").get(pk=request.pk)


def _decide(
    row: AccessRequest, state: RequestState, answer: str, *, by: Actor, now: datetime
) -> None:
    row.state, row.answer = state, clean(answer)[:500]
    row.decided_at, row.decided_by = now, by.name
    row.save()
    _told(f"access_request.{state.value}", row, by=by)
    if row.patron is not None:
        with override(settings.LANGUAGE_CODE):
            what = gettext("to open “%(title)s”") % {"title": row.object.title}
            values = {"what": what, "answer": _sentence(row)}
        announce(
            NoticeKind.REQUEST_ANSWERED,
            to=row.patron,
            library=row.object.library,
            values=values,
            source=f"access-request:{row.pk}:{state.value}",
        )


def _sentence(row: AccessRequest) -> str:
    """Return what the reader is told: the decision, its terms, and the words of staff."""
    told = f"{RequestState(row.state).label}."
    if row.state == RequestState.APPROVED and row.last_day is not None:
        day = f"{row.last_day:%d/%m/%Y}"
        told = gettext("You may open it until %(day)s.") % {"day": day}
        if row.views_limit is not None:
            limited = gettext("It may be opened %(count)s times.") % {"count": row.views_limit}
            told = f"{told} {limited}"
    return f"{told} {row.answer}".strip()


def _required(reason: str) -> str:
    if not normalise(reason):
        raise Invalid("reason")
    return reason


def _end_of(day: date) -> datetime:
    """Return the moment at which the day after begins, at the library."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _told(action: str, row: AccessRequest, *, by: Actor) -> None:
    """Write the deed down: which document and on what terms, not who asked or what for."""
    audit.record(
        action,
        by=by,
        kind="object",
        key=row.object_id,
        library=row.object.library_id,
        after={
            "request": row.pk,
            "until": row.expires_at.isoformat() if row.expires_at else None,
            "views": row.views_limit,
        },
    )
