"""What a person asks under the law on personal data: a copy, a correction, erasure."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.libraries.policy import DayRule, vietnam_holidays
from tangthu.libraries.policy.holidays import FIRST_YEAR, LAST_YEAR
from tangthu.patrons import disclosure, messages
from tangthu.patrons.disclosure import Disclosure
from tangthu.patrons.errors import RequestAnswered, RequestOpen
from tangthu.patrons.models import DataRequest, Patron, RequestKind, RequestState
from tangthu.patrons.news import locked
from tangthu.patrons.permissions import PatronsPermission
from tangthu.patrons.policy import rights
from tangthu.text.normal import clean, normalise

ANSWER = PatronsPermission.ANSWER_DATA_REQUESTS


@transaction.atomic
def export_data(patron: Patron, *, by: Actor) -> Disclosure:
    """Return everything that the library keeps on the reader, and write down who took it.

    For the reader themselves, or staff who answer such requests. The citizen number itself is
    part of it.
    """
    if by.patron_id != patron.pk:
        by.require(ANSWER, at=patron.library_id)
    told = disclosure.of(patron, now=timezone.now())
    _write_down("patron.exported", patron, by=by)
    return told


@transaction.atomic
def request_data_right(
    patron: Patron, kind: RequestKind, *, text: str = "", by: Actor
) -> DataRequest:
    """Enter a request, from the reader's account or from a letter; its clock starts now.

    Raises RequestOpen while the same is asked for already.
    """
    patron = locked(patron)
    if by.patron_id != patron.pk:
        by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    now = timezone.now()
    try:
        with transaction.atomic():
            request = DataRequest.objects.create(
                kind=kind,
                patron=patron,
                library=patron.library,
                text=clean(text)[:1000],
                asked_at=now,
                answer_by=deadline(timezone.localdate(now)),
            )
    except IntegrityError:
        raise RequestOpen(kind=kind) from None
    _write_down("patron.data_request_asked", patron, by=by, kind=kind.value)
    _tell(request, messages.MessageKind.REQUEST_RECEIVED, until=request.answer_by)
    return request


@transaction.atomic
def withdraw_data_request(request: DataRequest, *, by: Actor) -> DataRequest:
    """Take the request back; for the reader themselves alone."""
    row = open_request(request)
    if by.patron_id != row.patron_id:
        raise NotPermitted(request=row.pk)
    return close_request(row, RequestState.WITHDRAWN, answer="", by=by)


@transaction.atomic
def complete_data_request(request: DataRequest, *, answer: str = "", by: Actor) -> DataRequest:
    """Say that a copy was handed out, or data corrected. An erasure is `erase_patron`'s."""
    row = open_request(request)
    by.require(ANSWER, at=row.library_id)
    row = close_request(row, RequestState.DONE, answer=answer, by=by)
    _tell(row, messages.MessageKind.REQUEST_ANSWERED, answer=row.answer)
    return row


@transaction.atomic
def postpone_data_request(request: DataRequest, *, reason: str, by: Actor) -> DataRequest:
    """Tell the reader what stands against it for now: books at home, a debt. It stays open."""
    row = open_request(request)
    by.require(ANSWER, at=row.library_id)
    row.state, row.answer = RequestState.POSTPONED, normalise(reason)[:1000]
    row.answered_at, row.answered_by = timezone.now(), by.name
    row.save()
    _write_down("patron.data_request_postponed", row.patron, by=by, kind=row.kind)
    _tell(row, messages.MessageKind.REQUEST_ANSWERED, answer=row.answer)
    return row


@transaction.atomic
def refuse_data_request(request: DataRequest, *, reason: str, by: Actor) -> DataRequest:
    """Refuse it, and tell the reader why."""
    row = open_request(request)
    by.require(ANSWER, at=row.library_id)
    row = close_request(row, RequestState.REFUSED, answer=reason, by=by)
    _tell(row, messages.MessageKind.REQUEST_ANSWERED, answer=row.answer)
    return row


def deadline(asked_on: date) -> date:
    """Return the day by which a request of that day must be answered: two working days.

    Public holidays are those of the law, with the days given in exchange. That a library is
    closed for another reason does not lengthen the law's time.
    """
    known = [
        suggestion
        for year in (asked_on.year, asked_on.year + 1)
        if FIRST_YEAR <= year <= LAST_YEAR
        for suggestion in vietnam_holidays(year)
    ]
    worked = {each.on for each in known if each.rule is DayRule.REOPENED}
    holidays = {each.on for each in known} - worked
    return rights.answer_by(asked_on, holidays=holidays, worked=worked)


def open_request(request: DataRequest) -> DataRequest:
    """Return the row, locked. Raises RequestAnswered when it is not open any more."""
    rows = DataRequest.objects.select_related("patron__library", "library")
    row = rows.select_for_update(of=("self",)).get(pk=request.pk)
    if not row.is_open:
        raise RequestAnswered(state=row.state)
    return row


def close_request(row: DataRequest, state: RequestState, *, answer: str, by: Actor) -> DataRequest:
    """Answer a request for good. Part of the deeds on requests."""
    row.state, row.answer = state, normalise(answer)[:1000]
    row.answered_at, row.answered_by = timezone.now(), by.name
    row.save()
    _write_down(f"patron.data_request_{state.value}", row.patron, by=by, kind=row.kind)
    return row


def _tell(row: DataRequest, kind: messages.MessageKind, **values: object) -> None:
    messages.send(
        messages.Message(
            kind=kind,
            library=row.library,
            source=f"data_request:{row.pk}:{row.state}",
            patron=row.patron,
            values={"request": row.kind, **values},
        )
    )


def _write_down(action: str, patron: Patron, *, by: Actor, **after: object) -> None:
    audit.record(
        action, by=by, kind="patron", key=patron.pk, library=patron.library_id, after=after
    )
