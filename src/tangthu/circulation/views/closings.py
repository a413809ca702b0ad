"""Closing a library for some days: seen before it is done, and its due dates moved."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tangthu.circulation import actions
from tangthu.circulation.actions.closings import MOST_DAYS
from tangthu.circulation.errors import ClosingRefused
from tangthu.circulation.forms.lending import ClosingForm
from tangthu.circulation.models import Closing
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.reading.closings import preview
from tangthu.circulation.tasks import move_due_dates
from tangthu.circulation.views.rules import managed_library
from tangthu.circulation.wording.lending import closing_fault_sentence
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.fields import libraries_for, offer
from tangthu.ui.staff import staff_page

MANAGE = CirculationPermission.MANAGE_RULES
SHOWN = 20


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: LibraryRequest) -> HttpResponse:
    """Ask which days, show what would move, and do it once that was seen."""
    library = managed_library(request)
    form = ClosingForm(request.POST or None, initial={"library": library})
    offer(form, "library", libraries_for(request.actor, MANAGE))
    seen = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        library = told["library"]
        if told["last"] < told["first"]:
            form.add_error("last", _("The last day lies before the first."))
        elif request.POST.get("step") == "close":
            return begun(request, form)
        elif (told["last"] - told["first"]).days >= MOST_DAYS:
            form.add_error("last", _("A library is closed for 120 days at most."))
        else:
            seen = preview(library, told["first"], told["last"])
    context = {
        "form": form,
        "library": library,
        "seen": seen,
        "closings": Closing.objects.visible_to(request.actor).select_related("library")[:SHOWN],
    }
    return render(request, "circulation/closing.html", context, status=422 if form.errors else 200)


def begun(request: LibraryRequest, form: ClosingForm) -> HttpResponse:
    """Write the closing down, and let the background move the due dates."""
    told = form.cleaned_data
    try:
        made = actions.begin_closing(
            told["library"],
            told["first"],
            told["last"],
            reason=told["reason"],
            by=request.actor,
        )
    except ClosingRefused as refused:
        messages.error(request, closing_fault_sentence(refused))
    else:
        move_due_dates.enqueue(made.pk)
        messages.success(
            request, _("Closed. The due dates are being moved, and the readers are told.")
        )
    return redirect(f"{reverse('circulation:closing')}?library={told['library'].pk}")
