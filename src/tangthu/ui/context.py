"""What every page's frame needs."""

from __future__ import annotations

from django.http import HttpRequest

from tangthu.core.actor import NOBODY
from tangthu.ui import navigation


def chrome(request: HttpRequest) -> dict[str, object]:
    """Give templates the actor and, lazily, the staff's menu."""
    actor = getattr(request, "actor", NOBODY)
    return {"actor": actor, "staff_menu": lambda: navigation.menu(actor)}
