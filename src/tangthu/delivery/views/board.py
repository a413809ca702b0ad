"""All deliveries by where they are, and finding one by its label."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.delivery import actions, policy
from tangthu.delivery.models import Delivery, DeliveryLeg, DeliveryQuerySet, DeliveryState
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.delivery.policy import Leg
from tangthu.delivery.reading import Destination, homes_with_books_due
from tangthu.patrons.models import Patron
from tangthu.ui.staff import staff_page

ANY = (DeliveryPermission.HANDLE, DeliveryPermission.APPROVE)
DONE_SHOWN = 100
DUE_WITHIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Column:
    """The open deliveries in one state."""

    state: str
    label: str
    deliveries: list[Delivery]


def deliveries(request: LibraryRequest) -> DeliveryQuerySet:
    """Return the deliveries that the actor handles; a reader's own are not for the desk."""
    return Delivery.objects.visible_to(request.actor)


@require_safe
@staff_page(*ANY)
def board(request: LibraryRequest) -> HttpResponse:
    """Show what is to be done, in the order of the way."""
    leg = Leg.BACK if request.GET.get("leg") == Leg.BACK else Leg.OUT
    rows = list(deliveries(request).open().filter(leg=leg).for_board())
    columns = [
        Column(state, str(DeliveryState(state).label), [row for row in rows if row.state == state])
        for state in policy.open_states(leg)
    ]
    context = {
        "columns": columns,
        "leg": leg,
        "tabs": tabs(request, leg),
        "due": homes_with_books_due(request.actor, timezone.now() + DUE_WITHIN)
        if leg is Leg.BACK
        else [],
    }
    return render(request, "delivery/board.html", context)


def tabs(request: LibraryRequest, leg: str) -> list[dict[str, object]]:
    """Return the two ways and the finished ones, with how many are open."""
    open_ones = list(deliveries(request).open().values_list("leg", flat=True))
    found: list[dict[str, object]] = [
        {
            "label": DeliveryLeg(each).label,
            "url": f"/desk/delivery/?leg={each}",
            "current": leg == each,
            "icon": icon,
            "count": open_ones.count(each),
        }
        for each, icon in ((Leg.OUT, "truck"), (Leg.BACK, "box-arrow-in-left"))
    ]
    found.append(
        {
            "label": _("Finished"),
            "url": "/desk/delivery/done/",
            "current": leg == "done",
            "icon": "check2-all",
            "count": None,
        }
    )
    return found


@require_safe
@staff_page(*ANY)
def done(request: LibraryRequest) -> HttpResponse:
    """List the deliveries that ended last."""
    rows = deliveries(request).exclude(closed_at=None).for_board().order_by("-closed_at")
    context = {"rows": rows[:DONE_SHOWN], "tabs": tabs(request, "done")}
    return render(request, "delivery/done.html", context)


@require_safe
@staff_page(*ANY)
def find(request: LibraryRequest) -> HttpResponse:
    """Open the delivery whose label was scanned."""
    code = "".join(request.GET.get("q", "").split()).upper()
    found = deliveries(request).filter(reference=code).first()
    if found is None:
        messages.error(request, _("There is no delivery %(code)s here.") % {"code": code[:20]})
        return redirect("delivery:board")
    return redirect("delivery:parcel", pk=found.pk)


@require_POST
@staff_page(DeliveryPermission.APPROVE)
def plan_collection(request: LibraryRequest) -> HttpResponse:
    """Plan to fetch the books that are due at a reader's home, and approve it at once."""
    former = deliveries(request).filter(pk=request.POST.get("delivery", "0")).first()
    if former is None or former.patron is None:
        return redirect("delivery:board")
    loans = [line.loan for line in former.lines.select_related("loan") if line.loan is not None]
    request_ = actions.Request(
        patron=Patron.objects.select_related("category", "library").get(pk=former.patron.pk),
        library=former.library,
        to=Destination(
            name=former.name, phone=former.phone, address=former.address, point=former.point
        ),
    )
    planned = actions.ask_collection(request_, loans, by=request.actor)
    actions.approve(planned, by=request.actor)
    messages.success(request, _("Planned: load it onto the next run."))
    return redirect("delivery:parcel", pk=planned.pk)
