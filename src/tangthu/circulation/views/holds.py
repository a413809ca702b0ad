"""Holds at the desk: the lists, the queue of a title, placing one, and its slip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.catalogue.models import Record
from tangthu.circulation import actions
from tangthu.circulation.desk import titles
from tangthu.circulation.errors import HoldRefused, LoanRefused
from tangthu.circulation.forms.holds import CancelForm, DeskWishForm, PickupForm
from tangthu.circulation.models import CancelReason, Hold
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.reading import books, hold_lists
from tangthu.circulation.reading.queues import copies_of
from tangthu.circulation.wishing import told_rest
from tangthu.circulation.wording import outcomes
from tangthu.circulation.wording.lending import reasons
from tangthu.core import wording
from tangthu.core.errors import Conflict, Invalid
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.models import Library
from tangthu.patrons import symbols
from tangthu.patrons.models import Patron
from tangthu.patrons.reading import patron_by_card
from tangthu.ui.staff import staff_page

LEND = CirculationPermission.LEND


@require_safe
@staff_page(LEND)
def pull_list(request: LibraryRequest) -> HttpResponse:
    """List what to fetch from the shelves of the actor's library, along the shelves."""
    library = library_of(request)
    rows = hold_lists.to_fetch(library, books(), today=timezone.localdate())
    context = {"rows": rows, "library": library, "tabs": tabs("pull")}
    return render(request, "circulation/pull_list.html", context)


@require_safe
@staff_page(LEND)
def shelf(request: LibraryRequest) -> HttpResponse:
    """List what stands on the hold shelf, and what is to be taken down from it."""
    library = library_of(request)
    context = {
        "library": library,
        "holds": hold_lists.on_shelf(library),
        "ended": hold_lists.to_take_down(library),
        "today": timezone.localdate(),
        "tabs": tabs("shelf"),
    }
    return render(request, "circulation/hold_shelf.html", context)


@require_safe
@staff_page(LEND)
def queues(request: LibraryRequest) -> HttpResponse:
    """List the titles for which readers wait, the longest queues first."""
    actor = request.actor
    mine = None if actor.everywhere else actor.libraries(LEND)
    context = {"records": hold_lists.busiest(mine), "tabs": tabs("queues")}
    return render(request, "circulation/queues.html", context)


@require_safe
@staff_page(LEND)
def queue(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show who waits for a title, with what the desk can do about each."""
    record = record_of(request, pk)
    context = {
        "record": record,
        "holds": hold_lists.queue(record, request.actor),
        "stock": hold_lists.stock(record, books()),
        "pickup_form": PickupForm(today=timezone.localdate()),
        "cancel_form": CancelForm(),
        "here": request.get_full_path(),
        "may_move": outcomes.may_override(request.actor),
        "tabs": tabs("queues"),
    }
    return render(request, "circulation/queue.html", context)


@staff_page(LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: LibraryRequest) -> HttpResponse:
    """Place a hold for a reader: first the title is found, then the rest is said."""
    told = request.POST if request.method == "POST" else request.GET
    card, q = told.get("card", ""), told.get("q", "")[:200]
    number = told.get("record", "")
    if not number.isdecimal():
        found = titles(q, by=request.actor) if q else []
        context = {"card": card, "q": q, "found": found, "tabs": tabs("place")}
        return render(request, "circulation/place_hold.html", context)
    return place_on(request, record_of(request, int(number[:18])), card)


def place_on(request: LibraryRequest, record: Record, card: str) -> HttpResponse:
    """Ask for whom and where; place the hold, or say every reason why not."""
    copies = copies_of([record.pk], books()).get(record.pk, [])
    form = DeskWishForm(
        request.POST or None,
        initial={"card": card},
        today=timezone.localdate(),
        copies=[each.item for each in copies],
        own=library_of(request),
    )
    refusal: HoldRefused | None = None
    if request.method == "POST" and form.is_valid():
        patron = patron_by_card(form.cleaned_data["card"], by=request.actor)
        if patron is None:
            form.add_error("card", _("No reader has this card."))
        else:
            try:
                return placed(request, record, patron, form)
            except HoldRefused as error:
                refusal = error
    context = {
        "record": record,
        "form": form,
        "refusal": why_not(request, refusal),
        "stock": hold_lists.stock(record, books()),
        "tabs": tabs("place"),
    }
    status = 422 if form.errors else 409 if refusal else 200
    return render(request, "circulation/place_hold.html", context, status=status)


def placed(
    request: LibraryRequest, record: Record, patron: Patron, form: DeskWishForm
) -> HttpResponse:
    told = form.cleaned_data
    hold = actions.place_hold(
        record=None if told.get("item") else record,
        item=told.get("item"),
        for_=patron,
        pickup=told["pickup"],
        by=request.actor,
        override=told["override"],
        starts_on=told["starts_on"],
        expires_on=told["expires_on"],
    )
    words = _("On hold for %(name)s, to fetch at %(library)s.")
    messages.success(request, words % {"name": patron.name, "library": hold.pickup.name})
    return HttpResponseRedirect(
        reverse("circulation:desk") + "?" + urlencode({"patron": patron.card})
    )


def why_not(request: LibraryRequest, refusal: HoldRefused | None) -> dict[str, object]:
    """Return the reasons, and the blocks to waive where this person may waive them all."""
    if refusal is None:
        return {}
    blocks = refusal.blocks
    waivable = outcomes.may_override(request.actor) and all(each.overridable for each in blocks)
    return {
        "reasons": reasons(blocks),
        "waivable": ",".join(each.code for each in blocks) if waivable else "",
    }


@require_safe
@staff_page(LEND)
def slip(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show the slip that lies in a kept copy: for whom, where, until when; 80 mm wide."""
    hold = hold_of(request, pk)
    if hold.trapped is None or not hold.is_open:
        raise Http404
    context = {"hold": hold, "symbol": symbols.code128(hold.trapped.barcode), "item": hold.trapped}
    return render(request, "circulation/hold_slip.html", context)


Deed = Callable[[LibraryRequest, Hold], object]


def cancel_by(request: LibraryRequest, hold: Hold) -> None:
    form = CancelForm(request.POST)
    told = form.cleaned_data["reason"] if form.is_valid() else ""
    reason = CancelReason(told) if told else CancelReason.BY_DESK
    actions.cancel_hold(hold, by=request.actor, reason=reason)


def suspend_by(request: LibraryRequest, hold: Hold) -> None:
    actions.suspend_hold(hold, by=request.actor, until=told_rest(request.POST))


def move_by(request: LibraryRequest, hold: Hold) -> None:
    to = request.POST.get("to", "")
    actions.move_hold(hold, to=int(to[:6]) if to.isdecimal() else 1, by=request.actor)


def fetch_elsewhere(request: LibraryRequest, hold: Hold) -> None:
    form = PickupForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        actions.change_pickup(hold, pickup=form.cleaned_data["pickup"], by=request.actor)


DEEDS: Mapping[str, tuple[Deed, Promise]] = {
    "cancel": (cancel_by, gettext_lazy("The hold is cancelled.")),
    "suspend": (
        suspend_by,
        gettext_lazy("The hold rests, and keeps its place."),
    ),
    "resume": (
        lambda request, hold: actions.resume_hold(hold, by=request.actor),
        gettext_lazy("The hold counts again."),
    ),
    "move": (move_by, gettext_lazy("The queue has a new order.")),
    "pickup": (fetch_elsewhere, gettext_lazy("It is fetched there now.")),
    "recall": (
        lambda request, hold: actions.recall_loan(hold, by=request.actor),
        gettext_lazy("The loan that is due first was called back."),
    ),
}


@require_POST
@staff_page(LEND)
def deed(request: LibraryRequest, pk: int, name: str) -> HttpResponse:
    """Do one thing to a hold, say so or why not, and go back to where one was."""
    if name not in DEEDS:
        raise Http404
    do, words = DEEDS[name]
    hold = hold_of(request, pk)
    try:
        do(request, hold)
    except LoanRefused as refused:
        messages.error(request, " ".join(reasons(refused.blocks)))
    except (Conflict, Invalid) as refused:
        messages.error(request, wording.explain(refused))
    else:
        messages.success(request, str(words))
    return back(request, reverse("circulation:hold_queue", args=[hold.record_id]))


def back(request: LibraryRequest, otherwise: str) -> HttpResponse:
    """Return to the page of ours that was named."""
    here = request.POST.get("next", "")
    is_local = here.startswith("/") and url_has_allowed_host_and_scheme(here, allowed_hosts=None)
    return redirect(here if is_local else otherwise)


def tabs(current: str) -> list[dict[str, object]]:
    """Return the parts of the holds, each at its own address."""
    parts: dict[str, dict[str, object]] = {
        "pull": {
            "label": _("To fetch from the shelves"),
            "url": reverse("circulation:pull_list"),
            "icon": "basket",
        },
        "shelf": {
            "label": _("Hold shelf"),
            "url": reverse("circulation:hold_shelf"),
            "icon": "bookmark-check",
        },
        "queues": {
            "label": _("Queues"),
            "url": reverse("circulation:hold_queues"),
            "icon": "people",
        },
        "place": {
            "label": _("Place a hold"),
            "url": reverse("circulation:place_hold"),
            "icon": "bookmark-plus",
        },
    }
    return [{**part, "current": key == current} for key, part in parts.items()]


def library_of(request: LibraryRequest) -> Library:
    """Return the library at which the actor stands; the first of all for one who stands nowhere."""
    if request.actor.library_id is not None:
        return Library.objects.get(pk=request.actor.library_id)
    found = Library.objects.in_tree_order().first()
    if found is None:
        raise Http404
    return found


def record_of(request: LibraryRequest, pk: int) -> Record:
    return get_object_or_404(Record.objects.visible_to(request.actor).without_marc(), pk=pk)


def hold_of(request: LibraryRequest, pk: int) -> Hold:
    return get_object_or_404(Hold.objects.visible_to(request.actor).for_list(), pk=pk)
