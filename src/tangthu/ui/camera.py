"""The camera, which no page may use but those that ask for it here."""

from __future__ import annotations

from django.http import HttpResponse


def with_camera(response: HttpResponse) -> HttpResponse:
    """Let this page, and no frame in it, ask the person for the camera."""
    response.may_use_camera = True  # type: ignore[attr-defined]
    return response
