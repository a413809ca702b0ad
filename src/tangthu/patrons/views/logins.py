"""What the desk does about a reader's log-in: passwords, other accounts, logging out."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tangthu.core.requests import LibraryRequest
from tangthu.patrons import actions
from tangthu.patrons.actions.identities import INVITED_FOR
from tangthu.patrons.models import Identity, Patron
from tangthu.patrons.permissions import PatronsPermission
from tangthu.patrons.policy.logins import START_PASSWORD_LASTS
from tangthu.patrons.symbols import qr
from tangthu.ui.staff import staff_page

EDIT = PatronsPermission.EDIT_PATRONS


@staff_page(EDIT)
@never_cache
@require_POST
def start_password(request: LibraryRequest, pk: int) -> HttpResponse:
    """Give a start password, and show the slip for it this once."""
    patron = _visible(request, pk)
    context = {
        "patron": patron,
        "first": actions.give_start_password(patron, by=request.actor),
        "days": START_PASSWORD_LASTS.days,
        "address": request.build_absolute_uri(reverse("account:home")),
    }
    return render(request, "patrons/start_password.html", context)


@staff_page(EDIT)
@require_POST
def unlock(request: LibraryRequest, pk: int) -> HttpResponse:
    actions.unlock_reader(_visible(request, pk), by=request.actor)
    messages.success(request, _("The reader may try to log in again at once."))
    return redirect("patrons:detail", pk=pk)


@staff_page(EDIT)
@require_POST
def log_out(request: LibraryRequest, pk: int) -> HttpResponse:
    actions.end_all_sessions(_visible(request, pk), by=request.actor)
    messages.success(request, _("The reader is logged out everywhere."))
    return redirect("patrons:detail", pk=pk)


@staff_page(EDIT)
@never_cache
@require_POST
def invite_identity(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show the code that the reader scans to link their account of another place, this once."""
    patron = _visible(request, pk)
    invitation = actions.invite_identity(patron, by=request.actor)
    address = request.build_absolute_uri(reverse("account:invited", args=[invitation]))
    context = {
        "patron": patron,
        "label": settings.OIDC["label"],
        "minutes": INVITED_FOR // 60,
        "address": address,
        "code": qr(address),
    }
    return render(request, "patrons/identity_invitation.html", context)


@staff_page(EDIT)
@require_POST
def unlink_identity(request: LibraryRequest, pk: int, identity_pk: int) -> HttpResponse:
    identity = get_object_or_404(Identity, pk=identity_pk, patron=_visible(request, pk))
    actions.unlink_identity(identity, by=request.actor)
    messages.success(request, _("The account of the other place opens the reader's no more."))
    return redirect("patrons:detail", pk=pk)


def _visible(request: LibraryRequest, pk: int) -> Patron:
    return get_object_or_404(Patron.objects.visible_to(request.actor).for_list(), pk=pk)
