"""The gate of readers' own pages."""

from __future__ import annotations

from functools import wraps
from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from tangthu.core.requests import LibraryRequest
from tangthu.ui.staff import P, View, Wrapped

READERS = "readers"


def reader_page(view: View[P]) -> Wrapped[P]:
    """Open the page to a logged-in reader, `request.actor.patron_id`; send others to log in.

    Whose rows may be seen within is for the querysets (`visible_to`, `for_account`) to say.
    Nothing of such a page is kept by a browser or a proxy.
    """

    @wraps(view)
    def gate(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        visitor = cast(LibraryRequest, request)
        if visitor.actor.patron_id is None:
            return to_login(visitor)
        return view(visitor, *args, **kwargs)

    gate.opens_to = READERS  # type: ignore[attr-defined]
    return gate


def to_login(request: LibraryRequest) -> HttpResponse:
    """Send a stranger to the readers' log-in, and back here afterwards."""
    here = request.get_full_path() if request.method == "GET" else reverse("account:home")
    address = f"{reverse('account:login')}?{urlencode({'next': here})}"
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
