"""Copies on their way between libraries, at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.catalogue.models import Item
from tangthu.circulation import actions
from tangthu.circulation.actions.keeping import Routed
from tangthu.circulation.errors import TransferClosed, TransferRefused
from tangthu.circulation.forms.holds import SendForm
from tangthu.circulation.models import Transfer
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy import NextAction
from tangthu.circulation.views.holds import library_of
from tangthu.core import wording
from tangthu.core.requests import LibraryRequest
from tangthu.patrons import symbols
from tangthu.ui.staff import staff_page

LEND = CirculationPermission.LEND


@staff_page(LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def transfers(request: LibraryRequest) -> HttpResponse:
    """List what is to be sent, what comes and what went; send a copy elsewhere."""
    library = library_of(request)
    form = SendForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid() and sent(request, form):
        return redirect("circulation:transfers")
    rows = Transfer.objects.visible_to(request.actor).for_list().order_by("requested_at", "pk")
    context = {
        "library": library,
        "to_send": rows.to_send().filter(origin=library),
        "coming": rows.on_the_way().filter(destination=library),
        "gone": rows.on_the_way().filter(origin=library),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "circulation/transfers.html", context, status=status)


def sent(request: LibraryRequest, form: SendForm) -> bool:
    """Send the copy that the form names; say under the field why it cannot be."""
    told = form.cleaned_data
    item = Item.objects.in_stock().by_barcode(told["barcode"]).first()
    if item is None:
        form.add_error("barcode", _("No copy has this barcode."))
        return False
    try:
        transfer = actions.request_transfer(
            item, to=told["to"], by=request.actor, send_now=told["send_now"]
        )
    except TransferRefused as refused:
        form.add_error("barcode", wording.explain(refused))
        return False
    words = _("The copy %(barcode)s goes to %(library)s.")
    names = {"barcode": item.barcode, "library": transfer.destination.name}
    messages.success(request, words % names)
    return True


@require_POST
@staff_page(LEND)
def deed(request: LibraryRequest, pk: int, name: str) -> HttpResponse:
    """Send, receive or cancel a transport, and say what became of the copy."""
    transfer = transfer_of(request, pk)
    try:
        if name == "send":
            actions.send_transfer(transfer, by=request.actor)
            messages.success(request, _("The copy is on its way."))
        elif name == "receive":
            messages.success(request, arrival(actions.receive_transfer(transfer, by=request.actor)))
        elif name == "cancel":
            actions.cancel_transfer(transfer, by=request.actor)
            messages.success(request, _("The transport is cancelled."))
        else:
            raise Http404
    except TransferClosed as closed:
        messages.error(request, wording.explain(closed))
    return redirect("circulation:transfers")


def arrival(routed: Routed) -> str:
    """Return what to do with a copy that arrived."""
    if routed.action is NextAction.HOLD and routed.hold is not None:
        name = routed.hold.patron.name if routed.hold.patron else ""
        return _("Arrived: keep it for %(name)s.") % {"name": name}
    if routed.transfer is not None:
        library = routed.transfer.destination.name
        return _("Arrived, and goes on to %(library)s.") % {"library": library}
    return _("Arrived: put it on the shelf.")


@require_safe
@staff_page(LEND)
def slip(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show the slip that travels with a copy: from where, to where, why; 80 mm wide."""
    transfer = transfer_of(request, pk)
    context = {
        "transfer": transfer,
        "item": transfer.item,
        "symbol": symbols.code128(transfer.item.barcode),
    }
    return render(request, "circulation/transfer_slip.html", context)


def transfer_of(request: LibraryRequest, pk: int) -> Transfer:
    return get_object_or_404(Transfer.objects.visible_to(request.actor).for_list(), pk=pk)
