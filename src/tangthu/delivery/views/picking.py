"""The pick list: what is taken from which shelf, in the order in which one walks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core.errors import Conflict
from tangthu.core.requests import LibraryRequest
from tangthu.delivery import actions
from tangthu.delivery.models import DeliveryItem
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.delivery.policy import State
from tangthu.delivery.views.board import deliveries
from tangthu.delivery.wording import sentences
from tangthu.ui.staff import staff_page

HANDLE = DeliveryPermission.HANDLE


@require_safe
@staff_page(HANDLE)
def pick_list(request: LibraryRequest) -> HttpResponse:
    """Show the books to take, by stack and shelf; the page prints as it stands."""
    lines = DeliveryItem.objects.filter(
        delivery__in=deliveries(request).filter(state=State.APPROVED, leg="out"),
        is_dropped=False,
        picked_at=None,
    ).to_pick()
    return render(request, "delivery/pick_list.html", {"lines": lines})


@require_POST
@staff_page(HANDLE)
def pick(request: LibraryRequest, pk: int) -> HttpResponse:
    """Tick a book off, or say that it is not where it should be."""
    line = get_object_or_404(
        DeliveryItem.objects.select_related("delivery", "record"),
        pk=pk,
        delivery__in=deliveries(request),
    )
    try:
        if "missing" in request.POST:
            reason = _("Not found on the shelf")
            after = actions.not_on_shelf(line, by=request.actor, reason=reason)
            messages.info(request, told_of(after))
        else:
            actions.pick(line, by=request.actor)
            title = {"title": line.record.title}
            messages.success(request, _("Taken from the shelf: %(title)s") % title)
    except Conflict as refused:
        messages.error(request, " ".join(sentences(refused)))
    return redirect("delivery:pick_list")


def told_of(line: DeliveryItem) -> str:
    """Say what takes the place of a copy that was not on its shelf."""
    title = line.record.title
    if line.is_dropped or line.item is None:
        return _("%(title)s: no other copy is in, so it is left out.") % {"title": title}
    return _("%(title)s: take the copy %(barcode)s instead.") % {
        "title": title,
        "barcode": line.item.barcode,
    }
