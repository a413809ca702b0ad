"""What the reader has at home, and renewing it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.catalogue.models import Record
from tangthu.circulation import actions
from tangthu.circulation.errors import LoanClosed, RenewalRefused
from tangthu.circulation.models import Loan, LoanQuerySet
from tangthu.circulation.wording import reasons
from tangthu.core import wording
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.opac import labels
from tangthu.ui.readers import reader_page
from tangthu.ui.templatetags.ui import ngay

SOON = timedelta(days=3)
OUTCOMES_KEY = "renewed"


@dataclass(frozen=True, slots=True)
class Line:
    """A loan as the reader's page shows it, with what came of renewing it just now."""

    loan: Loan
    record: Record
    kind_label: str
    state: str
    days: int
    outcome: list[str] = field(default_factory=list)
    is_renewed: bool = False


@reader_page
@require_safe
def home(request: LibraryRequest) -> HttpResponse:
    """Show the loans, the soonest due first."""
    outcomes = request.session.pop(OUTCOMES_KEY, {})
    lines = [_line(loan, outcomes) for loan in _own(request)]
    context = {
        "lines": lines,
        "late": sum(line.state == "late" for line in lines),
        "soon": sum(line.state == "soon" for line in lines),
        "renewed": sum(line.is_renewed for line in lines),
        "refused": sum(bool(line.outcome) and not line.is_renewed for line in lines),
    }
    return render(request, "account/home.html", context)


@reader_page
@require_POST
def renew(request: LibraryRequest) -> HttpResponse:
    """Renew one loan or all; what came of each is shown beside it on the page that follows."""
    own = _own(request)
    if "all" not in request.POST:
        own = own.filter(pk=whole_number(request.POST.get("loan", "")) or 0)
    request.session[OUTCOMES_KEY] = {
        str(loan.pk): _outcome_of_renewing(loan, request) for loan in own
    }
    return HttpResponseRedirect(f"{reverse('account:home')}#loans")


def _own(request: LibraryRequest) -> LoanQuerySet:
    own = Loan.objects.visible_to(request.actor).filter(patron=request.actor.patron_id)
    return own.open().for_desk().order_by("due_at", "pk")


def _outcome_of_renewing(loan: Loan, request: LibraryRequest) -> list[str]:
    """Return the sentences that say what came of it; the first word tells whether it was done."""
    try:
        renewed = actions.renew(loan, by=request.actor)
    except RenewalRefused as refused:
        return ["", *reasons(refused.blocks)]
    except LoanClosed as closed:
        return ["", wording.explain(closed)]
    return ["done", _("Renewed until %(day)s.") % {"day": ngay(renewed.due_at)}]


def _line(loan: Loan, outcomes: dict[str, list[str]]) -> Line:
    now = timezone.now()
    days = (timezone.localdate(loan.due_at) - timezone.localdate(now)).days
    state = "late" if loan.due_at < now else "soon" if loan.due_at - now <= SOON else ""
    done, *told = outcomes.get(str(loan.pk), [""])
    return Line(
        loan=loan,
        record=loan.item.record,
        kind_label=labels.material(loan.item.record.material_type),
        state=state,
        days=abs(days),
        outcome=told,
        is_renewed=bool(done),
    )
