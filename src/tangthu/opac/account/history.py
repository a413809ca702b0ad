"""Past loans: kept only by choice, and no more by another."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.circulation.actions import forget_own_past
from tangthu.circulation.models import Loan
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.reading import preference
from tangthu.opac.account.reader import patron_of
from tangthu.patrons.actions import keep_history
from tangthu.patrons.models import Patron
from tangthu.reading.models import DigitalLoan
from tangthu.ui.readers import reader_page

TEXT = "2026-11b"
"""The version of the words beside the button, in `account/history.html`."""
PAGE = 50


@reader_page
@require_safe
def history(request: LibraryRequest) -> HttpResponse:
    """Show the past loans, where the reader chose to keep them; else the choice."""
    patron = patron_of(request)
    account = patron.account
    page = None
    if account.keeps_history_since is not None:
        past = Loan.objects.visible_to(request.actor).kept_by_choice().filter(patron=patron)
        found = Paginator(past.for_desk().order_by("-returned_at", "-pk"), PAGE)
        page = found.get_page(whole_number(request.GET.get("page", "")) or 1)
    context = {
        "since": account.keeps_history_since,
        "digital": _digital(patron) if account.keeps_history_since is not None else [],
        "page": page,
        "days": preference(patron.library, "loans_forgotten_after"),
    }
    return render(request, "account/history.html", context)


def _digital(patron: Patron) -> list[DigitalLoan]:
    """Return the electronic loans that ended since the reader chose to keep them."""
    past = DigitalLoan.objects.kept_by_choice().filter(patron=patron, returned_at__isnull=False)
    return list(past.select_related("object").order_by("-returned_at", "-pk")[:PAGE])


@reader_page
@require_POST
def keep(request: LibraryRequest) -> HttpResponse:
    keep_history(patron_of(request), text=TEXT, by=request.actor)
    messages.success(request, _("From now on your past loans are kept for you."))
    return redirect("account:history")


@reader_page
@require_POST
def forget(request: LibraryRequest) -> HttpResponse:
    forget_own_past(patron_of(request), by=request.actor)
    messages.success(request, _("Your list is gone. Nothing is kept for you any more."))
    return redirect("account:history")
