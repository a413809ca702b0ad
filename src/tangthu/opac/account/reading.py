"""What the reader is reading online: to go on with, to forget, and whether it is kept at all."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.opac.account.reader import patron_of
from tangthu.reading.actions.places import choose_keeping, forget_place
from tangthu.reading.models import Place
from tangthu.reading.places import keeps_places
from tangthu.ui.readers import reader_page

SHOWN = 200


@reader_page
@require_safe
def reading(request: LibraryRequest) -> HttpResponse:
    """Show the documents that the reader is in, the last one first; or the choice to keep them."""
    patron = patron_of(request)
    context = {"keeps": keeps_places(patron), "places": Place.objects.of(patron)[:SHOWN]}
    return render(request, "account/reading.html", context)


@reader_page
@require_POST
def keep_reading(request: LibraryRequest) -> HttpResponse:
    keeps = request.POST.get("keeps") == "yes"
    choose_keeping(keeps=keeps, by=request.actor)
    words = (
        _("From now on your places and notes are kept on your card.")
        if keeps
        else _("All your places and notes are gone. Nothing is kept for you any more.")
    )
    messages.success(request, words)
    return redirect("account:reading")


@reader_page
@require_POST
def forget_reading(request: LibraryRequest, name: str) -> HttpResponse:
    places = Place.objects.of(patron_of(request))
    found = places.filter(object__identifier=name).first()
    if found is None:
        raise Http404
    forget_place(found.object, by=request.actor)
    messages.success(request, _("Forgotten, with what you marked in it."))
    return redirect("account:reading")
