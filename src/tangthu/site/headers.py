"""Headers that every answer carries beside those of Django and the content security policy."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# What no page of ours uses, so that nothing that slips into a page can use it either.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "microphone",
        "payment",
        "usb",
    )
)

# For the pages that scan a card or a book (ui/camera.py).
WITH_CAMERA = PERMISSIONS.replace("camera=()", "camera=(self)")


class HeadersMiddleware:
    """Close browser features we do not use; keep what staff and programs see out of all caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Else granian writes its own name here.
        response.setdefault("Server", "web")
        may_use_camera = getattr(response, "may_use_camera", False)
        response.setdefault("Permissions-Policy", WITH_CAMERA if may_use_camera else PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # A window that a viewer of another site opened: it must see when the reader closes it.
        if request.GET.get("next", "").startswith("/iiif/auth/"):
            response["Cross-Origin-Opener-Policy"] = "unsafe-none"
        # Asked only where no view has said: who it is may cost a query.
        if "Cache-Control" not in response and is_known(request):
            response["Cache-Control"] = "private, no-store"
        return response


def is_known(request: HttpRequest) -> bool:
    """Say whether it was answered to somebody: staff, a reader, a program with a token."""
    actor = getattr(request, "actor", None)
    is_somebody = actor is not None and (actor.is_staff or actor.is_reader)
    return is_somebody or getattr(request, "auth", None) is not None
