"""The documents that a reader asked the library to open."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.requests import LibraryRequest
from tangthu.reading.actions import withdraw_access_request
from tangthu.reading.errors import AccessAlreadyDecided
from tangthu.reading.models import AccessRequest, AccessRequestQuerySet
from tangthu.ui.readers import reader_page

MOST = 100


@reader_page
@require_safe
def requests(request: LibraryRequest) -> HttpResponse:
    """List the reader's requests, the newest first, with what the library answered."""
    now = timezone.now()
    rows = [(row, row.grant is not None and row.grant.opens(now)) for row in _own(request)[:MOST]]
    return render(request, "account/requests.html", {"rows": rows})


@reader_page
@require_POST
def withdraw(request: LibraryRequest, pk: int) -> HttpResponse:
    """Take a request back that waits."""
    row = get_object_or_404(_own(request), pk=pk)
    try:
        withdraw_access_request(row, by=request.actor)
    except AccessAlreadyDecided as refused:
        messages.warning(request, wording.explain(refused))
    return redirect("account:requests")


def _own(request: LibraryRequest) -> AccessRequestQuerySet:
    return AccessRequest.objects.for_account(request.actor.patron_id or 0)
