"""Asking for books at the door, and for books to be fetched there."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.catalogue.models import Record
from tangthu.circulation.models import Loan
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.delivery import policy
from tangthu.delivery.actions.steps import locked, write_event
from tangthu.delivery.errors import NoCopyFree, RequestRefused, StepRefused, WrongPoint
from tangthu.delivery.models import Delivery, DeliveryItem, Route
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.delivery.policy import Leg, Refusal, State
from tangthu.delivery.reading import (
    Destination,
    free_copies,
    post_points,
    request_facts,
    terms_of,
)
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.text.normal import normalise
from tangthu.text.phones import normalise_phone

# Without 0, O, 1, I and their like: people read it to each other over the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked: to whom, where to, and a word for the library or the carrier."""

    patron: Patron
    library: Library
    to: Destination
    note: str = ""


@transaction.atomic
def ask(request: Request, records: Sequence[Record], *, by: Actor) -> Delivery:
    """Ask for books to be brought: the reader for themselves, or staff for a reader who telephones.

    Books asked for again while the first request waits are added to it, when they go to the same
    place. Raises RequestRefused with everything that the library's terms have against it,
    NoCopyFree for a book of which no copy is in.
    """
    _require(request, by)
    waiting = _waiting(request)
    wanted = _not_yet_asked(waiting, records)
    there = waiting.lines.filter(is_dropped=False).count() if waiting else 0
    _require_terms(request, copies=there + len(wanted))
    for record in wanted:
        if not free_copies(record.pk, request.library, for_=request.patron).exists():
            raise NoCopyFree(title=record.title)
    delivery = waiting or _begin(request, Leg.OUT, by=by)
    DeliveryItem.objects.bulk_create(
        DeliveryItem(delivery=delivery, record=record) for record in wanted
    )
    return delivery


@transaction.atomic
def ask_collection(request: Request, loans: Iterable[Loan], *, by: Actor) -> Delivery:
    """Ask for borrowed books to be fetched. The loans go on until the library has them back.

    Raises RequestRefused, and StepRefused when one of the books is being fetched already.
    """
    _require(request, by)
    chosen = list(
        Loan.objects.open()
        .filter(pk__in=[loan.pk for loan in loans], patron=request.patron)
        .select_related("item")
        .order_by("item_id")
    )
    _require_terms(request, copies=len(chosen), collects=True)
    delivery = _begin(request, Leg.BACK, by=by)
    lines = [
        DeliveryItem(delivery=delivery, record_id=loan.item.record_id, item=loan.item, loan=loan)
        for loan in chosen
    ]
    try:
        with transaction.atomic():
            DeliveryItem.objects.bulk_create(lines)
    except IntegrityError:
        raise StepRefused(Refusal.ALREADY_UNDER_WAY) from None
    return delivery


@transaction.atomic
def correct_address(
    delivery: Delivery, to: Destination, *, tracking_number: str = "", by: Actor
) -> Delivery:
    """Correct where an open parcel goes, before or after a carrier found it wrong.

    The reader may do so until it is approved; afterwards staff do, as the label is printed.
    """
    delivery = locked(delivery)
    own = by.patron_id is not None and by.patron_id == delivery.patron_id
    if not (own and delivery.state == State.ASKED):
        by.require(DeliveryPermission.HANDLE, at=delivery.library_id)
    if not delivery.is_open or delivery.patron is None:
        raise StepRefused(Refusal.WRONG_STATE, reference=delivery.reference, state=delivery.state)
    _write_destination(delivery, to, delivery.patron)
    delivery.address_changed_at = timezone.now()
    delivery.tracking_number = normalise(tracking_number)[:60]
    delivery.save()
    state = delivery.state
    write_event(delivery, "address", source=state, target=state, by=by)
    return delivery


def _require(request: Request, by: Actor) -> None:
    """Let readers ask for themselves, and staff who handle deliveries for anybody."""
    own = by.patron_id is not None and by.patron_id == request.patron.pk
    if not own:
        by.require(DeliveryPermission.HANDLE, at=request.library.pk)
        if not Patron.objects.visible_to(by).filter(pk=request.patron.pk).exists():
            raise NotPermitted(permission="patrons.see", library=request.patron.library_id)


def _require_terms(request: Request, *, copies: int, collects: bool = False) -> None:
    if request.to.point and not post_points().filter(pk=request.to.point.pk).exists():
        raise WrongPoint("point")
    terms = terms_of(request.library)
    today = timezone.localdate()
    facts = request_facts(
        request.patron, request.to, library=request.library, copies=copies, on=today
    )
    objections = (
        policy.judge_collection(facts, terms) if collects else policy.judge_request(facts, terms)
    )
    if objections:
        raise RequestRefused(objections)


def _waiting(request: Request) -> Delivery | None:
    """Return the reader's request that still waits there and goes to the same place, locked."""
    # The reader's row stands for the question whether there is one, which two tabs ask at once.
    Patron.objects.select_for_update(no_key=True).get(pk=request.patron.pk)
    return (
        Delivery.objects.select_for_update(no_key=True)
        .filter(
            patron=request.patron,
            library=request.library,
            leg=Leg.OUT,
            state=State.ASKED,
            address=normalise(request.to.address)[:300],
            point=request.to.point,
        )
        .first()
    )


def _not_yet_asked(waiting: Delivery | None, records: Sequence[Record]) -> list[Record]:
    asked = (
        set(waiting.lines.filter(is_dropped=False).values_list("record_id", flat=True))
        if waiting
        else set[int]()
    )
    return [record for record in dict.fromkeys(records) if record.pk not in asked]


def _begin(request: Request, leg: Leg, *, by: Actor) -> Delivery:
    patron, terms, now = request.patron, terms_of(request.library), timezone.now()
    fee = policy.fee_of(
        leg, terms, age=patron.age(timezone.localdate(now)), category=patron.category.code
    )
    delivery = Delivery(
        library=request.library,
        patron=patron,
        leg=leg,
        state=State.ASKED,
        reference=_reference(),
        note=normalise(request.note)[:300],
        fee=fee.amount,
        asked_at=now,
    )
    _write_destination(delivery, request.to, patron)
    delivery.save()
    write_event(delivery, "ask", source="", target=State.ASKED, by=by)
    return delivery


def _write_destination(delivery: Delivery, to: Destination, patron: Patron) -> None:
    delivery.name = normalise(to.name)[:150] or patron.name
    delivery.phone = normalise_phone(to.phone) or normalise(to.phone)[:20]
    delivery.address = normalise(to.address)[:300] if to.point is None else ""
    delivery.point = to.point
    delivery.route = Route.DOOR if to.point is None else Route.POINT
    delivery.address_verified = to.is_known(patron)


def _reference() -> str:
    """Return a reference that names nobody and cannot be guessed from another."""
    return "GS" + "".join(secrets.choice(ALPHABET) for _each in range(8))
