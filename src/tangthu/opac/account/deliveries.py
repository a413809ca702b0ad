"""Books brought to the reader's door: asked for, followed, called off, fetched again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.catalogue.models import Record
from tangthu.circulation.models import Loan
from tangthu.core.errors import Conflict, Invalid
from tangthu.core.money import Money
from tangthu.core.requests import LibraryRequest
from tangthu.delivery import actions, policy
from tangthu.delivery.models import Delivery, DeliveryQuerySet, DeliveryState
from tangthu.delivery.policy import Leg, State
from tangthu.delivery.reading import fee_for, lending_libraries, libraries_that_deliver
from tangthu.delivery.wording import sentences
from tangthu.libraries.models import Library
from tangthu.opac.account.delivery_forms import AskForm
from tangthu.patrons.models import Patron
from tangthu.ui.readers import reader_page

MOST_RECORDS = 20

# What a reader sees of the way: the inner steps of the library are one to them.
STAGES: Mapping[Leg, Sequence[frozenset[State]]] = {
    Leg.OUT: (
        frozenset({State.ASKED}),
        frozenset({State.APPROVED, State.PICKED, State.PACKED}),
        frozenset({State.ON_THE_WAY, State.FAILED}),
        frozenset({State.DELIVERED}),
    ),
    Leg.BACK: (
        frozenset({State.ASKED}),
        frozenset({State.APPROVED}),
        frozenset({State.ON_THE_WAY, State.FAILED, State.COLLECTED}),
        frozenset({State.RECEIVED}),
    ),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the way, as the reader's timeline shows it."""

    label: str
    is_done: bool
    is_now: bool


def patron_of(request: LibraryRequest) -> Patron:
    rows = Patron.objects.select_related("category", "library")
    return get_object_or_404(rows, pk=request.actor.patron_id)


def own(request: LibraryRequest) -> DeliveryQuerySet:
    return Delivery.objects.for_account(patron_of(request))


@reader_page
@require_safe
def deliveries(request: LibraryRequest) -> HttpResponse:
    """List the reader's deliveries, the newest first."""
    rows = [(row, stages(row)) for row in own(request)]
    context = {"rows": rows, "may_ask_to_fetch": bool(loans_of(request)) and offered()}
    return render(request, "account/delivery_list.html", context)


@reader_page
@require_safe
def one(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show one delivery with its stages and history."""
    row = get_object_or_404(own(request), pk=pk)
    may_cancel = any(
        step.name == policy.StepName.CANCEL
        for step in policy.steps_from(
            Leg(row.leg), State(row.state), frozenset({policy.Who.READER})
        )
    )
    context = {
        "delivery": row,
        "stages": stages(row),
        "events": row.events.all(),
        "fee": Money(row.fee) if row.fee else None,
        "may_cancel": may_cancel,
    }
    return render(request, "account/delivery.html", context)


@reader_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: LibraryRequest) -> HttpResponse:
    """Ask for the books that the address names to be brought."""
    patron, records = patron_of(request), wanted_records(request)
    libraries = lending_libraries([record.pk for record in records], for_=patron)
    form = AskForm(
        request.POST.dict() if request.method == "POST" else None,
        initial=known_of(patron),
        libraries=libraries,
    )
    if request.method == "POST" and form.is_valid():
        wanted = request_of(form, patron)
        delivery = asked(form, lambda: actions.ask(wanted, records, by=request.actor))
        if delivery is not None:
            messages.success(request, _("Asked for. The library looks at it and tells you."))
            return redirect("deliveries:one", pk=delivery.pk)
    context = {
        "form": form,
        "records": records,
        "libraries": libraries,
        "offered": bool(libraries_that_deliver()),
        "fee": fee_for(patron, libraries[0], Leg.OUT) if libraries else None,
    }
    status = 422 if form.errors else 200
    return render(request, "account/delivery_ask.html", context, status=status)


@reader_page
@require_http_methods(["GET", "HEAD", "POST"])
def fetch(request: LibraryRequest) -> HttpResponse:
    """Ask for borrowed books to be fetched."""
    patron, loans = patron_of(request), loans_of(request)
    libraries = libraries_that_deliver()
    chosen = [loan for loan in loans if str(loan.pk) in request.POST.getlist("loan")]
    form = AskForm(
        request.POST.dict() if request.method == "POST" else None,
        initial=known_of(patron),
        libraries=sorted(libraries, key=lambda library: library.pk != patron.library_id),
    )
    if request.method == "POST" and form.is_valid():
        wanted = request_of(form, patron)
        delivery = asked(form, lambda: actions.ask_collection(wanted, chosen, by=request.actor))
        if delivery is not None:
            messages.success(request, _("Asked for. The library tells you when somebody comes."))
            return redirect("deliveries:one", pk=delivery.pk)
    context = {
        "form": form,
        "loans": loans,
        "chosen": chosen or loans,
        "libraries": libraries,
        "fee": fee_for(patron, libraries[0], Leg.BACK) if libraries else None,
    }
    status = 422 if form.errors else 200
    return render(request, "account/delivery_fetch.html", context, status=status)


@reader_page
@require_POST
def cancel(request: LibraryRequest, pk: int) -> HttpResponse:
    """Call a delivery off while that is still the reader's to do."""
    row = get_object_or_404(own(request), pk=pk)
    try:
        actions.cancel(row, by=request.actor)
    except Conflict as refused:
        messages.error(request, " ".join(sentences(refused)))
    else:
        messages.success(request, _("The delivery is called off."))
    return redirect("deliveries:one", pk=pk)


def offered() -> bool:
    return bool(libraries_that_deliver())


def loans_of(request: LibraryRequest) -> list[Loan]:
    """Return what the reader has at home and nobody is fetching yet."""
    rows = Loan.objects.open().filter(patron=request.actor.patron_id)
    free = rows.exclude(delivery_lines__is_open=True)
    return list(free.for_desk().order_by("due_at", "pk"))


def wanted_records(request: LibraryRequest) -> list[Record]:
    """Return the records that the address names; hidden and unknown ones are passed over."""
    told = request.GET.getlist("record") + request.POST.getlist("record")
    wanted = [int(pk) for pk in told if pk.isdecimal()][:MOST_RECORDS]
    rows = Record.objects.visible_to(request.actor).filter(pk__in=wanted).defer("marc")
    return sorted(rows, key=lambda record: wanted.index(record.pk))


def known_of(patron: Patron) -> dict[str, object]:
    return {"name": patron.name, "phone": patron.dialled_phone, "address": patron.address}


def request_of(form: AskForm, patron: Patron) -> actions.Request:
    told = form.cleaned_data
    library: Library = told["library"]
    return actions.Request(patron=patron, library=library, to=form.destination(), note=told["note"])


def asked(form: AskForm, deed: Callable[[], Delivery]) -> Delivery | None:
    """Do the deed; put what is against it above the form."""
    try:
        return deed()
    except (Conflict, Invalid) as refused:
        form.add_error(None, sentences(refused))
        return None


def stages(delivery: Delivery) -> list[Stage]:
    """Return the stages of the way; of one that ended otherwise, the end alone."""
    way = STAGES[Leg(delivery.leg)]
    at = next((n for n, states in enumerate(way) if delivery.state in states), None)
    if at is None:
        return [Stage(str(delivery.get_state_display()), is_done=True, is_now=True)]
    labels = [min(states, key=list(State).index) for states in way]
    return [
        Stage(
            str(delivery.get_state_display()) if number == at else str(DeliveryState(label).label),
            is_done=number < at or not delivery.is_open,
            is_now=number == at,
        )
        for number, label in enumerate(labels)
    ]
