"""The pages of failures that Django finds before any view does."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = _("This page was open for too long. Go back, load it again, and repeat the step.")
    return render(request, "ui/refused.html", {"message": message, "code": "csrf"}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        message = _("The request is too large.")
        return render(request, "ui/refused.html", {"message": message, "code": "size"}, status=413)
    message = _("The request could not be understood. Go back and try again.")
    return render(request, "ui/refused.html", {"message": message, "code": "bad"}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    message = _("You do not have the right to open this page.")
    return render(request, "ui/refused.html", {"message": message, "code": "no"}, status=403)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "ui/404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Say sorry without touching the database, which may be what failed."""
    return render(request, "ui/500.html", status=500)
