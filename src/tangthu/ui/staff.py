"""The gate of staff pages: who may open them is said once, on the view."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from tangthu.core.permissions import Permission
from tangthu.core.requests import LibraryRequest

P = ParamSpec("P")
View = Callable[Concatenate[LibraryRequest, P], HttpResponseBase]
Wrapped = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

PUBLIC = "public"
ANY_STAFF = "staff"


def staff_page(*permissions: Permission) -> Callable[[View[P]], Wrapped[P]]:
    """Open the page to staff who hold one of the permissions somewhere; to all staff if none.

    A stranger is sent to log in. What may be seen or done *within* the page is for the
    querysets (`visible_to`) and the actions (`by.require`) to say.
    """

    def decorate(view: View[P]) -> Wrapped[P]:
        @wraps(view)
        def gate(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            visitor = cast(LibraryRequest, request)
            if not visitor.actor.is_staff:
                return to_login(visitor)
            if permissions and not any(visitor.actor.may(needed) for needed in permissions):
                visitor.actor.require(permissions[0])
            return view(visitor, *args, **kwargs)

        gate.opens_to = permissions or ANY_STAFF  # type: ignore[attr-defined]
        return gate

    return decorate


def public_page(view: View[P]) -> Wrapped[P]:
    """Say that anybody may open the page."""

    @wraps(view)
    def gate(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(cast(LibraryRequest, request), *args, **kwargs)

    gate.opens_to = PUBLIC  # type: ignore[attr-defined]
    return gate


def to_login(request: LibraryRequest) -> HttpResponse:
    """Send a stranger to the login page, and back here afterwards."""
    here = request.get_full_path() if request.method == "GET" else reverse("circulation:desk")
    address = f"{reverse('access:login')}?{urlencode({'next': here})}"
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
