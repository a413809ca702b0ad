"""Whether the site is well: what a load balancer and a supervisor ask."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from tangthu.site import health
from tangthu.ui.staff import public_page


@public_page
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 only when the database, the index and the storage answer."""
    states = {check.name: check.ok for check in health.vital()}
    return JsonResponse(states, status=200 if all(states.values()) else 503)
