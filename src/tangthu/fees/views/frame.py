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


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A page that a tab leads to."""

    name: str
    label: str
    icon: str


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
    ways = (
        ((TAKE,), Way(name="home", label=_("Take money"), icon="cash-coin")),
        ((CASH, TAKE), Way(name="cash", label=_("Cash desk"), icon="safe")),
        ((TAKE,), Way(name="receipts", label=_("Receipts"), icon="receipt")),
        ((TAKE,), Way(name="transfers", label=_("Transfers"), icon="qr-code")),
        ((BANK,), Way(name="bank", label=_("Bank files"), icon="bank")),
        ((TAKE, CASH), Way(name="day", label=_("Day's report"), icon="calendar-check")),
        ((RULES,), Way(name="card_fees", label=_("Card fees"), icon="person-vcard")),
        ((RULES,), Way(name="drawers", label=_("Drawers"), icon="archive")),
    )
    return [
        Tab(
            label=way.label,
            url=reverse(f"fees:{way.name}"),
            icon=way.icon,
            current=way.name == current,
        )
        for permissions, way in ways
        if any(request.actor.may(each) for each in permissions)
    ]
