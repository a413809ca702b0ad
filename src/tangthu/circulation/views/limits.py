"""The limits of transports of a library: a small table, one line for each way."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tangthu.circulation import actions
from tangthu.circulation.forms.rules import LimitForm
from tangthu.circulation.models import TransferLimit
from tangthu.circulation.views.rules import MANAGE, managed_library
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.fields import libraries_for
from tangthu.libraries.models import Library
from tangthu.ui.staff import staff_page


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: LibraryRequest) -> HttpResponse:
    """Show what holds of copies that leave the library, and set a further limit."""
    library = managed_library(request)
    form = LimitForm(request.POST or None, library=library, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.set_transfer_limit(
            library,
            told["destination"],
            allowed=told["allowed"],
            item_type=told["item_type"],
            by=request.actor,
        )
        messages.success(request, _("Saved. It holds from the next copy on."))
        return _back(library)
    rows = TransferLimit.objects.holding_at(library)
    context = {
        "library": library,
        "libraries": libraries_for(request.actor, MANAGE),
        "rows": [(row, row.origin_id == library.pk) for row in rows],
        "form": form,
    }
    return render(request, "circulation/limits.html", context, status=422 if form.errors else 200)


@staff_page(MANAGE)
@require_POST
def clear(request: LibraryRequest, pk: int) -> HttpResponse:
    ours = TransferLimit.objects.filter(origin__in=libraries_for(request.actor, MANAGE))
    limit = get_object_or_404(ours.select_related("origin"), pk=pk)
    actions.clear_transfer_limit(limit, by=request.actor)
    messages.success(request, _("The limit was taken back."))
    return _back(limit.origin)


def _back(library: Library) -> HttpResponseRedirect:
    address = reverse("circulation:transfer_limits")
    return redirect(f"{address}?{urlencode({'library': library.pk})}")
