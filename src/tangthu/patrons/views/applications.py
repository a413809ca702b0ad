"""The queue of applications for a card: looked at, approved, returned, refused."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.patrons.actions import deciding
from tangthu.patrons.actions.files import note_application_seen
from tangthu.patrons.errors import ApplicationDecided, PatronInvalid
from tangthu.patrons.forms_afar import ApprovalForm, ReasonForm
from tangthu.patrons.likeness import alike
from tangthu.patrons.models import Application, ApplicationState, ReturnReason
from tangthu.patrons.permissions import PatronsPermission
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

EDIT = PatronsPermission.EDIT_PATRONS
PAGE = 50
TABS = {
    "waiting": [ApplicationState.WAITING],
    "returned": [ApplicationState.RETURNED],
    "decided": [ApplicationState.APPROVED, ApplicationState.REFUSED],
}


@staff_page(EDIT)
@require_safe
def applications(request: LibraryRequest) -> HttpResponse:
    """List them, oldest first; what is decided, newest first."""
    chosen = request.GET.get("state", "waiting")
    if chosen not in TABS:
        raise Http404
    seen = Application.objects.visible_to(request.actor)
    rows = seen.filter(state__in=TABS[chosen]).for_queue()
    if chosen == "decided":
        rows = rows.order_by("-decided_at", "-id")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "chosen": chosen,
        "waiting": seen.waiting().count(),
        "today": timezone.localdate(),
    }
    return render(request, "patrons/applications.html", context)


@staff_page(EDIT)
@never_cache
@require_safe
def application(request: LibraryRequest, pk: int) -> HttpResponse:
    row = _visible(request, pk)
    note_application_seen(row, by=request.actor)
    return _page(request, row)


@staff_page(EDIT)
@never_cache
@require_safe
def application_photo(request: LibraryRequest, pk: int) -> HttpResponse:
    row = _visible(request, pk)
    if row.photo is None:
        raise Http404
    return HttpResponse(bytes(row.photo.jpeg), content_type="image/jpeg")


@staff_page(EDIT)
@require_POST
def approve(request: LibraryRequest, pk: int) -> HttpResponse:
    row = _visible(request, pk)
    form = ApprovalForm(request.POST, application=row, actor=request.actor)
    if not form.is_valid():
        return _page(request, row, status=422, approval_form=form)
    try:
        patron = deciding.approve_application(
            row, form.told(), version=_version(request), by=request.actor
        )
    except ApplicationDecided as refused:
        return _too_late(request, pk, refused)
    except PatronInvalid as refused:
        for fault in refused.faults:
            form.add_error(None, wording.sentence(fault.code, {"limit": fault.limit}))
        return _page(request, row, status=422, approval_form=form)
    except TangthuError as refused:
        refusals.show(form, refused)
        return _page(request, row, status=refused.status, approval_form=form)
    told = {"name": patron.name, "card": patron.card}
    messages.success(request, _("%(name)s has the card %(card)s.") % told)
    return redirect("patrons:applications")


@staff_page(EDIT)
@require_POST
def give_back(request: LibraryRequest, pk: int) -> HttpResponse:
    done = _("Returned. The applicant is told what to correct.")
    return _decide(request, pk, deciding.return_application, "return_form", done)


@staff_page(EDIT)
@require_POST
def refuse(request: LibraryRequest, pk: int) -> HttpResponse:
    done = _("Refused. The applicant is told why.")
    return _decide(request, pk, deciding.refuse_application, "refuse_form", done)


def _decide(
    request: LibraryRequest, pk: int, deed: Callable[..., Application], name: str, done: str
) -> HttpResponse:
    row = _visible(request, pk)
    form = ReasonForm(request.POST, prefix=name)
    if not form.is_valid():
        return _page(request, row, status=422, **{name: form})
    told = form.cleaned_data
    try:
        deed(
            row,
            ReturnReason(told["reason"]),
            text=told["text"],
            version=_version(request),
            by=request.actor,
        )
    except ApplicationDecided as refused:
        return _too_late(request, pk, refused)
    messages.success(request, done)
    return redirect("patrons:applications")


def _visible(request: LibraryRequest, pk: int) -> Application:
    seen = Application.objects.visible_to(request.actor).for_queue().select_related("photo")
    return get_object_or_404(seen, pk=pk)


def _version(request: LibraryRequest) -> int:
    number = whole_number(request.POST.get("version", ""))
    return -1 if number is None else number


def _too_late(request: LibraryRequest, pk: int, refused: ApplicationDecided) -> HttpResponse:
    messages.error(request, wording.explain(refused))
    row = Application.objects.visible_to(request.actor).filter(pk=pk).first()
    if row is None:
        return redirect("patrons:applications")
    return _page(request, _visible(request, pk), status=refused.status)


def _page(
    request: LibraryRequest, row: Application, *, status: int = 200, **forms: object
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "application": row,
        "age": row.age(today),
        "alike": alike(row, by=request.actor) if row.state == ApplicationState.WAITING else [],
        "consents": row.consents.order_by("pk"),
        "approval_form": ApprovalForm(application=row, actor=request.actor),
        "return_form": ReasonForm(prefix="return_form"),
        "refuse_form": ReasonForm(prefix="refuse_form"),
        **forms,
    }
    return render(request, "patrons/application.html", context, status=status)
