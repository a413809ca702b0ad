"""Lost and damaged copies until they are settled."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.catalogue.actions import ItemData
from tangthu.circulation import actions
from tangthu.circulation.forms.lending import HarmForm, ReasonForm
from tangthu.circulation.models import HarmReport
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.reading.claims import claimed_loans
from tangthu.circulation.reading.harms import may_enter
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.core.wording import explain
from tangthu.ui.staff import staff_page

LEND = CirculationPermission.LEND
PER_PAGE = 50


@staff_page(LEND)
@require_safe
def harms(request: LibraryRequest) -> HttpResponse:
    """List what is not settled; if asked, what was, or what readers say to have returned."""
    if request.GET.get("show") == "claimed":
        return _claimed(request)
    past = request.GET.get("show") == "settled"
    rows = HarmReport.objects.visible_to(request.actor).for_list().order_by("-at", "-pk")
    rows = rows.filter(settled_at__isnull=False) if past else rows.open()
    paginator = Paginator(rows, PER_PAGE)
    found = paginator.get_page(request.GET.get("page"))
    context = {
        "page": found,
        "pages": paginator.get_elided_page_range(found.number),
        "past": past,
        "may_forgive": request.actor.may(CirculationPermission.OVERRIDE_DEBT),
    }
    return render(request, "circulation/harms.html", context)


def _claimed(request: LibraryRequest) -> HttpResponse:
    """List what to look for on the shelves, since readers say that they have returned it."""
    paginator = Paginator(claimed_loans(request.actor), PER_PAGE)
    found = paginator.get_page(request.GET.get("page"))
    context = {"page": found, "pages": paginator.get_elided_page_range(found.number)}
    return render(request, "circulation/claims.html", context)


@staff_page(LEND)
@require_POST
def settle(request: LibraryRequest, pk: int, how: str) -> HttpResponse:
    """Settle a report: paid, replaced, forgiven, or priced."""
    visible = HarmReport.objects.visible_to(request.actor).for_list()
    report = get_object_or_404(visible, pk=pk)
    try:
        messages.success(request, settled(request, report, how))
    except TangthuError as error:
        messages.error(request, explain(error))
    if request.POST.get("from_loan"):
        return redirect("circulation:loan", pk=report.loan_id)
    return redirect("circulation:harms")


def settled(request: LibraryRequest, report: HarmReport, how: str) -> str:
    """Do it and say what was done."""
    by = request.actor
    if how == "replaced":
        enter = None
        if request.POST.get("enter") and may_enter(by, report):
            item = report.loan.item
            enter = ItemData(
                library=item.library,
                item_type=item.item_type,
                location=item.location,
                price=item.price,
                note=_("In place of %(number)s") % {"number": item.accession_number},
            )
        fresh = actions.take_replacement(report, enter=enter, by=by)
        if fresh is not None:
            return _("Replaced. The new copy has the number %(number)s.") % {
                "number": fresh.accession_number
            }
        return _("Replaced: the price is taken back.")
    if how == "forgiven":
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return _("Write a reason first.")
        actions.forgive_harm(report, reason=form.cleaned_data["reason"], by=by)
        return _("Forgiven.")
    if how == "priced":
        priced = HarmForm(request.POST)
        amount = priced.cleaned_data["amount"] if priced.is_valid() else None
        if amount is None:
            return _("Write an amount in đồng, such as 25.000.")
        actions.price_harm(report, amount=amount, by=by)
        return _("Charged.")
    actions.settle_harm(report, by=by)
    return _("Settled.")
