"""The to-do list of the offline desks: what became of their deeds that nobody may pass over."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.circulation.errors import LoanRefused
from tangthu.circulation.wording import reasons
from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.offline import actions
from tangthu.offline.errors import NotWithoutReason
from tangthu.offline.forms import DismissForm
from tangthu.offline.models import Device, EventState, OfflineEvent
from tangthu.offline.permissions import OfflinePermission
from tangthu.offline.presenting import tell
from tangthu.ui.staff import staff_page

USE = OfflinePermission.USE
MANAGE = OfflinePermission.MANAGE
PAGE = 25


@require_safe
@staff_page(USE, MANAGE)
def to_do(request: LibraryRequest) -> HttpResponse:
    """List what a person has to settle, the oldest first."""
    events = OfflineEvent.objects.visible_to(request.actor).for_list()
    past = request.GET.get("show") == "settled"
    if past:
        events = events.filter(state__in=[EventState.SETTLED, EventState.DISMISSED])
        events = events.order_by("-settled_at", "-id")
    else:
        events = events.to_do().order_by("id")
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    waiting = OfflineEvent.objects.visible_to(request.actor).waiting().count()
    context = {
        "page": page,
        "told": [tell(event) for event in page.object_list],
        "past": past,
        "waiting": waiting,
        "has_devices": Device.objects.visible_to(request.actor).exists(),
    }
    return render(request, "offline/todo.html", context)


@require_safe
@staff_page(USE)
def event(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show one event with all its facts, and the choices."""
    return _event_page(request, _event(request, pk), DismissForm())


@require_POST
@staff_page(USE)
def do_after_all(request: LibraryRequest, pk: int) -> HttpResponse:
    """Do it now, in the way that the person chose."""
    row = _event(request, pk)
    how = request.POST.get("how", "")
    try:
        actions.do_after_all(
            row,
            by=request.actor,
            override=how in ("override", "take_back"),
            take_back=how == "take_back",
            new_card=how == "new_card",
        )
    except LoanRefused as refused:
        words = [wording.explain(refused), *reasons(refused.blocks)]
        messages.error(request, " ".join(words))
        return redirect("offline:event", pk=pk)
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
        return redirect("offline:event", pk=pk)
    messages.success(request, _("Done."))
    return redirect("offline:to_do")


@require_POST
@staff_page(USE)
def seen(request: LibraryRequest, pk: int) -> HttpResponse:
    actions.note_seen(_event(request, pk), by=request.actor)
    messages.success(request, _("Noted."))
    return redirect("offline:to_do")


@require_POST
@staff_page(USE)
def dismiss(request: LibraryRequest, pk: int) -> HttpResponse:
    """Put it aside, with the reason."""
    row, form = _event(request, pk), DismissForm(request.POST)
    if not form.is_valid():
        return _event_page(request, row, form, status=422)
    try:
        actions.dismiss(row, reason=form.cleaned_data["reason"], by=request.actor)
    except NotWithoutReason as refused:
        form.add_error("reason", wording.explain(refused))
        return _event_page(request, row, form, status=422)
    messages.success(request, _("Put aside."))
    return redirect("offline:to_do")


def _event(request: LibraryRequest, pk: int) -> OfflineEvent:
    events = OfflineEvent.objects.visible_to(request.actor).for_list()
    return get_object_or_404(events, pk=pk)


def _event_page(
    request: LibraryRequest, row: OfflineEvent, form: DismissForm, *, status: int = 200
) -> HttpResponse:
    context = {"told": tell(row), "event": row, "form": form}
    return render(request, "offline/event.html", context, status=status)
