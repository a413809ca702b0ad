"""Taking a step: the parcel locked, the table asked, the state and its history written."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.catalogue.actions import change_item
from tangthu.catalogue.models import Item, ItemStatus
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.circulation import actions as circulation
from tangthu.circulation.errors import CheckoutRefused
from tangthu.circulation.models import Loan, SetAsidePurpose
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.wording import reasons
from tangthu.core import audit
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.core.money import Money
from tangthu.core.permissions import Permission
from tangthu.delivery import policy
from tangthu.delivery.errors import LoanNotBegun, StepRefused
from tangthu.delivery.models import Delivery, DeliveryEvent, DeliveryItem, Run
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.delivery.policy import Effect, Leg, State, Step, StepFacts, StepName, Who
from tangthu.delivery.reading import collected_at
from tangthu.fees.actions import charge, reverse_source
from tangthu.fees.models import FeeKind
from tangthu.notices.actions import announce
from tangthu.notices.kinds import NoticeKind

TOLD = frozenset(
    {
        StepName.APPROVE,
        StepName.REJECT,
        StepName.HAND_OVER,
        StepName.DELIVER,
        StepName.FAIL,
        StepName.RETRY,
        StepName.LOSE,
        StepName.RECEIVE,
    }
)
"""The steps of which the reader is told."""


def locked(delivery: Delivery) -> Delivery:
    """Return the parcel's row, locked, with its parts."""
    rows = Delivery.objects.select_related("library", "point", "run")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=delivery.pk)


def parts_of(delivery: Delivery, by: Actor, run: Run | None) -> frozenset[Who]:
    """Return in which parts the actor stands to this parcel.

    A carrier is known by the run whose link they hold, and carries only what is on it.
    """
    held = {
        Who.READER: by.patron_id is not None and by.patron_id == delivery.patron_id,
        Who.APPROVER: by.may(DeliveryPermission.APPROVE, at=delivery.library_id),
        Who.HANDLER: by.may(DeliveryPermission.HANDLE, at=delivery.library_id),
        Who.CARRIER: run is not None and run.pk == delivery.run_id,
    }
    return frozenset(who for who, is_so in held.items() if is_so)


@transaction.atomic
def take(
    name: StepName,
    delivery: Delivery,
    *,
    by: Actor,
    reason: str = "",
    run: Run | None = None,
    note: str = "",
) -> Delivery:
    """Take one step of the table with all that it brings, or raise StepRefused.

    Locks the parcel, then its copies, then the reader. NotPermitted for those who have no part in
    it. `reason` is what the table may ask for; `note` is for the history alone.
    """
    delivery = locked(delivery)
    who = parts_of(delivery, by, run)
    if not who:
        raise NotPermitted(permission=str(DeliveryPermission.HANDLE), library=delivery.library_id)
    refusal = policy.judge_step(name, facts_of(delivery, who=who, reason=reason))
    if refusal is not None:
        raise StepRefused(refusal, reference=delivery.reference, state=delivery.state)
    step = policy.find_step(name, leg=Leg(delivery.leg), state=State(delivery.state))
    assert step is not None  # noqa: S101 (the judge has found it)
    _apply(step, delivery, by=by, reason=reason)
    _move(step, delivery, by=by, note=" ".join(f"{reason} {note}".split()))
    return delivery


def facts_of(delivery: Delivery, *, who: frozenset[Who], reason: str = "") -> StepFacts:
    """Return what the table needs to know of the parcel. One query."""
    lines = list(delivery.lines.filter(is_dropped=False))
    return StepFacts(
        leg=Leg(delivery.leg),
        state=State(delivery.state),
        who=who,
        reason=reason,
        lines=len(lines),
        picked=sum(line.picked_at is not None for line in lines),
        packed=sum(line.packed_at is not None for line in lines),
        failed_for=delivery.failed_for,
        failed_at=delivery.failed_at,
        address_changed_at=delivery.address_changed_at,
    )


def write_event(
    delivery: Delivery, step: str, *, source: str, target: str, by: Actor, note: str = ""
) -> None:
    """Add a line to the parcel's history and one to the audit log, which names no reader."""
    DeliveryEvent.objects.create(
        delivery=delivery,
        step=step,
        source=source,
        target=target,
        at=timezone.now(),
        by=by.name,
        face=by.face,
        note=note[:300],
    )
    audit.record(
        f"delivery.{step}",
        by=by,
        kind="delivery",
        key=delivery.pk,
        library=delivery.library_id,
        before={"state": source} if source else None,
        after={"state": target},
    )


def fee_source(delivery: Delivery) -> str:
    """Return the cause under which the ledger knows the parcel's fee."""
    return f"delivery:{delivery.pk}"


def deputy(by: Actor, delivery: Delivery, item: Item) -> Actor:
    """Return the actor as one who may lend, take back and mark this copy at the parcel's library.

    The deed has asked for its own permission; a courier is no librarian, yet with the book in
    the reader's hand the loan begins.
    """
    there = frozenset({delivery.library_id, item.library_id})
    grants: dict[Permission, frozenset[int]] = {
        CirculationPermission.LEND: there,
        CirculationPermission.OVERRIDE: there,
        CataloguePermission.EDIT_ITEMS: there,
    }
    return Actor(
        face=Face.DELIVERY,
        name=by.name,
        user_id=by.user_id,
        patron_id=by.patron_id,
        library_id=delivery.library_id,
        grants=grants,
    )


def _apply(step: Step, delivery: Delivery, *, by: Actor, reason: str) -> None:
    """Do what the step brings with it, in the order of the table's effects."""
    for effect in Effect:
        if effect in step.effects:
            _EFFECTS[effect](delivery, by, reason)


def _move(step: Step, delivery: Delivery, *, by: Actor, note: str) -> None:
    source, now = delivery.state, timezone.now()
    delivery.state = step.target
    if step.target in policy.CLOSED_STATES:
        delivery.closed_at = now
        DeliveryItem.objects.filter(delivery=delivery, is_open=True).update(is_open=False)
    if step.name is StepName.FAIL:
        delivery.failed_at = now
        delivery.attempts += 1
    delivery.save(update_fields=["state", "closed_at", "failed_at", "attempts", "failed_for"])
    write_event(delivery, step.name, source=source, target=step.target, by=by, note=note)
    if step.name in TOLD:
        _tell(delivery, step, detail=note)


def _tell(delivery: Delivery, step: Step, *, detail: str) -> None:
    if delivery.patron is None:
        return
    announce(
        NoticeKind.DELIVERY_UPDATE,
        to=delivery.patron,
        library=delivery.library,
        values={
            "number": delivery.reference,
            "state": str(delivery.get_state_display()),
            "detail": detail,
        },
        source=f"delivery:{delivery.pk}:{step.name}:{delivery.attempts}",
    )


def _keep_back(delivery: Delivery, by: Actor, reason: str) -> None:
    assert delivery.patron is not None  # noqa: S101 (a constraint: it is open)
    for line in _lines(delivery):
        if line.item is not None:
            circulation.set_aside(
                line.item,
                for_=delivery.patron,
                purpose=SetAsidePurpose.DELIVERY,
                by=deputy(by, delivery, line.item),
            )


def _release(delivery: Delivery, by: Actor, reason: str) -> None:
    for line in _lines(delivery):
        if line.item is not None:
            circulation.release(line.item, by=deputy(by, delivery, line.item))


def _charge(delivery: Delivery, by: Actor, reason: str) -> None:
    if delivery.fee and delivery.patron is not None:
        charge(
            delivery.patron,
            kind=FeeKind.DELIVERY,
            amount=Money(delivery.fee),
            library=delivery.library,
            by=by,
            source=fee_source(delivery),
            note=delivery.reference,
        )


def _reverse_fee(delivery: Delivery, by: Actor, reason: str) -> None:
    words = reason or delivery.reference
    reverse_source(fee_source(delivery), reason=words, by=by)


def _start_loans(delivery: Delivery, by: Actor, reason: str) -> None:
    for line in _lines(delivery):
        line.loan = _lend(line, delivery, by=by)
        line.save(update_fields=["loan"])


def _lend(line: DeliveryItem, delivery: Delivery, *, by: Actor) -> Loan:
    """Begin the loan of a book that is in the reader's hand.

    What the rules may waive is waived, and written on the loan: they were asked before the
    parcel left, and the book is not taken from the reader's hand for what has changed since.
    """
    assert line.item is not None  # noqa: S101 (approval has chosen the copy)
    assert delivery.patron is not None  # noqa: S101 (a constraint: it is open)
    by = deputy(by, delivery, line.item)
    try:
        return circulation.check_out(line.item, to=delivery.patron, by=by)
    except CheckoutRefused as refused:
        waivable = [block.code for block in refused.blocks if block.overridable]
    try:
        return circulation.check_out(line.item, to=delivery.patron, by=by, override=waivable)
    except CheckoutRefused as refused:
        sentences = " ".join(reasons(refused.blocks))
        raise LoanNotBegun(barcode=line.item.barcode, why=sentences) from None


def _end_loans(delivery: Delivery, by: Actor, reason: str) -> None:
    """Close what is still open of the collected loans; those taken back one by one are closed.

    They end when the carrier fetched the books, wherever these have been since.
    """
    given_at = collected_at(delivery)
    for line in _lines(delivery):
        if line.loan is not None and line.loan.returned_at is None and line.item is not None:
            circulation.check_in(line.item, by=deputy(by, delivery, line.item), given_at=given_at)
            line.taken_back_at = timezone.now()
            line.save(update_fields=["taken_back_at"])


def _mark_lost(delivery: Delivery, by: Actor, reason: str) -> None:
    for line in _lines(delivery):
        if line.item is not None:
            change_item(line.item, by=deputy(by, delivery, line.item), status=ItemStatus.LOST)


def _lines(delivery: Delivery) -> list[DeliveryItem]:
    rows = delivery.lines.filter(is_dropped=False).select_related("item", "loan")
    return list(rows.order_by("item_id", "id"))


_EFFECTS = {
    Effect.SET_ASIDE: _keep_back,
    Effect.RELEASE: _release,
    Effect.CHARGE: _charge,
    Effect.REVERSE_FEE: _reverse_fee,
    Effect.START_LOANS: _start_loans,
    Effect.END_LOANS: _end_loans,
    Effect.MARK_LOST: _mark_lost,
}
