"""The offline desks of the actor's libraries."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.access.policy import browser_name
from tangthu.core.requests import LibraryRequest
from tangthu.offline import actions
from tangthu.offline.models import OPEN_STATES, Device, EventState
from tangthu.offline.permissions import OfflinePermission
from tangthu.ui.staff import staff_page

USE = OfflinePermission.USE
MANAGE = OfflinePermission.MANAGE


@require_safe
@staff_page(USE, MANAGE)
def devices(request: LibraryRequest) -> HttpResponse:
    """List the devices: when they were last met, what is open, whether their clocks are right."""
    found = (
        Device.objects.visible_to(request.actor)
        .select_related("library")
        .annotate(
            open_events=Count("events", filter=Q(events__state__in=OPEN_STATES)),
            waiting_events=Count("events", filter=Q(events__state=EventState.WAITING)),
        )
    )
    rows = [
        {
            "device": device,
            "browser": browser_name(device.browser),
            "clock_off_minutes": round(abs(device.offset_ms) / 60_000),
            "may_revoke": request.actor.may(MANAGE, at=device.library_id),
        }
        for device in found
    ]
    return render(request, "offline/devices.html", {"rows": rows})


@require_POST
@staff_page(MANAGE)
def revoke(request: LibraryRequest, pk: int) -> HttpResponse:
    device = get_object_or_404(Device.objects.visible_to(request.actor), pk=pk)
    actions.revoke(device, by=request.actor)
    messages.success(
        request, _("Shut out. Its data is deleted as soon as it meets the library again.")
    )
    return redirect("offline:devices")
