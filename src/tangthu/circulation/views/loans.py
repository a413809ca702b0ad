"""One loan at the desk: why it is as it is, and what may be done with it beside a return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.circulation import actions
from tangthu.circulation.forms.lending import DamageForm, DueDateForm, HarmForm, ReasonForm
from tangthu.circulation.models import HarmKind, HarmReport, Loan
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy.lost import Harm
from tangthu.circulation.reading.harms import may_settle, reports_of
from tangthu.circulation.wording.lending import decided_sentences
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.core.wording import explain
from tangthu.ui.staff import staff_page
from tangthu.ui.templatetags.ui import dong, ngay

LEND = CirculationPermission.LEND


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is done to a loan from its page: its form, the deed, what is said then."""

    form: type[forms.Form]
    do: Callable[[LibraryRequest, Loan, forms.Form], str]


@staff_page(LEND)
@require_safe
def loan(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show the loan: who has it, by which rules, and what may be done."""
    return page(request, visible(request, pk))


@staff_page(LEND)
@require_POST
def act(request: LibraryRequest, pk: int, deed: str) -> HttpResponse:
    """Do one of the deeds to the loan; a refusal is said on its page."""
    found = visible(request, pk)
    doing = DEEDS.get(deed)
    if doing is None:
        return redirect("circulation:loan", pk=pk)
    form = doing.form(request.POST)
    if not form.is_valid():
        return page(request, found, bound={deed: form}, status=422)
    try:
        said = doing.do(request, found, form)
    except TangthuError as error:
        form.add_error(None, explain(error))
        return page(request, found, bound={deed: form}, status=error.status)
    messages.success(request, said)
    return redirect("circulation:loan", pk=pk)


def visible(request: LibraryRequest, pk: int) -> Loan:
    loans = Loan.objects.visible_to(request.actor).for_desk()
    return get_object_or_404(loans.select_related("patron", "fetched_by"), pk=pk)


def page(
    request: LibraryRequest,
    found: Loan,
    *,
    bound: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    bound = bound or {}
    forms_here = {name: bound.get(name) or deed.form() for name, deed in DEEDS.items()}
    reports = reports_of(found)
    context = {
        "loan": found,
        "now": timezone.now(),
        "late": found.returned_at is None and found.due_at < timezone.now(),
        "forms": forms_here,
        "opened": next(iter(bound), ""),
        "expected": {str(harm): actions.expected_charge(found, harm) for harm in Harm},
        "why": decided_sentences(found.decided),
        "reports": reports,
        "open_reports": [report for report in reports if report.settled_at is None],
        "claims": Loan.objects.filter(patron=found.patron_id, claimed_at__isnull=False).count()
        if found.patron_id
        else 0,
        "may_override": request.actor.may(CirculationPermission.OVERRIDE, at=found.library_id),
        "may_forgive": request.actor.may(CirculationPermission.OVERRIDE_DEBT, at=found.library_id),
        "may_settle": may_settle(request.actor),
    }
    return render(request, "circulation/loan.html", context, status=status)


def lost(request: LibraryRequest, found: Loan, form: forms.Form) -> str:
    told = form.cleaned_data
    report = actions.report_lost(found, amount=told["amount"], note=told["note"], by=request.actor)
    return charged(_("Reported lost."), report)


def damaged(request: LibraryRequest, found: Loan, form: forms.Form) -> str:
    told = form.cleaned_data
    report = actions.report_damage(
        found,
        kind=HarmKind(told["kind"]),
        amount=told["amount"],
        note=told["note"],
        out_of_use=told["out_of_use"],
        by=request.actor,
    )
    return charged(_("Reported."), report)


def claimed(request: LibraryRequest, found: Loan, form: forms.Form) -> str:
    actions.claim_returned(found, by=request.actor)
    return _("Noted. Look for the copy on the shelves; found, take it back as any other.")


def unclaimed(request: LibraryRequest, found: Loan, form: forms.Form) -> str:
    actions.drop_claim(found, by=request.actor)
    return _("The note was dropped: the loan goes on.")


def due(request: LibraryRequest, found: Loan, form: forms.Form) -> str:
    assert isinstance(form, DueDateForm)  # noqa: S101
    changed = actions.change_due_date(found, form.due_at, by=request.actor)
    return _("Due on %(day)s now.") % {"day": ngay(changed.due_at)}


def forgiven(request: LibraryRequest, found: Loan, form: forms.Form) -> str:
    done = actions.forgive_lateness(found, reason=form.cleaned_data["reason"], by=request.actor)
    return _("Forgiven.") if done else _("There was nothing to forgive.")


DEEDS = {
    "lost": Deed(HarmForm, lost),
    "damaged": Deed(DamageForm, damaged),
    "claim": Deed(forms.Form, claimed),
    "unclaim": Deed(forms.Form, unclaimed),
    "due": Deed(DueDateForm, due),
    "forgive": Deed(ReasonForm, forgiven),
}


def charged(words: str, report: HarmReport) -> str:
    """Say what was charged beside what was done."""
    total = report.amount + report.processing
    return f"{words} " + (_("Charged: %(sum)s.") % {"sum": dong(total)} if total else "").strip()
