"""The reader's account at one glance: loans, holds, deliveries, money, and the way to the rest."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tangthu.circulation.models import Hold
from tangthu.core.requests import LibraryRequest
from tangthu.delivery.models import Delivery
from tangthu.fees.reading import debt_of
from tangthu.opac.account import loans
from tangthu.opac.account.reader import patron_of
from tangthu.reading.lending import shelf_of
from tangthu.ui.readers import reader_page


@reader_page
@require_safe
def home(request: LibraryRequest) -> HttpResponse:
    """Show what is under way, the most pressing first."""
    patron, now = patron_of(request), timezone.now()
    today = timezone.localdate(now)
    context = loans.context(request, now) | {
        "patron": patron,
        "today": today,
        "card_ended": patron.expires_on < today,
        "holds": Hold.objects.for_account(patron),
        "deliveries": Delivery.objects.for_account(patron).open(),
        "shelf": shelf_of(patron, now=now),
        "debt": debt_of(patron.pk),
    }
    return render(request, "account/home.html", context)
