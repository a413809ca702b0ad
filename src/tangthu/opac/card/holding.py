"""Who holds an application: the cookie that carries its secret code."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse

from tangthu.core.requests import LibraryRequest, client_address
from tangthu.patrons.actions import applying
from tangthu.patrons.models import Application

COOKIE = "card-application"
PATH = "/card/"
KEPT_SECONDS = 60 * 24 * 3600


def held(request: LibraryRequest) -> Application | None:
    """Return the application of this phone, if it has one that is not forgotten yet."""
    code = request.COOKIES.get(COOKIE, "")
    return applying.held_application(code, address=client_address(request)) if code else None


def hand(response: HttpResponse, code: str) -> HttpResponse:
    """Let the phone hold the code."""
    response.set_cookie(
        COOKIE,
        code,
        max_age=KEPT_SECONDS,
        path=PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def let_go(response: HttpResponse) -> HttpResponse:
    """Take the code from the phone."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response
