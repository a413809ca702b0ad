"""Who may borrow for a reader."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tangthu.circulation import actions
from tangthu.circulation.desk import patrons
from tangthu.circulation.errors import HelperRefused
from tangthu.circulation.forms.lending import HelperForm
from tangthu.circulation.models import Helper
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core.requests import LibraryRequest
from tangthu.core.wording import explain
from tangthu.patrons.actions import note_seen
from tangthu.patrons.permissions import PatronsPermission
from tangthu.patrons.reading import patron_by_card
from tangthu.ui.staff import staff_page


@staff_page(CirculationPermission.LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def helpers(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show who may borrow for the reader, and name a further one."""
    patron = get_object_or_404(patrons(request.actor).select_related("guardian"), pk=pk)
    note_seen(patron, by=request.actor)
    form = HelperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        helper = patron_by_card(told["card"], by=request.actor)
        if helper is None:
            form.add_error("card", _("No reader here has this card."))
        else:
            try:
                actions.add_helper(
                    patron, helper, until=told["until"], note=told["note"], by=request.actor
                )
            except HelperRefused as refused:
                form.add_error("card", explain(refused))
            else:
                messages.success(request, _("From now on they may borrow for this reader."))
                return redirect("circulation:helpers", pk=pk)
    named = Helper.objects.filter(patron=patron).select_related("helper")
    context = {
        "patron": patron,
        "form": form,
        "named": [
            (each, each.until is None or each.until >= timezone.localdate())
            for each in named.order_by("helper__sort_key", "pk")
        ],
        "may_change": request.actor.may(PatronsPermission.EDIT_PATRONS, at=patron.library_id),
    }
    return render(request, "circulation/helpers.html", context, status=422 if form.errors else 200)


@staff_page(PatronsPermission.EDIT_PATRONS)
@require_POST
def remove(request: LibraryRequest, pk: int, helper_pk: int) -> HttpResponse:
    patron = get_object_or_404(patrons(request.actor), pk=pk)
    named = get_object_or_404(Helper.objects.select_related("patron"), pk=helper_pk, patron=patron)
    actions.remove_helper(named, by=request.actor)
    messages.success(request, _("They may no longer borrow for this reader."))
    return redirect("circulation:helpers", pk=pk)
