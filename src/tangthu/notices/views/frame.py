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
    every = (
        ("outbox", _("Outbox"), "envelope", SEE),
        ("letters", _("Letters"), "printer", SEE),
        ("texts", _("Texts"), "pencil-square", EDIT),
        ("channels", _("Channels"), "broadcast", MANAGE),
    )
    return [
        {
            "label": label,
            "url": reverse(f"notices:{name}"),
            "icon": icon,
            "current": name == current,
        }
        for name, label, icon, needed in every
        if request.actor.may(needed)
    ]
