"""Many labels in a row: delivered, not delivered, come back. One scan, one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tangthu.circulation.wording.outcomes import Outcome, stopped
from tangthu.core.actor import Actor
from tangthu.core.errors import Conflict
from tangthu.core.requests import LibraryRequest
from tangthu.delivery import actions
from tangthu.delivery.models import Delivery, FailReason
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.delivery.views.board import deliveries
from tangthu.delivery.wording import sentences
from tangthu.ui.staff import staff_page

HANDLE = DeliveryPermission.HANDLE

MODES: Mapping[str, Promise] = {
    "deliver": gettext_lazy("Delivered"),
    "not_home": gettext_lazy("Nobody was there"),
    "refused": gettext_lazy("The reader did not want it"),
    "wrong_address": gettext_lazy("The address is wrong"),
    "come_back": gettext_lazy("Came back undelivered"),
}
DEEDS: Mapping[str, Callable[[Delivery, Actor], object]] = {
    "deliver": lambda delivery, by: actions.deliver(delivery, by=by),
    "come_back": lambda delivery, by: actions.come_back(delivery, by=by),
    "not_home": lambda delivery, by: actions.fail(delivery, FailReason.NOT_HOME, by=by),
    "refused": lambda delivery, by: actions.fail(delivery, FailReason.REFUSED, by=by),
    "wrong_address": lambda delivery, by: actions.fail(delivery, FailReason.WRONG_ADDRESS, by=by),
}


@require_safe
@staff_page(HANDLE)
def scanning(request: LibraryRequest) -> HttpResponse:
    return page(request, request.GET.get("mode", ""))


@require_POST
@staff_page(HANDLE)
def scan(request: LibraryRequest) -> HttpResponse:
    """Take the chosen step with the parcel whose label was scanned."""
    mode = request.POST.get("mode", "")
    code = "".join(request.POST.get("q", "")[:60].split()).upper()
    delivery = deliveries(request).filter(reference=code).first()
    if delivery is None or mode not in DEEDS:
        words = _("There is no delivery %(code)s here.") % {"code": code}
        return page(request, mode, stopped(_("Not found"), words))
    try:
        DEEDS[mode](delivery, request.actor)
    except Conflict as refused:
        return page(request, mode, stopped(code, " ".join(sentences(refused))))
    outcome = Outcome(kind="success", title=str(MODES[mode]), text=code, sound="done")
    return page(request, mode, outcome)


def page(request: LibraryRequest, mode: str, outcome: Outcome | None = None) -> HttpResponse:
    context = {
        "modes": MODES.items(),
        "mode": mode if mode in MODES else "deliver",
        "outcome": outcome,
    }
    template = "delivery/scanning.html#board" if request.htmx else "delivery/scanning.html"
    return render(request, template, context)
