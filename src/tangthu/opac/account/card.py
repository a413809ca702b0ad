"""The card on the telephone, for the scanner at the desk."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.opac.account.reader import patron_of
from tangthu.patrons.symbols import code128, qr
from tangthu.ui.readers import reader_page


@reader_page
@require_safe
def card(request: LibraryRequest) -> HttpResponse:
    """Show the card: name, number, bar code and until when it is valid."""
    patron = patron_of(request)
    context = {
        "patron": patron,
        "bars": code128(patron.card),
        "square": qr(patron.card),
        "ended": patron.expires_on < timezone.localdate(),
    }
    return render(request, "account/card.html", context)
