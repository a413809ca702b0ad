"""The carrier's page on a phone: one run, what is needed at the door, nothing else.

The link carries the key once; then the browser's session has it, and the address bar has not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tangthu.core.actor import Actor, Face
from tangthu.core.errors import Conflict
from tangthu.core.requests import LibraryRequest
from tangthu.delivery import actions, links
from tangthu.delivery.errors import RunClosed
from tangthu.delivery.forms import FailForm
from tangthu.delivery.models import Delivery, FailReason, Run
from tangthu.delivery.policy import State
from tangthu.delivery.wording import sentences
from tangthu.ui.staff import PUBLIC

P = ParamSpec("P")
Page = Callable[Concatenate[LibraryRequest, Run, P], HttpResponse]
Gate = Callable[Concatenate[HttpRequest, P], HttpResponse]

RUN_KEY = "delivery_run"
AT_THE_DOOR = frozenset({State.ON_THE_WAY, State.FAILED})


def carrier_page(view: Page[P]) -> Gate[P]:
    """Open the page to whoever holds the key of a run that is under way."""

    @wraps(view)
    def gate(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            run = links.run_of(request.session.get(RUN_KEY, ""))
        except RunClosed:
            return render(request, "delivery/carry_closed.html", status=404)
        return view(cast(LibraryRequest, request), run, *args, **kwargs)

    gate.opens_to = PUBLIC  # type: ignore[attr-defined]
    return never_cache(gate)


@never_cache
@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """Take the key out of the link into the session, and go on without it."""
    key = request.GET.get("key", "")
    if key:
        request.session[RUN_KEY] = key[:200]
        return redirect("delivery:carry")
    return carry(request)


enter.opens_to = PUBLIC  # type: ignore[attr-defined]


@require_safe
@carrier_page
def carry(request: LibraryRequest, run: Run) -> HttpResponse:
    """List what is still to do; what is done shows its number alone."""
    rows = list(Delivery.objects.filter(run=run).with_books().order_by("id"))
    context = {
        "run": run,
        "open_rows": [row for row in rows if row.state in AT_THE_DOOR],
        "done_rows": [row for row in rows if row.state not in AT_THE_DOOR],
        "reasons": FailReason.choices,
    }
    return render(request, "delivery/carry.html", context)


@require_POST
@carrier_page
def mark(request: LibraryRequest, run: Run, pk: int) -> HttpResponse:
    """Write down what happened at the door."""
    delivery = get_object_or_404(Delivery, pk=pk, run=run)
    by = Actor(face=Face.DELIVERY, name=run.carrier.name, library_id=run.library_id)
    deed = request.POST.get("deed", "")
    try:
        if deed == "fail":
            _fail(request, delivery, run, by)
        elif deed in _DEEDS:
            _DEEDS[deed](delivery, by=by, run=run)
    except Conflict as refused:
        messages.error(request, " ".join(sentences(refused)))
    else:
        messages.success(request, _("Written down: %(number)s") % {"number": delivery.reference})
    return redirect("delivery:carry")


_DEEDS = {"deliver": actions.deliver, "collect": actions.collect, "retry": actions.retry}


def _fail(request: LibraryRequest, delivery: Delivery, run: Run, by: Actor) -> None:
    form = FailForm(request.POST)
    why = FailReason(form.cleaned_data["why"]) if form.is_valid() else FailReason.OTHER
    note = form.cleaned_data.get("note", "") if form.is_valid() else ""
    actions.fail(delivery, why, by=by, run=run, note=note)
