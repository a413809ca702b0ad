"""One delivery: what it holds, where it is, and the steps that this person may take."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.circulation.actions import CheckinResult
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.wording.outcomes import Outcome, returned, stopped
from tangthu.core.actor import Actor
from tangthu.core.errors import Conflict, Invalid
from tangthu.core.money import Money
from tangthu.core.requests import LibraryRequest
from tangthu.delivery import actions, policy
from tangthu.delivery.actions.steps import parts_of
from tangthu.delivery.errors import RulesRefused
from tangthu.delivery.forms import AddressForm, FailForm, StaffRequestForm
from tangthu.delivery.models import Delivery, FailReason
from tangthu.delivery.policy import Leg, State, StepName
from tangthu.delivery.reading import records_of
from tangthu.delivery.views.board import ANY, deliveries
from tangthu.delivery.wording import sentences
from tangthu.patrons.actions import note_seen
from tangthu.patrons.models import Patron
from tangthu.patrons.reading import patron_by_card
from tangthu.patrons.symbols import qr
from tangthu.ui.staff import staff_page

Deed = Callable[[Delivery, Mapping[str, str], Actor], object]


def parcel_of(request: LibraryRequest, pk: int) -> Delivery:
    rows = deliveries(request).with_books().select_related("patron__category", "run__carrier")
    return get_object_or_404(rows, pk=pk)


@require_safe
@staff_page(*ANY)
def parcel(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show the delivery with its history. Who looks at a reader's address is written down."""
    delivery = parcel_of(request, pk)
    if delivery.patron is not None:
        note_seen(delivery.patron, by=request.actor)
    return page(request, delivery)


@require_POST
@staff_page(*ANY)
def step(request: LibraryRequest, pk: int) -> HttpResponse:
    """Take the step that was pressed; a refusal is shown above the delivery as it stands."""
    delivery = parcel_of(request, pk)
    name = request.POST.get("step", "")
    if name not in DEEDS:
        return redirect("delivery:parcel", pk=pk)
    try:
        result = DEEDS[name](delivery, request.POST.dict(), request.actor)
    except (Conflict, Invalid) as refused:
        outcome = Outcome(
            kind="stop", title=_("Not done"), items=sentences(refused), sound="stopped"
        )
        may_waive = isinstance(refused, RulesRefused) and refused.waivable
        return page(request, parcel_of(request, pk), outcome=outcome, may_waive=may_waive)
    for told in came_back(result):
        messages.info(request, told)
    messages.success(request, _("Done."))
    return redirect("delivery:parcel", pk=pk)


def came_back(result: object) -> list[str]:
    """Return, for each book of a parcel that came back, where it goes now."""
    if not isinstance(result, list):
        return []
    found = [each for each in result if isinstance(each, CheckinResult)]
    told = [returned(each, each.item, None) for each in found]
    return [" ".join([f"{each.text}.", *each.items]) for each in told]


def approve(delivery: Delivery, told: Mapping[str, str], by: Actor) -> object:
    """Approve; a line with a ticked box is left out, with what was written beside it."""
    without = {
        line.pk: told.get(f"why-{line.pk}", "").strip() or _("Cannot be sent")
        for line in delivery.books
        if f"drop-{line.pk}" in told
    }
    return actions.approve(delivery, by=by, without=without, in_spite="in_spite" in told)


def fail(delivery: Delivery, told: Mapping[str, str], by: Actor) -> object:
    form = FailForm(told)
    why = FailReason(form.cleaned_data["why"]) if form.is_valid() else FailReason.OTHER
    return actions.fail(delivery, why, by=by, note=told.get("note", ""))


def receive(delivery: Delivery, told: Mapping[str, str], by: Actor) -> object:
    missing = [line.pk for line in delivery.books if line.taken_back_at is None]
    return actions.receive(delivery, by=by, missing=missing, reason=told.get("reason", ""))


DEEDS: Mapping[str, Deed] = {
    StepName.APPROVE: approve,
    StepName.REJECT: lambda d, told, by: actions.reject(d, reason=told.get("reason", ""), by=by),
    StepName.CANCEL: lambda d, told, by: actions.cancel(d, reason=told.get("reason", ""), by=by),
    StepName.DELIVER: lambda d, told, by: actions.deliver(d, by=by),
    StepName.FAIL: fail,
    StepName.RETRY: lambda d, told, by: actions.retry(d, by=by),
    StepName.COME_BACK: lambda d, told, by: actions.come_back(d, by=by),
    StepName.LOSE: lambda d, told, by: actions.lose(d, reason=told.get("reason", ""), by=by),
    StepName.COLLECT: lambda d, told, by: actions.collect(d, by=by),
    StepName.RECEIVE: receive,
}


@require_POST
@staff_page(*ANY)
def scan(request: LibraryRequest, pk: int) -> HttpResponse:
    """Scan one book: into the parcel, or out of what was fetched."""
    delivery = parcel_of(request, pk)
    code = request.POST.get("q", "")[:60]
    try:
        if delivery.leg == Leg.BACK:
            result = actions.receive_copy(delivery, code, by=request.actor)
            outcome = returned(result, result.item, None)
        else:
            packed = actions.pack(delivery, code, by=request.actor)
            whole = packed.state == State.PACKED
            title = _("The parcel is complete: print its label") if whole else _("In the parcel")
            outcome = Outcome(kind="success", title=title, text=code, sound="done")
    except (Conflict, Invalid) as refused:
        outcome = stopped(_("Not this book"), " ".join(sentences(refused)))
    return page(request, parcel_of(request, pk), outcome=outcome)


@staff_page(*ANY)
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: LibraryRequest, pk: int) -> HttpResponse:
    """Correct where the parcel goes, and note the carrier's tracking number."""
    delivery = parcel_of(request, pk)
    form = AddressForm.of(delivery, request.POST.dict() if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["tracking_number"]
        try:
            actions.correct_address(
                delivery, form.destination(), tracking_number=number, by=request.actor
            )
        except Conflict as refused:
            form.add_error(None, sentences(refused))
        else:
            messages.success(request, _("Saved. Print the label again."))
            return redirect("delivery:parcel", pk=pk)
    context = {"delivery": delivery, "form": form}
    status = 422 if form.errors else 200
    return render(request, "delivery/address.html", context, status=status)


@staff_page(*ANY)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: LibraryRequest) -> HttpResponse:
    """Ask for a reader who telephones: first the card, then the books."""
    card = request.POST.get("card") or request.GET.get("card", "")
    patron = patron_by_card(card, by=request.actor) if card else None
    if patron is None:
        return render(request, "delivery/new.html", {"card": card, "form": None})
    initial = {
        "library": request.actor.library_id,
        "name": patron.name,
        "phone": patron.dialled_phone,
        "address": patron.address,
    }
    data = request.POST.dict() if request.method == "POST" else None
    form = StaffRequestForm(data, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        delivery = asked(request, form, patron)
        if delivery is not None:
            return redirect("delivery:parcel", pk=delivery.pk)
    context = {"card": card, "patron": patron, "form": form}
    status = 422 if form.errors else 200
    return render(request, "delivery/new.html", context, status=status)


def asked(request: LibraryRequest, form: StaffRequestForm, patron: Patron) -> Delivery | None:
    """Ask as the form says; put what is against it above the form."""
    told = form.cleaned_data
    records = records_of(told["barcodes"].split())
    wanted = actions.Request(
        patron=patron, library=told["library"], to=form.destination(), note=told["note"]
    )
    try:
        return actions.ask(wanted, records, by=request.actor)
    except (Conflict, Invalid) as refused:
        form.add_error(None, sentences(refused))
        return None


@require_safe
@staff_page(*ANY)
def labels(request: LibraryRequest) -> HttpResponse:
    """Print labels of A6, one to a sheet: of one delivery, or of all that are packed."""
    rows = deliveries(request).with_books().filter(leg=Leg.OUT)
    wanted = [int(pk) for pk in request.GET.getlist("pk") if pk.isdecimal()][:100]
    rows = rows.filter(pk__in=wanted) if wanted else rows.filter(state=State.PACKED)
    drawn = [(row, qr(row.reference)) for row in rows.order_by("id")]
    return render(request, "delivery/labels.html", {"labels": drawn})


def page(
    request: LibraryRequest,
    delivery: Delivery,
    *,
    outcome: Outcome | None = None,
    may_waive: bool = False,
) -> HttpResponse:
    """Answer with the delivery's page; htmx swaps its board."""
    who = parts_of(delivery, request.actor, None)
    open_steps = policy.steps_from(Leg(delivery.leg), State(delivery.state), who)
    context = {
        "delivery": delivery,
        "books": delivery.books,
        "dropped": [line for line in delivery.lines.all() if line.is_dropped],
        "events": delivery.events.all(),
        "steps": {str(each.name): each for each in open_steps},
        "scans": delivery.state == State.PICKED
        or (delivery.leg == Leg.BACK and StepName.RECEIVE in {each.name for each in open_steps}),
        "fee": Money(delivery.fee) if delivery.fee else None,
        "fail_form": FailForm(),
        "outcome": outcome,
        "may_waive": may_waive
        and request.actor.may(CirculationPermission.OVERRIDE, at=delivery.library_id),
        "in_parcel": sum(line.packed_at is not None for line in delivery.books),
    }
    template = "delivery/parcel.html#board" if request.htmx else "delivery/parcel.html"
    is_stopped = outcome is not None and outcome.kind == "stop" and not request.htmx
    return render(request, template, context, status=409 if is_stopped else 200)
