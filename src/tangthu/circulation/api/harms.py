"""Losses, damage, claims of return and use in the room over the REST API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from tangthu.catalogue.actions import ItemData
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.circulation import actions
from tangthu.circulation.api.loans import LoanOut, actor_of, item_of, loan_out, patron_of
from tangthu.circulation.models import HarmKind, HarmReport, Loan
from tangthu.core.actor import Actor
from tangthu.core.errors import NotFound
from tangthu.core.money import Money

router = Router(tags=["harms"])

MOST = 500
LARGEST = 10_000_000_000
"""Đồng, as at the till: more is a slip of the keyboard."""

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Dong = Annotated[int, Field(ge=0, le=LARGEST)]
Price = Annotated[int, Field(ge=1, le=LARGEST)]


class LostIn(Schema):
    """`amount` in đồng takes the place of what the rules say; needed where they say nothing."""

    amount: Dong | None = None
    note: Note = ""


class DamageIn(LostIn):
    kind: Literal["damaged", "parts_missing"] = "damaged"
    out_of_use: bool = True


class PriceIn(Schema):
    amount: Price


class ReplacementIn(Schema):
    enter: bool = False


class ForgiveIn(Schema):
    reason: Reason


class UseIn(Schema):
    barcode: str


class HarmOut(Schema):
    """A report of harm; `amount` and `processing` are what was charged, in đồng."""

    id: int
    kind: str
    loan: int
    barcode: str
    title: str
    card: str | None
    library: str
    at: datetime
    reported_by: str
    note: str
    amount: int
    processing: int
    settled_at: datetime | None
    settlement: str


class ReplacementOut(Schema):
    harm: HarmOut
    barcode: str | None


@router.post("/loans/{loan_id}/lost", response={201: HarmOut})
def report_lost(
    request: HttpRequest, loan_id: int, order: LostIn | None = None
) -> Status[dict[str, object]]:
    """Report the copy of an open loan lost: the loan ends, and its reader is charged."""
    actor, told = actor_of(request), order or LostIn()
    report = actions.report_lost(
        _loan(loan_id, actor), amount=_money(told.amount), note=told.note, by=actor
    )
    return Status(201, harm_out(_harm(report.pk, actor)))


@router.post("/loans/{loan_id}/damage", response={201: HarmOut})
def report_damage(
    request: HttpRequest, loan_id: int, order: DamageIn | None = None
) -> Status[dict[str, object]]:
    """Report that a loan's copy came back damaged, or without a part; it leaves the shelf."""
    actor, told = actor_of(request), order or DamageIn()
    report = actions.report_damage(
        _loan(loan_id, actor),
        kind=HarmKind(told.kind),
        amount=_money(told.amount),
        note=told.note,
        out_of_use=told.out_of_use,
        by=actor,
    )
    return Status(201, harm_out(_harm(report.pk, actor)))


@router.post("/loans/{loan_id}/claim", response=LoanOut)
def claim_returned(request: HttpRequest, loan_id: int) -> dict[str, object]:
    """Note that the reader says the copy was returned: it is not overdue while it is looked for."""
    actor = actor_of(request)
    loan = actions.claim_returned(_loan(loan_id, actor), by=actor)
    return loan_out(loan, item_of(loan.item.barcode))


@router.delete("/loans/{loan_id}/claim", response=LoanOut)
def drop_claim(request: HttpRequest, loan_id: int) -> dict[str, object]:
    """Take back that the copy was said to be returned: the loan goes on."""
    actor = actor_of(request)
    loan = actions.drop_claim(_loan(loan_id, actor), by=actor)
    return loan_out(loan, item_of(loan.item.barcode))


@router.get("/harms", response=list[HarmOut])
def list_harms(
    request: HttpRequest, *, card: str | None = None, settled: bool = False
) -> list[dict[str, object]]:
    """Return what is not settled, or what was, the newest first; of one reader if asked."""
    actor = actor_of(request)
    rows = HarmReport.objects.visible_to(actor).for_list().filter(settled_at__isnull=not settled)
    if card is not None:
        rows = rows.filter(loan__patron=patron_of(card, actor))
    return [harm_out(report) for report in rows.order_by("-at", "-pk")[:MOST]]


@router.get("/harms/{harm_id}", response=HarmOut)
def harm_details(request: HttpRequest, harm_id: int) -> dict[str, object]:
    """Return a report of harm, settled or not."""
    return harm_out(_harm(harm_id, actor_of(request)))


@router.post("/harms/{harm_id}/price", response=HarmOut)
def price_harm(request: HttpRequest, harm_id: int, order: PriceIn) -> dict[str, object]:
    """Charge what a reader reported lost from afar, once the price is known; 409 if it was."""
    actor = actor_of(request)
    actions.price_harm(_harm(harm_id, actor), amount=Money(order.amount), by=actor)
    return harm_out(_harm(harm_id, actor))


@router.post("/harms/{harm_id}/replacement", response=ReplacementOut)
def take_replacement(
    request: HttpRequest, harm_id: int, order: ReplacementIn | None = None
) -> dict[str, object]:
    """Take a copy that the reader brought instead: the price is taken back.

    With `enter` it is put in the register at once, for who may: `barcode` is its own.
    """
    actor = actor_of(request)
    report = _harm(harm_id, actor)
    enter = _copy_like(report, actor) if order is not None and order.enter else None
    fresh = actions.take_replacement(report, enter=enter, by=actor)
    return {
        "harm": harm_out(_harm(harm_id, actor)),
        "barcode": fresh.barcode if fresh is not None else None,
    }


@router.post("/harms/{harm_id}/settle", response=HarmOut)
def settle_harm(request: HttpRequest, harm_id: int) -> dict[str, object]:
    """Put a report aside: it was paid, or settled otherwise. The charge stays."""
    actor = actor_of(request)
    actions.settle_harm(_harm(harm_id, actor), by=actor)
    return harm_out(_harm(harm_id, actor))


@router.post("/harms/{harm_id}/forgive", response=HarmOut)
def forgive_harm(request: HttpRequest, harm_id: int, order: ForgiveIn) -> dict[str, object]:
    """Take back what was charged for the harm, for a reason."""
    actor = actor_of(request)
    actions.forgive_harm(_harm(harm_id, actor), reason=order.reason, by=actor)
    return harm_out(_harm(harm_id, actor))


@router.post("/uses", response={204: None})
def note_used(request: HttpRequest, order: UseIn) -> Status[None]:
    """Count a copy that was left on a table: used in the room, nobody knows by whom."""
    actions.note_used(item_of(order.barcode), by=actor_of(request))
    return Status(204, None)


def harm_out(report: HarmReport) -> dict[str, object]:
    loan = report.loan
    return {
        "id": report.pk,
        "kind": report.kind,
        "loan": loan.pk,
        "barcode": loan.item.barcode,
        "title": loan.item.record.title,
        "card": loan.patron.card if loan.patron else None,
        "library": report.library.code,
        "at": report.at,
        "reported_by": report.reported_by,
        "note": report.note,
        "amount": report.amount,
        "processing": report.processing,
        "settled_at": report.settled_at,
        "settlement": report.settlement,
    }


def _loan(pk: int, actor: Actor) -> Loan:
    loan = Loan.objects.visible_to(actor).select_related("item").filter(pk=pk).first()
    if loan is None:
        raise NotFound(kind="loan", key=pk)
    return loan


def _harm(pk: int, actor: Actor) -> HarmReport:
    report = HarmReport.objects.visible_to(actor).for_list().filter(pk=pk).first()
    if report is None:
        raise NotFound(kind="harm", key=pk)
    return report


def _copy_like(report: HarmReport, actor: Actor) -> ItemData:
    item = report.loan.item
    actor.require(CataloguePermission.EDIT_ITEMS, at=item.library_id)
    return ItemData(
        library=item.library, item_type=item.item_type, location=item.location, price=item.price
    )


def _money(amount: int | None) -> Money | None:
    return None if amount is None else Money(amount)
