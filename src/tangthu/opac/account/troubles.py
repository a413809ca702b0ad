"""What a reader tells of a book at home: that it is lost, or that it was returned already."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tangthu.circulation.actions import claim_returned, expected_charge, report_lost
from tangthu.circulation.errors import ClaimedBefore, LoanClosed
from tangthu.circulation.models import Loan
from tangthu.circulation.policy.lost import Compensation, Harm
from tangthu.circulation.reading.claims import was_claimed
from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.ui.readers import reader_page
from tangthu.ui.templatetags.ui import dong


@reader_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: LibraryRequest, pk: int) -> HttpResponse:
    """Say what the loss will cost, then report it; what is confirmed is what was said."""
    loan = _own(request, pk)
    if loan.returned_at is not None:
        return _refused(request, LoanClosed(loan=pk))
    cost = expected_charge(loan, Harm.LOST)
    said, changed = _sign(cost), False
    if request.method == "POST":
        if request.POST.get("said") == said:
            return _done(request, lambda: _report(loan, request, cost))
        changed = True
    context = {"loan": loan, "cost": cost, "said": said, "changed": changed}
    return render(request, "account/lost.html", context, status=409 if changed else 200)


@reader_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def returned(request: LibraryRequest, pk: int) -> HttpResponse:
    """Say what follows, then note that the reader has returned the book: once for each loan."""
    loan = _own(request, pk)
    if loan.returned_at is not None:
        return _refused(request, LoanClosed(loan=pk))
    if loan.claimed_at is None and was_claimed(loan):
        return _refused(request, ClaimedBefore(loan=pk))
    if request.method == "POST":
        return _done(request, lambda: _claim(loan, request))
    return render(request, "account/returned.html", {"loan": loan})


def _own(request: LibraryRequest, pk: int) -> Loan:
    own = Loan.objects.visible_to(request.actor).filter(patron=request.actor.patron_id)
    return get_object_or_404(own.for_desk(), pk=pk, on_site=False)


def _sign(cost: Compensation) -> str:
    """Return what stands for the cost that was shown, to see whether it still holds."""
    return f"{cost.amount if cost.amount is not None else '?'}+{cost.processing}"


def _report(loan: Loan, request: LibraryRequest, cost: Compensation) -> str:
    report = report_lost(loan, by=request.actor)
    total = report.amount + report.processing
    if cost.amount is None:
        return _("The loss is reported. The library will tell you what the book costs.")
    if not total:
        return _("The loss is reported. It costs you nothing.")
    return _("The loss is reported. %(sum)s was added to your fees.") % {"sum": dong(total)}


def _claim(loan: Loan, request: LibraryRequest) -> str:
    claim_returned(loan, by=request.actor)
    return _("Noted. The library looks for the book on its shelves and settles the loan.")


def _done(request: LibraryRequest, deed: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, deed())
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    return redirect("account:home")


def _refused(request: LibraryRequest, refusal: TangthuError) -> HttpResponse:
    messages.error(request, wording.explain(refusal))
    return redirect("account:home")
