"""Holds over the REST API."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from tangthu.catalogue.models import Record
from tangthu.circulation import actions
from tangthu.circulation.api.loans import actor_of, item_of, patron_of, refused
from tangthu.circulation.errors import HoldRefused
from tangthu.circulation.models import Hold
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid, NotFound
from tangthu.libraries.models import Library

router = Router(tags=["holds"])


class HoldIn(Schema):
    card: str
    pickup: str
    record: int | None = None
    barcode: str | None = None
    override: list[str] = []
    starts_on: date | None = None
    expires_on: date | None = None


class HoldOut(Schema):
    id: int
    record: int
    title: str
    barcode: str | None
    card: str | None
    pickup: str
    state: str
    place: int | None
    placed_at: datetime
    starts_on: date | None
    expires_on: date | None
    suspended: bool
    suspended_until: date | None
    kept_copy: str | None
    shelf_until: date | None


@router.post("/holds", response={201: HoldOut})
def place_hold(request: HttpRequest, order: HoldIn) -> Status[dict[str, object]] | HttpResponse:
    """Let a reader wait for a record, or for one copy; 409 with every block when it may not be."""
    actor = actor_of(request)
    if (order.record is None) == (order.barcode is None):
        raise Invalid("record", reason=_("Name a record or a barcode."))
    patron = patron_of(order.card, actor)
    try:
        hold = actions.place_hold(
            record=record_of(order.record, actor) if order.record is not None else None,
            item=item_of(order.barcode) if order.barcode is not None else None,
            for_=patron,
            pickup=library_of(order.pickup),
            by=actor,
            override=order.override,
            starts_on=order.starts_on,
            expires_on=order.expires_on,
        )
    except HoldRefused as error:
        return refused(error)
    return Status(201, hold_out(hold_of(hold.pk, actor)))


@router.get("/holds", response=list[HoldOut])
def list_holds(request: HttpRequest, card: str) -> list[dict[str, object]]:
    """Return the open holds of a reader."""
    actor = actor_of(request)
    holds = Hold.objects.visible_to(actor).for_account(patron_of(card, actor))
    return [hold_out(hold) for hold in holds]


@router.get("/holds/{hold_id}", response=HoldOut)
def hold_details(request: HttpRequest, hold_id: int) -> dict[str, object]:
    """Return a hold, open or ended."""
    return hold_out(hold_of(hold_id, actor_of(request)))


@router.delete("/holds/{hold_id}", response={204: None})
def cancel_hold(request: HttpRequest, hold_id: int) -> Status[None]:
    """Cancel a hold that is open; 409 when it has ended."""
    actor = actor_of(request)
    actions.cancel_hold(hold_of(hold_id, actor), by=actor)
    return Status(204, None)


def hold_of(pk: int, actor: Actor) -> Hold:
    """Return the hold, if the actor may see it."""
    hold = Hold.objects.visible_to(actor).for_list().with_place().filter(pk=pk).first()
    if hold is None:
        raise NotFound(kind="hold", key=pk)
    return hold


def record_of(pk: int, actor: Actor) -> Record:
    record = Record.objects.visible_to(actor).without_marc().filter(pk=pk).first()
    if record is None:
        raise NotFound(kind="record", key=pk)
    return record


def library_of(code: str) -> Library:
    library = Library.objects.filter(code=code).first()
    if library is None:
        raise NotFound(kind="library", key=code)
    return library


def hold_out(hold: Hold) -> dict[str, object]:
    waits = hold.state == "waiting"
    return {
        "id": hold.pk,
        "record": hold.record_id,
        "title": hold.record.title,
        "barcode": hold.item.barcode if hold.item else None,
        "card": hold.patron.card if hold.patron else None,
        "pickup": hold.pickup.code,
        "state": hold.state,
        "place": hold.place if waits else None,
        "placed_at": hold.placed_at,
        "starts_on": hold.starts_on,
        "expires_on": hold.expires_on,
        "suspended": hold.suspended,
        "suspended_until": hold.suspended_until,
        "kept_copy": hold.trapped.barcode if hold.trapped and hold.is_open else None,
        "shelf_until": hold.shelf_until,
    }
