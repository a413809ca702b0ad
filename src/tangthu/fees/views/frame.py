"""What the pages of money share: their tabs, the library where money is taken, the reader."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tangthu.core.permissions import Permission
from tangthu.core.requests import LibraryRequest
from tangthu.fees.permissions import FeesPermission
from tangthu.libraries.fields import libraries_for
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.patrons.permissions import PatronsPermission

TAKE, CASH = FeesPermission.TAKE_MONEY, FeesPermission.CASH_DESK
WAIVE, REVERSE = FeesPermission.WAIVE, FeesPermission.REVERSE
BANK, RULES = FeesPermission.READ_BANK, FeesPermission.MANAGE_RULES
SEE = PatronsPermission.SEE_PATRONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One of the tabs of the pages of money."""

    label: str
    url: str
    icon: str
    current: bool
    count: int | None = None


def page(
    request: LibraryRequest,
    template: str,
    context: dict[str, object],
    *,
    tab: str,
    status: int = 200,
) -> HttpResponse:
    """Answer a page under the tabs that the actor may use."""
    return render(request, template, {"tabs": _tabs(request, tab), **context}, status=status)


def library_here(request: LibraryRequest, permission: Permission) -> Library:
    """Return the library where the actor works, if they hold the permission there.

    Else the first at which they do; 404 where there is none.
    """
    held = libraries_for(request.actor, permission)
    here = held.filter(pk=request.actor.library_id or 0).first() or held.first()
    if here is None:
        raise Http404
    return here


def reader(request: LibraryRequest, pk: int) -> Patron:
    """Return a reader whom the actor may see; 404 for all others."""
    seen = Patron.objects.visible_to(request.actor).select_related("category", "library")
    return get_object_or_404(seen, pk=pk)


def _tabs(request: LibraryRequest, current: str) -> list[Tab]:
    every = (
        ("home", _("Take money"), "cash-coin", (TAKE,)),
        ("cash", _("Cash desk"), "safe", (CASH, TAKE)),
        ("receipts", _("Receipts"), "receipt", (TAKE,)),
        ("transfers", _("Transfers"), "qr-code", (TAKE,)),
        ("bank", _("Bank files"), "bank", (BANK,)),
        ("day", _("Day's report"), "calendar-check", (TAKE, CASH)),
        ("card_fees", _("Card fees"), "person-vcard", (RULES,)),
        ("drawers", _("Drawers"), "archive", (RULES,)),
    )
    return [
        Tab(label=label, url=reverse(f"fees:{name}"), icon=icon, current=name == current)
        for name, label, icon, permissions in every
        if any(request.actor.may(each) for each in permissions)
    ]
