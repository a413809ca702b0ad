"""Receipts and vouchers: looked up, printed, printed again as a copy."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.fees import actions, presenting
from tangthu.fees.models import Receipt
from tangthu.fees.models.receipts import ReceiptQuerySet
from tangthu.fees.views.frame import TAKE, page
from tangthu.patrons.models import Patron
from tangthu.ui.staff import staff_page

PAGE = 50
PAPERS = ("a5", "slip")


@staff_page(TAKE)
@require_safe
def receipts(request: LibraryRequest) -> HttpResponse:
    """List the receipts; by number, card or name."""
    text = request.GET.get("q", "")[:100].strip()
    seen = Receipt.objects.visible_to(request.actor).for_list()
    context: dict[str, object] = {
        "q": text,
        "page": Paginator(_found(seen, text, request), PAGE).get_page(request.GET.get("page")),
    }
    return page(request, "fees/receipts.html", context, tab="receipts")


@staff_page(TAKE)
@require_safe
def receipt(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show a receipt, to be printed or handed over on the screen."""
    shown = _receipt(request, pk)
    context: dict[str, object] = {"receipt": shown, "purpose": presenting.purpose_of(shown)}
    return page(request, "fees/receipt.html", context, tab="receipts")


@staff_page(TAKE)
@require_POST
def print_receipt(request: LibraryRequest, pk: int) -> HttpResponse:
    """Answer the paper, A5 or a slip of 80 mm; from the second time on it is marked as a copy."""
    shown = _receipt(request, pk)
    printed = actions.note_printed(shown, by=request.actor)
    paper = request.POST.get("paper", "")
    context = {
        "receipt": shown,
        "purpose": presenting.purpose_of(shown),
        "is_copy": printed.prints > 1,
        "paper": paper if paper in PAPERS else PAPERS[0],
    }
    return render(request, "fees/receipt_paper.html", context)


def _receipt(request: LibraryRequest, pk: int) -> Receipt:
    return get_object_or_404(Receipt.objects.visible_to(request.actor).for_list(), pk=pk)


def _found(seen: ReceiptQuerySet, text: str, request: LibraryRequest) -> ReceiptQuerySet:
    if not text:
        return seen
    number = whole_number(text.upper().removeprefix("PT").removeprefix("PC").split("/")[0].strip())
    if number is not None and number < 10**9:
        return seen.filter(number=number)
    readers = Patron.objects.visible_to(request.actor).matching(text, by=request.actor)
    return seen.filter(entry__patron__in=readers)
