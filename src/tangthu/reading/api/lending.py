"""Electronic loans, holds and licences over the REST API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Schema, Status

from tangthu.core.actor import Actor
from tangthu.core.errors import NotFound
from tangthu.core.problems import problem
from tangthu.patrons.models import Patron
from tangthu.reading.actions import lending as deeds
from tangthu.reading.lending import availability_of, shelf_of
from tangthu.reading.models import DigitalHold, DigitalLoan, DigitalLoanQuerySet, HoldState, Licence
from tangthu.reading.refusals import LendingRefused
from tangthu.reading.wording_lending import sentence_of
from tangthu.repository.models import DigitalObject

router = Router(tags=["digital lending"])


class LendingOut(Schema):
    """How an object is lent; `total` and `free` are null without limit."""

    object: str
    is_lent: bool
    total: int | None
    free: int | None
    waiting: int
    next_due_at: datetime | None


class OrderIn(Schema):
    """An object for the reader with this card."""

    object: str
    card: str


class DigitalLoanOut(Schema):
    """An electronic loan; `card` is null once its reader is forgotten."""

    id: int
    object: str
    title: str
    card: str | None
    licence: int
    copy_kept_in: str | None
    borrowed_at: datetime
    due_at: datetime
    returned_at: datetime | None
    ending: str
    renewals: int
    read: str


class DigitalHoldOut(Schema):
    """An electronic hold; `place` is 0 where a copy is kept until `ready_until`."""

    id: int
    object: str
    title: str
    card: str | None
    state: str
    place: int | None
    placed_at: datetime
    ready_until: datetime | None


class LicenceOut(Schema):
    """A licence: its terms, and how it is used."""

    id: int
    object: str
    library: str
    state: str
    by_copies: bool
    at_once: int | None
    begins_at: datetime | None
    expires_at: datetime | None
    loans_bought: int | None
    loans_left: int | None
    protection: str
    loans: int


@router.get("/objects/{identifier}/lending", response=LendingOut)
def lending_of(request: HttpRequest, identifier: str) -> dict[str, object]:
    """Return how the object is lent now."""
    obj = _object(identifier, _actor(request))
    told = availability_of([obj.pk], now=timezone.now())[obj.pk]
    return {
        "object": obj.identifier,
        "is_lent": told.is_lent,
        "total": told.total,
        "free": told.free,
        "waiting": told.waiting,
        "next_due_at": told.next_due_at,
    }


@router.post("/digital-loans", response={201: DigitalLoanOut})
def borrow(request: HttpRequest, order: OrderIn) -> Status[dict[str, object]] | HttpResponse:
    """Lend an object to a reader; 409 with every reason when it may not be."""
    actor = _actor(request)
    patron, obj = _patron(order.card, actor), _object(order.object, actor)
    try:
        loan = deeds.borrow(obj, for_=patron, by=actor)
    except LendingRefused as error:
        return _refused(error)
    return Status(201, _loan_out(request, _loan(loan.pk, actor)))


@router.get("/digital-loans", response=list[DigitalLoanOut])
def loans(request: HttpRequest, card: str) -> list[dict[str, object]]:
    """Return what a reader has on loan."""
    actor = _actor(request)
    patron = _patron(card, actor)
    shelf = shelf_of(patron, now=timezone.now())
    mine = DigitalLoan.objects.visible_to(actor).filter(pk__in=[each.pk for each in shelf.loans])
    return [_loan_out(request, row) for row in _whole(mine).order_by("due_at", "pk")]


@router.get("/digital-loans/{loan_id}", response=DigitalLoanOut)
def one_loan(request: HttpRequest, loan_id: int) -> dict[str, object]:
    """Return a loan, under way or ended."""
    return _loan_out(request, _loan(loan_id, _actor(request)))


@router.post("/digital-loans/{loan_id}/renew", response=DigitalLoanOut)
def renew(request: HttpRequest, loan_id: int) -> dict[str, object] | HttpResponse:
    """Extend a loan; 409 with every reason when it may not be."""
    return _done(request, loan_id, deeds.renew_loan)


@router.post("/digital-loans/{loan_id}/return", response=DigitalLoanOut)
def give_back(request: HttpRequest, loan_id: int) -> dict[str, object] | HttpResponse:
    """End a loan before its time; 409 when it has ended."""
    return _done(request, loan_id, deeds.give_back)


@router.post("/digital-holds", response={201: DigitalHoldOut})
def place_hold(request: HttpRequest, order: OrderIn) -> Status[dict[str, object]] | HttpResponse:
    """Let a reader wait for an object; 409 with every reason when it may not be."""
    actor = _actor(request)
    patron, obj = _patron(order.card, actor), _object(order.object, actor)
    try:
        hold = deeds.place_digital_hold(obj, for_=patron, by=actor)
    except LendingRefused as error:
        return _refused(error)
    return Status(201, _hold_out(_hold(hold.pk, actor)))


@router.get("/digital-holds", response=list[DigitalHoldOut])
def holds(request: HttpRequest, card: str) -> list[dict[str, object]]:
    """Return what a reader waits for."""
    actor = _actor(request)
    rows = DigitalHold.objects.visible_to(actor).open(timezone.now())
    mine = rows.filter(patron=_patron(card, actor)).for_shelf().select_related("object", "patron")
    return [_hold_out(row) for row in mine]


@router.delete("/digital-holds/{hold_id}", response={204: None})
def cancel_hold(request: HttpRequest, hold_id: int) -> Status[None]:
    """Cancel a hold; 409 when it has ended."""
    actor = _actor(request)
    deeds.cancel_digital_hold(_hold(hold_id, actor), by=actor)
    return Status(204, None)


@router.get("/licences", response=list[LicenceOut])
def licences(request: HttpRequest, of: str = "") -> list[dict[str, object]]:
    """Return the licences that the token's owner deals with, of one object where it is named."""
    rows = Licence.objects.visible_to(_actor(request)).for_list()
    if of:
        rows = rows.filter(object__identifier=of)
    return [_licence_out(row) for row in rows[:500]]


def _done(
    request: HttpRequest, loan_id: int, deed: Callable[..., DigitalLoan]
) -> dict[str, object] | HttpResponse:
    actor = _actor(request)
    try:
        deed(_loan(loan_id, actor), by=actor)
    except LendingRefused as error:
        return _refused(error)
    return _loan_out(request, _loan(loan_id, actor))


def _refused(error: LendingRefused) -> HttpResponse:
    """Return the problem document that names every reason, in words."""
    blocks = [
        {
            "code": str(block.code),
            "message": sentence_of(block),
            "rule": None,
            "overridable": False,
        }
        for block in error.blocks
    ]
    detail = " ".join(str(block["message"]) for block in blocks)
    return problem(409, error.code, detail, {"blocks": blocks})


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.auth)  # type: ignore[attr-defined]


def _object(identifier: str, actor: Actor) -> DigitalObject:
    obj = DigitalObject.objects.visible_to(actor).filter(identifier=identifier).first()
    if obj is None:
        raise NotFound(object=identifier)
    return obj


def _patron(card: str, actor: Actor) -> Patron:
    found = Patron.objects.visible_to(actor).by_card(card).select_related("library").first()
    if found is None:
        raise NotFound(kind="patron", key=card)
    return found


def _whole(loans: DigitalLoanQuerySet) -> DigitalLoanQuerySet:
    return loans.select_related("object", "patron", "item")


def _loan(pk: int, actor: Actor) -> DigitalLoan:
    loan = _whole(DigitalLoan.objects.visible_to(actor)).filter(pk=pk).first()
    if loan is None:
        raise NotFound(kind="digital_loan", key=pk)
    return loan


def _hold(pk: int, actor: Actor) -> DigitalHold:
    rows = DigitalHold.objects.visible_to(actor).with_place().select_related("object", "patron")
    hold = rows.filter(pk=pk).first()
    if hold is None:
        raise NotFound(kind="digital_hold", key=pk)
    return hold


def _loan_out(request: HttpRequest, loan: DigitalLoan) -> dict[str, object]:
    return {
        "id": loan.pk,
        "object": loan.object.identifier,
        "title": loan.object.title,
        "card": loan.patron.card if loan.patron else None,
        "licence": loan.licence_id,
        "copy_kept_in": loan.item.barcode if loan.item else None,
        "borrowed_at": loan.borrowed_at,
        "due_at": loan.due_at,
        "returned_at": loan.returned_at,
        "ending": loan.ending,
        "renewals": loan.renewals,
        "read": request.build_absolute_uri(
            reverse("reading:object", args=[loan.object.identifier])
        ),
    }


def _hold_out(hold: DigitalHold) -> dict[str, object]:
    is_open = hold.state in {HoldState.WAITING, HoldState.READY}
    return {
        "id": hold.pk,
        "object": hold.object.identifier,
        "title": hold.object.title,
        "card": hold.patron.card if hold.patron else None,
        "state": hold.state,
        "place": hold.place if is_open else None,
        "placed_at": hold.placed_at,
        "ready_until": hold.ready_until,
    }


def _licence_out(row: Licence) -> dict[str, object]:
    return {
        "id": row.pk,
        "object": row.object.identifier,
        "library": row.library.code,
        "state": row.state,
        "by_copies": row.by_copies,
        "at_once": row.at_once,
        "begins_at": row.begins_at,
        "expires_at": row.expires_at,
        "loans_bought": row.loans_bought,
        "loans_left": row.loans_left,
        "protection": row.protection,
        "loans": row.loans_made,
    }
