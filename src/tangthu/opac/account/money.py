"""What the reader owes, and paying it by bank."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.fees import actions, reading
from tangthu.fees.models import BankTransfer, FeeKind
from tangthu.fees.policy import vietqr
from tangthu.fees.wording import ENTRY_KINDS
from tangthu.opac.account.reader import patron_of
from tangthu.patrons.symbols import qr
from tangthu.ui.readers import reader_page

MOST_LINES = 200


@reader_page
@require_safe
def fees(request: LibraryRequest) -> HttpResponse:
    """Show what is open, the deposit, and how the balance came to be."""
    patron = patron_of(request)
    lines = list(reversed(reading.account_lines(patron.pk)))[:MOST_LINES]
    debt = reading.debt_of(patron.pk)
    context = {
        "debt": debt,
        "credit": -debt,
        "deposit": reading.deposit_of(patron.pk),
        "can_transfer": reading.bank_account_of(patron.library).is_complete,
        "lines": [
            {
                "at": line.at,
                "amount": line.amount,
                "note": line.note,
                "what": FeeKind(line.fee_kind).label
                if line.fee_kind
                else ENTRY_KINDS.get(line.kind, line.kind),
            }
            for line in lines
        ],
        "transfers": BankTransfer.objects.visible_to(request.actor).open().for_list(),
    }
    return render(request, "account/fees.html", context)


@reader_page
@require_POST
def pay(request: LibraryRequest) -> HttpResponse:
    """Ask for a transfer of all that is open."""
    patron = patron_of(request)
    try:
        asked = actions.ask_for_transfer(patron, library=patron.library, by=request.actor)
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
        return redirect("account:fees")
    return redirect("account:transfer", pk=asked.pk)


@reader_page
@require_safe
def transfer(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show the code by which a bank's program makes the transfer, and the same to type."""
    asked = _own(request, pk)
    account = reading.bank_account_of(asked.library)
    code = None
    if account.is_complete and asked.entry_id is None:
        code = qr(vietqr(account, amount=asked.amount, purpose=asked.reference))
    context = {"transfer": asked, "account": account, "code": code}
    return render(request, "account/transfer.html", context)


@reader_page
@require_POST
def cancel(request: LibraryRequest, pk: int) -> HttpResponse:
    try:
        actions.cancel_transfer(_own(request, pk), by=request.actor)
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    else:
        messages.success(request, _("The transfer is cancelled. Do not send the money any more."))
    return redirect("account:fees")


def _own(request: LibraryRequest, pk: int) -> BankTransfer:
    own = BankTransfer.objects.visible_to(request.actor).select_related("library", "patron")
    return get_object_or_404(own, pk=pk, patron=request.actor.patron_id)
