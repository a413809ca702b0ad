"""What the reader has at home, and renewing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tangthu.catalogue import labels
from tangthu.catalogue.models import Record
from tangthu.circulation import actions
from tangthu.circulation.errors import LoanClosed, RenewalRefused
from tangthu.circulation.models import Loan, LoanQuerySet
from tangthu.circulation.wording import reasons
from tangthu.core import wording
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.ui.readers import reader_page
from tangthu.ui.templatetags.ui import ngay

SOON = timedelta(days=3)
OUTCOMES_KEY = "renewed"

Outcomes = Mapping[str, Sequence[str]]
"""By the id of a loan: "done" or "", then the sentences that say what came of renewing it."""


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


def own(request: LibraryRequest) -> LoanQuerySet:
    """Return the reader's open loans, the soonest due first."""
    loans = Loan.objects.visible_to(request.actor).filter(patron=request.actor.patron_id)
    return loans.open().for_desk().order_by("due_at", "pk")


@reader_page
@require_POST
def renew(request: LibraryRequest) -> HttpResponse:
    """Renew one loan or all; what came of each is shown beside it on the page that follows."""
    wanted = own(request)
    if "all" not in request.POST:
        wanted = wanted.filter(pk=whole_number(request.POST.get("loan", "")) or 0)
    request.session[OUTCOMES_KEY] = {
        str(loan.pk): _outcome_of_renewing(loan, request) for loan in wanted
    }
    return HttpResponseRedirect(f"{reverse('account:home')}#loans")


def context(request: LibraryRequest, now: datetime) -> dict[str, object]:
    """Return what the part of the page about loans shows. One query."""
    outcomes: Outcomes = request.session.pop(OUTCOMES_KEY, {})
    lines = [_line(loan, outcomes, now) for loan in own(request)]
    return {
        "lines": lines,
        "late": sum(line.state == "late" for line in lines),
        "renewed": sum(line.is_renewed for line in lines),
        "refused": sum(bool(line.outcome) and not line.is_renewed for line in lines),
    }


def _outcome_of_renewing(loan: Loan, request: LibraryRequest) -> list[str]:
    try:
        renewed = actions.renew(loan, by=request.actor)
    except RenewalRefused as refused:
        return ["", *reasons(refused.blocks)]
    except LoanClosed as closed:
        return ["", wording.explain(closed)]
    return ["done", _("Renewed until %(day)s.") % {"day": ngay(renewed.due_at)}]


def _line(loan: Loan, outcomes: Outcomes, now: datetime) -> Line:
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
