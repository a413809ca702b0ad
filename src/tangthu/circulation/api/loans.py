"""Items, loans and returns over the REST API."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import AwareDatetime

from tangthu.catalogue.models import Item
from tangthu.catalogue.reading import copy_by_barcode
from tangthu.circulation import actions
from tangthu.circulation.errors import LoanRefused
from tangthu.circulation.models import Hold, Loan
from tangthu.circulation.policy import Blocked
from tangthu.circulation.reading import availability
from tangthu.circulation.wording.lending import block_sentence, rule_sentence
from tangthu.core.actor import Actor
from tangthu.core.errors import NotFound
from tangthu.core.problems import problem, refusal
from tangthu.patrons.models import Patron
from tangthu.patrons.reading import patron_by_card

router = Router(tags=["circulation"])


class CheckoutIn(Schema):
    barcode: str
    card: str
    override: list[str] = []
    due_at: AwareDatetime | None = None
    on_site: bool = False
    fetched_by: str = ""


class CheckinIn(Schema):
    barcode: str


class RenewIn(Schema):
    override: list[str] = []


class LoanOut(Schema):
    id: int
    barcode: str
    title: str
    card: str | None
    library: str
    lent_at: datetime
    due_at: datetime
    returned_at: datetime | None
    renewals: int
    on_site: bool
    claimed_at: datetime | None
    ending: str


class ItemOut(Schema):
    barcode: str
    accession_number: str
    record: int
    title: str
    library: str
    location: str
    call_number: str
    item_type: str
    status: str
    due_at: datetime | None
    loan: LoanOut | None


class NextHoldOut(Schema):
    id: int
    card: str | None
    name: str | None
    pickup: str
    shelf_until: date | None


class NextOut(Schema):
    action: str
    library: str
    notices: list[str]
    hold: NextHoldOut | None
    transfer: int | None


class CheckinOut(Schema):
    loan: LoanOut | None
    next: NextOut
    found: int | None


@router.get("/items/{barcode}", response=ItemOut)
def item_details(request: HttpRequest, barcode: str) -> dict[str, object]:
    """Return a copy, its status and, for those who may see its reader, its loan."""
    item = item_of(barcode)
    copy = availability.of_item(item)
    visible = Loan.objects.open().visible_to(actor_of(request))
    loan = visible.filter(item=item).select_related("patron", "library").first()
    return {
        "barcode": copy.barcode,
        "accession_number": copy.accession_number,
        "record": copy.record_id,
        "title": item.record.title,
        "library": copy.library_code,
        "location": copy.location,
        "call_number": copy.call_number or item.record.call_number,
        "item_type": copy.item_type,
        "status": copy.status,
        "due_at": copy.due_at,
        "loan": loan_out(loan, item) if loan else None,
    }


@router.post("/checkouts", response={201: LoanOut})
def check_out(request: HttpRequest, order: CheckoutIn) -> Status[dict[str, object]] | HttpResponse:
    """Lend a copy to a patron; 409 with every block when the rules are against it.

    With `on_site` it stays in the house; `fetched_by` is the card of who came for the patron.
    """
    actor = actor_of(request)
    item, patron = item_of(order.barcode), patron_of(order.card, actor)
    try:
        loan = actions.check_out(
            item,
            to=patron,
            by=actor,
            override=order.override,
            due_at=order.due_at,
            on_site=order.on_site,
            fetched_by=patron_of(order.fetched_by, actor) if order.fetched_by else None,
        )
    except LoanRefused as error:
        return refused(error)
    return Status(201, loan_out(loan, item))


@router.post("/checkins", response=CheckinOut)
def check_in(request: HttpRequest, order: CheckinIn) -> dict[str, object]:
    """Take a copy back and say what to do with it.

    `next.action` is `shelve`, `hold` (keep it here for the reader of `next.hold`), `transit` (send
    it to `next.library`) or `set_aside` (a person looks at it). `found` is the report of a loss
    that this undid: what was charged is taken back, or stays, as the rules say.
    """
    item = item_of(order.barcode)
    result = actions.check_in(item, by=actor_of(request))
    sent = result.transfer
    return {
        "loan": loan_out(result.loan, item) if result.loan else None,
        "next": {
            "action": result.next_action,
            "library": sent.destination.code if sent else item.library.code,
            "notices": list(result.notices),
            "hold": next_hold_out(result.hold) if result.hold else None,
            "transfer": sent.pk if sent else None,
        },
        "found": result.found.pk if result.found else None,
    }


@router.post("/loans/{loan_id}/renew", response=LoanOut)
def renew(
    request: HttpRequest, loan_id: int, order: RenewIn | None = None
) -> dict[str, object] | HttpResponse:
    """Extend a loan; 409 with every block when the rules are against it."""
    actor = actor_of(request)
    loan = Loan.objects.visible_to(actor).select_related("item").filter(pk=loan_id).first()
    if loan is None:
        raise NotFound(kind="loan", key=loan_id)
    try:
        loan = actions.renew(loan, by=actor, override=order.override if order else ())
    except LoanRefused as error:
        return refused(error)
    return loan_out(loan, item_of(loan.item.barcode))


def refused(error: LoanRefused) -> HttpResponse:
    """Return the problem document that names every block, in words and with its rule."""
    blocks = [block_out(block) for block in error.blocks]
    if not blocks:
        return refusal(error)
    detail = " ".join(str(block["message"]) for block in blocks)
    return problem(409, error.code, detail, {"blocks": blocks})


def block_out(block: Blocked) -> dict[str, object]:
    return {
        "code": str(block.code),
        "message": block_sentence(block),
        "rule": rule_sentence(block.rule) if block.rule else None,
        "overridable": block.overridable,
    }


def next_hold_out(hold: Hold) -> dict[str, object]:
    return {
        "id": hold.pk,
        "card": hold.patron.card if hold.patron else None,
        "name": hold.patron.name if hold.patron else None,
        "pickup": hold.pickup.code,
        "shelf_until": hold.shelf_until,
    }


def loan_out(loan: Loan, item: Item) -> dict[str, object]:
    return {
        "id": loan.pk,
        "barcode": item.barcode,
        "title": item.record.title,
        "card": loan.patron.card if loan.patron else None,
        "library": loan.library.code,
        "lent_at": loan.lent_at,
        "due_at": loan.due_at,
        "returned_at": loan.returned_at,
        "renewals": loan.renewals,
        "on_site": loan.on_site,
        "claimed_at": loan.claimed_at,
        "ending": loan.ending,
    }


def item_of(barcode: str) -> Item:
    """Return the copy with this barcode, as a scanner or a person writes it."""
    item = copy_by_barcode(barcode)
    if item is None:
        raise NotFound(kind="item", key=barcode)
    return item


def patron_of(card: str, actor: Actor) -> Patron:
    """Return the patron with this card, if the actor may see them."""
    patron = patron_by_card(card, by=actor)
    if patron is None:
        raise NotFound(kind="patron", key=card)
    return patron


def actor_of(request: HttpRequest) -> Actor:
    return cast(Actor, request.auth)  # type: ignore[attr-defined]
