"""The desk's queue of those who ask for documents shown on request."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tangthu.core import wording
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid
from tangthu.core.requests import LibraryRequest
from tangthu.patrons.actions import note_seen
from tangthu.patrons.permissions import PatronsPermission
from tangthu.reading.actions import approve_access, refuse_access, revoke_access
from tangthu.reading.errors import AccessAlreadyDecided
from tangthu.reading.forms import ApproveForm, RefuseForm
from tangthu.reading.models import AccessRequest, RequestState
from tangthu.reading.permissions import ReadingPermission
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

PAGE = 30


@staff_page(ReadingPermission.REQUESTS)
@never_cache
@require_safe
def queue(request: LibraryRequest) -> HttpResponse:
    """List who waits, the longest first; or what was answered, the newest first."""
    rows = AccessRequest.objects.visible_to(request.actor).select_related("object", "patron")
    waiting, answered = rows.waiting(), request.GET.get("show") == "answered"
    shown = (
        rows.exclude(state=RequestState.WAITING).order_by("-decided_at", "-id")
        if answered
        else waiting.order_by("asked_at", "id")
    )
    context = {
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "answered": answered,
        "tabs": [
            {"label": _("Waiting"), "url": "?", "current": not answered, "count": waiting.count()},
            {"label": _("Answered"), "url": "?show=answered", "current": answered},
        ],
    }
    return render(request, "reading/requests.html", context)


@staff_page(ReadingPermission.REQUESTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show one request, and answer it. Who looks at a reader's wish is written down."""
    rows = AccessRequest.objects.visible_to(request.actor)
    found = get_object_or_404(rows.select_related("object__library", "patron"), pk=pk)
    approving, refusing = ApproveForm(), RefuseForm()
    if request.method == "POST":
        deed = request.POST.get("deed", "")
        approving = ApproveForm(request.POST.dict()) if deed == "approve" else approving
        refusing = RefuseForm(request.POST.dict()) if deed in _REASONED else refusing
        form = approving if deed == "approve" else refusing
        if form.is_valid() and _answered(request, found, deed, form):
            return redirect("reading_desk:requests")
    elif found.patron is not None:
        note_seen(found.patron, by=request.actor)
    context = {
        "request_row": found,
        "approving": approving,
        "refusing": refusing,
        "sees_readers": request.actor.may(PatronsPermission.SEE_PATRONS),
    }
    wrong = approving.errors or refusing.errors
    return render(request, "reading/request.html", context, status=422 if wrong else 200)


def _answered(request: LibraryRequest, row: AccessRequest, deed: str, form: forms.Form) -> bool:
    """Do what was pressed; False where the form must be mended."""
    try:
        if isinstance(form, ApproveForm):
            approve_access(row, form.told(), by=request.actor)
        else:
            _REASONED[deed](row, form.cleaned_data["reason"], request.actor)
    except AccessAlreadyDecided as refused:
        messages.warning(request, wording.explain(refused))
        return True
    except Invalid as refused:
        refusals.show(form, refused)
        return False
    messages.success(request, _("Answered. The reader is told."))
    return True


_REASONED: Mapping[str, Callable[[AccessRequest, str, Actor], object]] = {
    "refuse": lambda row, reason, by: refuse_access(row, reason=reason, by=by),
    "revoke": lambda row, reason, by: revoke_access(row, reason=reason, by=by),
}
