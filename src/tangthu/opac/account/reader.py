"""Who the logged-in reader is, for pages that need the whole row."""

from __future__ import annotations

from django.http import Http404

from tangthu.core.requests import LibraryRequest
from tangthu.patrons.models import Patron


def patron_of(request: LibraryRequest) -> Patron:
    """Return the reader behind the request, with category, library and account. One query."""
    found = Patron.objects.select_related("category", "library", "account", "guardian")
    patron = found.filter(pk=request.actor.patron_id or 0).first()
    if patron is None:
        raise Http404
    return patron
