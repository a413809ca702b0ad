"""The tabs of the pages about notices."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tangthu.core.requests import LibraryRequest
from tangthu.notices.permissions import NoticesPermission

SEE = NoticesPermission.SEE_NOTICES
EDIT = NoticesPermission.EDIT_TEMPLATES
MANAGE = NoticesPermission.MANAGE_CHANNELS


def page(
    request: LibraryRequest,
    template: str,
    context: dict[str, object],
    *,
    tab: str,
    status: int = 200,
) -> HttpResponse:
    """Render a page with the tabs that this person may open."""
    context["tabs"] = _tabs(request, tab)
    return render(request, template, context, status=status)


def _tabs(request: LibraryRequest, current: str) -> list[dict[str, object]]:
    every: tuple[tuple[str, dict[str, object], NoticesPermission], ...] = (
        ("outbox", {"label": _("Outbox"), "icon": "envelope"}, SEE),
        ("letters", {"label": _("Letters"), "icon": "printer"}, SEE),
        ("texts", {"label": _("Texts"), "icon": "pencil-square"}, EDIT),
        ("channels", {"label": _("Channels"), "icon": "broadcast"}, MANAGE),
    )
    return [
        {**tab, "url": reverse(f"notices:{name}"), "current": name == current}
        for name, tab, needed in every
        if request.actor.may(needed)
    ]
