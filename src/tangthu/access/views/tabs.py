"""The tabs of the pages about staff: people, roles."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from tangthu.access.permissions import AccessPermission
from tangthu.core.requests import LibraryRequest


def tabs(request: LibraryRequest, current: str) -> list[dict[str, object]]:
    """Return the tabs that this person may open; none where there would be only one."""
    pages: list[dict[str, object]] = [
        {"label": _("People"), "url": reverse("staff_users:users"), "icon": "people"},
    ]
    if request.actor.may(AccessPermission.MANAGE_ROLES):
        pages.append({"label": _("Roles"), "url": reverse("staff_users:roles"), "icon": "key"})
    pages[-1 if current == "roles" else 0]["current"] = True
    return pages if len(pages) > 1 else []
