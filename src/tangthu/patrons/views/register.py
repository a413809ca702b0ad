"""The register: the list of readers, a new one, a correction."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.models import Library
from tangthu.patrons import actions, reading
from tangthu.patrons.errors import PatronInvalid
from tangthu.patrons.forms import EditPatronForm, NewPatronForm, PatronFilterForm, PatronForm
from tangthu.patrons.models import Application, CardStatus, Patron, PatronCategory, PatronQuerySet
from tangthu.patrons.permissions import PatronsPermission
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

PAGE = 50
SOON = timedelta(days=30)
SEE, EDIT = PatronsPermission.SEE_PATRONS, PatronsPermission.EDIT_PATRONS

ORDERS = {
    "name": ("sort_key", "id"),
    "-name": ("-sort_key", "-id"),
    "card": ("card",),
    "-card": ("-card",),
    "expires": ("expires_on", "sort_key", "id"),
    "-expires": ("-expires_on", "sort_key", "id"),
}
FOLDED = ("card", "library", "email", "expires_on", "citizen_number", "sort_name", "note")
OF_GUARDIAN = ("guardian_card", "guardian_name", "guardian_phone")


@staff_page(SEE)
@require_safe
def patrons(request: LibraryRequest) -> HttpResponse:
    form = PatronFilterForm(request.GET, actor=request.actor)
    wanted = form.cleaned_data if form.is_valid() else {}
    text = str(wanted.get("q") or "")
    seen = Patron.objects.visible_to(request.actor)
    if text and (scanned := reading.patron_by_card(text, by=request.actor)):
        return redirect("patrons:detail", pk=scanned.pk)
    sort = str(wanted.get("sort") or "name")
    found = _narrowed(seen, wanted, request).for_list().order_by(*ORDERS[sort])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "sort": sort,
        "q": text,
        "today": timezone.localdate(),
        "narrowed": any(wanted.get(name) for name in ("q", "category", "library", "state")),
        "former": reading.former_card(text, by=request.actor) if text else None,
        "may_register": request.actor.may(EDIT),
        "may_answer": request.actor.may(PatronsPermission.ANSWER_DATA_REQUESTS),
        "waiting": Application.objects.visible_to(request.actor).waiting().count(),
        "asked": reading.open_requests(by=request.actor),
        "may_categorise": request.actor.may(PatronsPermission.MANAGE_CATEGORIES),
    }
    return render(request, "patrons/list.html", context)


def _narrowed(
    found: PatronQuerySet, wanted: dict[str, object], request: LibraryRequest
) -> PatronQuerySet:
    if text := str(wanted.get("q") or ""):
        found = found.matching(text, by=request.actor)
    if isinstance(category := wanted.get("category"), PatronCategory):
        found = found.filter(category=category)
    if isinstance(library := wanted.get("library"), Library):
        found = found.filter(library__in=Library.objects.under(library))
    return _in_state(found, str(wanted.get("state") or ""))


def _in_state(found: PatronQuerySet, state: str) -> PatronQuerySet:
    today = timezone.localdate()
    match state:
        case "valid":
            return found.filter(card_status=CardStatus.ACTIVE, expires_on__gte=today)
        case "expiring":
            return found.filter(expires_on__range=(today, today + SOON))
        case "expired":
            return found.expired(today)
        case "lost" | "withdrawn":
            return found.filter(card_status=state)
        case "restricted":
            return found.restricted(today)
    return found


@staff_page(EDIT)
@sensitive_post_parameters("citizen_number")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: LibraryRequest) -> HttpResponse:
    initial = {
        "library": request.actor.library_id,
        "category": PatronCategory.objects.order_by("pk").first(),
        "name": request.GET.get("name", "")[:150],
        "guardian_card": request.GET.get("guardian", "")[:60],
    }
    form = NewPatronForm(request.POST or None, actor=request.actor, initial=initial)
    resembling: list[Patron] = []
    if request.method == "POST" and form.is_valid():
        data = form.told()
        if not request.POST.get("sure"):
            resembling = reading.resembling(data, by=request.actor)
        if not resembling:
            patron = _registered(form, request)
            if patron is not None:
                return _after(patron, then=request.POST.get("then", ""))
    context = {"form": form, "resembling": resembling, "today": timezone.localdate()}
    return _form_page(request, form, context, status=409 if resembling else None)


def _registered(form: NewPatronForm, request: LibraryRequest) -> Patron | None:
    try:
        patron = actions.register_patron(form.told(), by=request.actor)
    except TangthuError as refused:
        explain(form, refused)
        return None
    told = {"name": patron.name, "card": patron.card}
    messages.success(request, _("%(name)s has the card %(card)s.") % told)
    return patron


def _after(patron: Patron, *, then: str) -> HttpResponse:
    if then == "desk":
        query = urlencode({"patron": patron.card})
        return HttpResponseRedirect(f"{reverse('circulation:desk')}?{query}")
    return redirect("patrons:detail", pk=patron.pk)


@staff_page(EDIT)
@sensitive_post_parameters("citizen_number")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: LibraryRequest, pk: int) -> HttpResponse:
    seen = Patron.objects.visible_to(request.actor).for_list().select_related("guardian")
    patron = get_object_or_404(seen, pk=pk)
    request.actor.require(EDIT, at=patron.library_id)
    form = EditPatronForm(request.POST or None, patron=patron, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            _change(patron, form, request)
        except TangthuError as refused:
            explain(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("patrons:detail", pk=pk)
    return _form_page(request, form, {"form": form, "patron": patron})


@transaction.atomic
def _change(patron: Patron, form: EditPatronForm, request: LibraryRequest) -> None:
    told = form.cleaned_data
    data = form.told(citizen_number="")
    actions.change_patron(patron, data, version=told["version"], by=request.actor)
    number = told["citizen_number"]
    if number or told.get("forget_citizen_number"):
        actions.set_citizen_number(patron, number, by=request.actor)


def explain(form: PatronForm, refused: TangthuError) -> None:
    """Put every fault under its field."""
    if not isinstance(refused, PatronInvalid):
        refusals.show(form, refused)
        return
    for fault in refused.faults:
        field = "guardian_card" if fault.field == "guardian" else fault.field
        words = wording.sentence(fault.code, {"limit": fault.limit})
        form.add_error(field if field in form.fields else None, words)


def _form_page(
    request: LibraryRequest,
    form: PatronForm,
    context: dict[str, object],
    *,
    status: int | None = None,
) -> HttpResponse:
    def is_open(names: tuple[str, ...]) -> bool:
        return any(name in form.errors for name in names)

    patron = context.get("patron")
    has_guardian = any(form[name].value() for name in OF_GUARDIAN)
    context = {
        **context,
        "guardian_open": has_guardian or is_open(OF_GUARDIAN),
        "more_open": patron is not None or is_open(FOLDED),
        "categories": PatronCategory.objects.exists(),
        "may_categorise": request.actor.may(PatronsPermission.MANAGE_CATEGORIES),
    }
    return render(
        request, "patrons/form.html", context, status=status or (422 if form.errors else 200)
    )
