"""The report of a day."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.fees import reporting
from tangthu.fees.policy import date_of
from tangthu.fees.views.frame import CASH, TAKE, library_here, page
from tangthu.ui.staff import staff_page


@staff_page(TAKE, CASH)
@require_safe
def day(request: LibraryRequest) -> HttpResponse:
    """Show what came in and went out on a day, by means and by kind of fee."""
    today = timezone.localdate()
    shown = min(date_of(request.GET.get("day", "")[:20]) or today, today)
    library = library_here(request, TAKE if request.actor.may(TAKE) else CASH)
    context: dict[str, object] = {
        "day": shown,
        "library": library,
        "report": reporting.of_day(library, shown),
    }
    return page(request, "fees/day.html", context, tab="day")
