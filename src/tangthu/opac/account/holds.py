"""What the reader does with their own holds."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tangthu.circulation import actions
from tangthu.circulation.models import Hold
from tangthu.circulation.wishing import told_rest
from tangthu.core import wording
from tangthu.core.actor import Actor
from tangthu.core.errors import Conflict, Invalid
from tangthu.core.requests import LibraryRequest
from tangthu.ui.readers import reader_page

Deed = Callable[..., Hold]


@reader_page
@require_POST
def cancel(request: LibraryRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.cancel_hold, _("The hold is cancelled."))


@reader_page
@require_POST
def suspend(request: LibraryRequest, pk: int) -> HttpResponse:
    """Let it rest, until the day that was told if there is one."""

    def rest(hold: Hold, *, by: Actor) -> Hold:
        return actions.suspend_hold(hold, by=by, until=told_rest(request.POST))

    return _do(request, pk, rest, _("The hold rests, and keeps its place."))


@reader_page
@require_POST
def resume(request: LibraryRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.resume_hold, _("The hold counts again."))


def _do(request: LibraryRequest, pk: int, deed: Deed, done: Promise) -> HttpResponse:
    own = Hold.objects.visible_to(request.actor).filter(patron=request.actor.patron_id)
    hold = get_object_or_404(own, pk=pk)
    try:
        deed(hold, by=request.actor)
    except (Conflict, Invalid) as refused:
        messages.error(request, wording.explain(refused))
    else:
        messages.success(request, str(done))
    return HttpResponseRedirect(f"{reverse('account:home')}#holds")
