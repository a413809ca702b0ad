"""The list of self-service stations, for staff who open and close them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tangthu.access import actions as access
from tangthu.access.models import User
from tangthu.circulation import actions, station
from tangthu.circulation.errors import StationNameTaken
from tangthu.circulation.forms.desk import StationForm
from tangthu.circulation.models import Station
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core.requests import LibraryRequest
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

OPEN = CirculationPermission.OPEN_STATIONS


@staff_page(OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def stations(request: LibraryRequest) -> HttpResponse:
    """List the stations of the libraries at which the actor may open them, and add one."""
    form = StationForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.add_station(told["library"], told["name"], by=request.actor)
        except StationNameTaken as taken:
            refusals.show(form, taken)
        else:
            messages.success(request, _("The station is set up. Open it in its own browser."))
            return redirect("circulation:stations")
    rows = Station.objects.visible_to(request.actor).for_list()
    context = {"stations": rows, "form": form}
    status = 422 if form.errors else 200
    return render(request, "circulation/stations.html", context, status=status)


@staff_page(OPEN)
@require_POST
def open_here(request: LibraryRequest, pk: int) -> HttpResponse:
    """Make this browser the station. The member of staff is logged out of it."""
    row = _row(request, pk)
    key = actions.open_station(row, by=request.actor)
    user = User.objects.get(pk=request.actor.user_id or 0)
    access.log_out(user, session_key=request.session.session_key or "")
    station.take_over(request, row, key)
    return redirect("station:home")


@staff_page(OPEN)
@require_POST
def close_from_afar(request: LibraryRequest, pk: int) -> HttpResponse:
    """Close the station wherever its browser is."""
    row = _row(request, pk)
    actions.close_station(row, by=request.actor)
    messages.success(request, _("The station %(name)s is closed.") % {"name": row.name})
    return redirect("circulation:stations")


@staff_page(OPEN)
@require_POST
def remove(request: LibraryRequest, pk: int) -> HttpResponse:
    """Take the station off the list."""
    row = _row(request, pk)
    actions.remove_station(row, by=request.actor)
    messages.success(request, _("The station %(name)s is off the list.") % {"name": row.name})
    return redirect("circulation:stations")


def _row(request: LibraryRequest, pk: int) -> Station:
    return get_object_or_404(Station.objects.visible_to(request.actor), pk=pk)
