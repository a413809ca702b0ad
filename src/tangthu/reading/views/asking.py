"""Asking for a document that is shown on request."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.reading.actions import ask_access
from tangthu.reading.forms import AskForm
from tangthu.reading.granting import last_request
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.kinds import Access
from tangthu.ui import refusals
from tangthu.ui.readers import reader_page


@reader_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: LibraryRequest, name: str) -> HttpResponse:
    """Ask the library to open the document; the answer comes to the account and by message."""
    found = _found(request, name)
    asked = last_request(found, request.actor)
    if request.method != "POST" and asked is not None and asked.waits:
        return redirect("account:requests")
    form = AskForm(request.POST.dict() if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_access(
                found, **form.cleaned_data, by=request.actor, address=client_address(request)
            )
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("The library has your request and will answer it."))
            return redirect("account:requests")
    context = {"object": found, "form": form}
    return render(request, "reading/ask.html", context, status=422 if form.errors else 200)


def _found(request: LibraryRequest, name: str) -> DigitalObject:
    rows = DigitalObject.objects.visible_to(request.actor).select_related("library")
    found = rows.filter(identifier=name, access=Access.ON_REQUEST).first()
    if found is None:
        raise Http404
    return found
