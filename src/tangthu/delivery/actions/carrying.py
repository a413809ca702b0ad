"""On the way: parcels loaded and handed over, delivered or not, and what is fetched."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tangthu.circulation import actions as circulation
from tangthu.circulation.actions import CheckinResult
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.delivery.actions.steps import deputy, locked, take
from tangthu.delivery.errors import NotThisParcel, StepRefused
from tangthu.delivery.models import Carrier, Delivery, FailReason, Run
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.delivery.policy import Leg, Refusal, State, StepName
from tangthu.libraries.models import Library

LINK_LASTS = timedelta(days=3)
"""A run is over in a day; a parcel at a post-office point waits a little longer."""

_LOADABLE = {(Leg.OUT, State.PACKED), (Leg.BACK, State.APPROVED)}


@transaction.atomic
def begin_run(carrier: Carrier, *, by: Actor) -> Run:
    """Begin to load a run for the carrier; one that is being loaded already goes on."""
    by.require(DeliveryPermission.HANDLE, at=carrier.library_id)
    Carrier.objects.select_for_update(no_key=True).get(pk=carrier.pk)
    run = Run.objects.loading().filter(carrier=carrier).first()
    if run is None:
        run = Run.objects.create(
            library=carrier.library,
            carrier=carrier,
            nonce=secrets.token_hex(16),
            created_at=timezone.now(),
            created_by=by.name,
        )
    return run


@transaction.atomic
def load(run: Run, reference: str, *, by: Actor) -> Delivery:
    """Scan a parcel onto the run. Loading it twice changes nothing.

    A carrier takes along what the libraries below the run's have packed. Raises NotThisParcel for
    a code that is no parcel of theirs.
    """
    run = _loading(run, by=by)
    code = "".join(reference.split()).upper()
    below = Library.objects.under(run.library)
    found = Delivery.objects.filter(library__in=below, reference=code).first()
    if found is None:
        raise NotThisParcel("reference", barcode=code)
    by.require(DeliveryPermission.HANDLE, at=found.library_id)
    delivery = locked(found)
    if (delivery.leg, delivery.state) not in _LOADABLE:
        raise StepRefused(Refusal.WRONG_STATE, reference=code, state=delivery.state)
    if delivery.run_id != run.pk:
        delivery.run = run
        delivery.save(update_fields=["run"])
    return delivery


@transaction.atomic
def unload(run: Run, delivery: Delivery, *, by: Actor) -> Delivery:
    """Take a parcel off a run that has not left yet."""
    run = _loading(run, by=by)
    delivery = locked(delivery)
    if delivery.run_id == run.pk:
        delivery.run = None
        delivery.save(update_fields=["run"])
    return delivery


@transaction.atomic
def hand_over(run: Run, *, by: Actor) -> Run:
    """Give everything that was loaded to the carrier. From now on the carrier's link works.

    Raises StepRefused when nothing is loaded.
    """
    run = _loading(run, by=by)
    loaded = list(run.deliveries.order_by("id"))
    if not loaded:
        raise StepRefused(Refusal.NOTHING_LEFT)
    for delivery in loaded:
        take(StepName.HAND_OVER, delivery, by=by, note=run.carrier.name)
    run.sent_at = timezone.now()
    run.expires_at = run.sent_at + LINK_LASTS
    run.save(update_fields=["sent_at", "expires_at"])
    _leave_trace("run.sent", run, by=by)
    return run


@transaction.atomic
def end_link(run: Run, *, by: Actor) -> Run:
    """End the carrier's link at once, and with a new nonce every copy of it."""
    by.require(DeliveryPermission.HANDLE, at=run.library_id)
    run = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    run.nonce = secrets.token_hex(16)
    run.expires_at = timezone.now()
    run.save(update_fields=["nonce", "expires_at"])
    _leave_trace("run.link_ended", run, by=by)
    return run


@transaction.atomic
def renew_link(run: Run, *, by: Actor) -> Run:
    """Give the carrier a new link for what is still on the way; the former one ends."""
    by.require(DeliveryPermission.HANDLE, at=run.library_id)
    run = Run.objects.select_for_update(no_key=True, of=("self",)).get(pk=run.pk)
    if run.sent_at is None:
        raise StepRefused(Refusal.WRONG_STATE)
    run.nonce = secrets.token_hex(16)
    run.expires_at = timezone.now() + LINK_LASTS
    run.save(update_fields=["nonce", "expires_at"])
    _leave_trace("run.link_renewed", run, by=by)
    return run


def deliver(delivery: Delivery, *, by: Actor, run: Run | None = None) -> Delivery:
    """Say that the reader has the books: THE LOANS BEGIN NOW, and the copies are kept back no more.

    Raises LoanNotBegun when a loan is impossible whatever is waived; nothing has changed then.
    """
    return take(StepName.DELIVER, delivery, by=by, run=run)


@transaction.atomic
def fail(
    delivery: Delivery,
    why: FailReason,
    *,
    by: Actor,
    run: Run | None = None,
    note: str = "",
) -> Delivery:
    """Say that the parcel could not be handed over, or the books not fetched, and why.

    The parcel stays with the carrier until it is tried again or brought back.
    """
    delivery = take(StepName.FAIL, delivery, by=by, run=run, reason=str(why.label), note=note)
    delivery.failed_for = why
    delivery.save(update_fields=["failed_for"])
    return delivery


def retry(delivery: Delivery, *, by: Actor, run: Run | None = None) -> Delivery:
    """Send it on its way again; after a wrong address only once that is corrected."""
    return take(StepName.RETRY, delivery, by=by, run=run)


@transaction.atomic
def come_back(delivery: Delivery, *, by: Actor, note: str = "") -> list[CheckinResult]:
    """Take an undelivered parcel back into the house, and say where each book goes now.

    No loan ever began. The fee stays: it was carried; staff who think otherwise reverse it.
    """
    delivery = take(StepName.COME_BACK, delivery, by=by, note=note)
    lines = delivery.lines.filter(is_dropped=False).select_related("item").order_by("item_id")
    return [
        circulation.check_in(line.item, by=deputy(by, delivery, line.item))
        for line in lines
        if line.item is not None
    ]


def lose(delivery: Delivery, *, reason: str, by: Actor) -> Delivery:
    """Give up a parcel that went astray.

    Its copies are registered as lost and the fee is taken back. No loan began, so the reader owes
    nothing; books lost on their way back from a reader are no longer theirs to return.
    """
    return take(StepName.LOSE, delivery, by=by, reason=reason)


def collect(delivery: Delivery, *, by: Actor, run: Run | None = None) -> Delivery:
    """Say that the carrier has fetched the books.

    The library ends the loans once it has them, as of this moment.
    """
    return take(StepName.COLLECT, delivery, by=by, run=run)


def _loading(run: Run, *, by: Actor) -> Run:
    by.require(DeliveryPermission.HANDLE, at=run.library_id)
    rows = Run.objects.select_related("carrier", "library").select_for_update(
        no_key=True, of=("self",)
    )
    run = rows.get(pk=run.pk)
    if run.is_sent:
        raise StepRefused(Refusal.WRONG_STATE)
    return run


def _leave_trace(action: str, run: Run, *, by: Actor) -> None:
    audit.record(action, by=by, kind="run", key=run.pk, library=run.library_id)
