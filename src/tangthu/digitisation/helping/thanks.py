"""Thanking volunteers: the list of those who wish to be named, and the certificate."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core.errors import Invalid
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation.actions.volunteers import name_volunteer
from tangthu.digitisation.models import Correction, How, Volunteer, WordAnswer
from tangthu.patrons.models import Patron
from tangthu.ui.readers import reader_page
from tangthu.ui.staff import public_page

SHOWN = 200


@public_page
@require_safe
def thanks(request: LibraryRequest) -> HttpResponse:
    """Show who helped, by the names that they chose, and how much was done by all."""
    context = {
        "volunteers": Volunteer.objects.thanked()[:SHOWN],
        "words": Correction.objects.standing()
        .filter(how__in=[How.VOLUNTEERS, How.DECIDED])
        .count(),
        "helpers": WordAnswer.objects.right().values("patron").distinct().count(),
    }
    return render(request, "digitisation/volunteers/thanks.html", context)


@reader_page
@require_POST
def name(request: LibraryRequest) -> HttpResponse:
    """Keep the name by which the reader wants to be thanked, if any."""
    try:
        name_volunteer(
            request.POST.get("shown_name", ""),
            is_listed=bool(request.POST.get("is_listed")),
            by=request.actor,
        )
    except Invalid:
        messages.error(request, _("Write a name of at most 60 letters, or take the tick away."))
    else:
        messages.success(request, _("Saved."))
    return redirect("helping:calls")


@reader_page
@require_safe
def certificate(request: LibraryRequest) -> HttpResponse:
    """Show the certificate of what this reader did, made to be printed."""
    patron = (
        Patron.objects.select_related("library").filter(pk=request.actor.patron_id or 0).first()
    )
    right = WordAnswer.objects.of(request.actor.patron_id or 0).right().order_by("at")
    first, last = right.first(), right.last()
    if patron is None or first is None or last is None:
        raise Http404
    context = {
        "patron": patron,
        "words": right.count(),
        "objects": right.values("task__object").distinct().count(),
        "since": timezone.localdate(first.at),
        "until": timezone.localdate(last.at),
        "today": timezone.localdate(),
    }
    return render(request, "digitisation/volunteers/certificate.html", context)
