"""The list of carriers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tangthu.core.errors import Invalid
from tangthu.core.requests import LibraryRequest
from tangthu.delivery import actions
from tangthu.delivery.forms import CarrierForm
from tangthu.delivery.models import Carrier
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

APPROVE = DeliveryPermission.APPROVE


@staff_page(APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def carriers(request: LibraryRequest) -> HttpResponse:
    """List the carriers, and add one."""
    form = CarrierForm(_posted(request), actor=request.actor)
    if request.method == "POST" and form.is_valid() and _saved(request, form, None):
        return redirect("delivery:carriers")
    rows = Carrier.objects.visible_to(request.actor).select_related("library", "point")
    context = {"carriers": rows, "form": form}
    status = 422 if form.errors else 200
    return render(request, "delivery/carriers.html", context, status=status)


@staff_page(APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def carrier(request: LibraryRequest, pk: int) -> HttpResponse:
    """Correct a carrier."""
    row = get_object_or_404(Carrier.objects.visible_to(request.actor), pk=pk)
    form = CarrierForm(_posted(request), actor=request.actor, carrier=row)
    if request.method == "POST" and form.is_valid() and _saved(request, form, row):
        return redirect("delivery:carriers")
    context = {"carrier": row, "form": form}
    status = 422 if form.errors else 200
    return render(request, "delivery/carrier.html", context, status=status)


def _posted(request: LibraryRequest) -> dict[str, str] | None:
    return request.POST.dict() if request.method == "POST" else None


def _saved(request: LibraryRequest, form: CarrierForm, row: Carrier | None) -> bool:
    told = dict(form.cleaned_data)
    library = told.pop("library", None)
    data = actions.CarrierData(**told)
    try:
        if row is None:
            actions.add_carrier(library, data, by=request.actor)
        else:
            actions.change_carrier(row, data, by=request.actor)
    except Invalid as refused:
        refusals.show(form, refused)
        return False
    messages.success(request, _("Saved."))
    return True
