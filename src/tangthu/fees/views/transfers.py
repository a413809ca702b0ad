"""Payments by bank that were asked for: their codes, ticking them as paid, calling them off."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.fees import actions
from tangthu.fees.models import BankTransfer, TransferState
from tangthu.fees.paying_code import paying_code
from tangthu.fees.views.frame import TAKE, page
from tangthu.ui.staff import staff_page

PAGE = 50


@staff_page(TAKE)
@require_safe
def transfers(request: LibraryRequest) -> HttpResponse:
    """List the transfers: those waited for, or all."""
    shown = BankTransfer.objects.visible_to(request.actor).for_list()
    everything = request.GET.get("state") == "all"
    if not everything:
        shown = shown.filter(state=TransferState.OPEN)
    context: dict[str, object] = {
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "everything": everything,
    }
    return page(request, "fees/transfers.html", context, tab="transfers")


@staff_page(TAKE)
@require_safe
def transfer(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show the code of a transfer to the reader."""
    shown = _transfer(request, pk)
    context: dict[str, object] = {"transfer": shown, "code": paying_code(shown)}
    return page(request, "fees/transfer.html", context, tab="transfers")


@staff_page(TAKE)
@require_safe
def slip(request: LibraryRequest, pk: int) -> HttpResponse:
    """Print the code of a transfer as a slip to take home."""
    shown = _transfer(request, pk)
    context = {"transfer": shown, "code": paying_code(shown)}
    return render(request, "fees/transfer_slip.html", context)


@staff_page(TAKE)
@require_POST
def confirm(request: LibraryRequest, pk: int) -> HttpResponse:
    """Enter a transfer that was seen on the account."""
    receipt = actions.confirm_transfer(_transfer(request, pk), by=request.actor)
    messages.success(request, _("Entered. Print the receipt, or go on."))
    return redirect("fees:receipt", pk=receipt.pk)


@staff_page(TAKE)
@require_POST
def cancel(request: LibraryRequest, pk: int) -> HttpResponse:
    """Stop waiting for a transfer."""
    cancelled = actions.cancel_transfer(_transfer(request, pk), by=request.actor)
    messages.success(request, _("The transfer is called off."))
    return redirect("fees:account", pk=cancelled.patron_id)


def _transfer(request: LibraryRequest, pk: int) -> BankTransfer:
    return get_object_or_404(BankTransfer.objects.visible_to(request.actor).for_list(), pk=pk)
