"""A reader's file: what is known, the card, restrictions, the citizen number."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tangthu.access.permissions import AccessPermission
from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.patrons import actions
from tangthu.patrons.errors import PatronInvalid
from tangthu.patrons.forms import ReplaceCardForm, RestrictionForm
from tangthu.patrons.forms_afar import DataRequestForm
from tangthu.patrons.models import Patron, Restriction, RestrictionKind
from tangthu.patrons.permissions import PatronsPermission
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

SEE, EDIT = PatronsPermission.SEE_PATRONS, PatronsPermission.EDIT_PATRONS


@staff_page(SEE)
@require_safe
def detail(request: LibraryRequest, pk: int) -> HttpResponse:
    return _page(request, _visible(request, pk))


def _visible(request: LibraryRequest, pk: int) -> Patron:
    seen = Patron.objects.visible_to(request.actor).for_list().select_related("guardian")
    return get_object_or_404(seen, pk=pk)


def _page(
    request: LibraryRequest, patron: Patron, *, status: int = 200, **others: object
) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    actions.note_seen(patron, by=actor)
    may_see_guardian = patron.guardian is not None and actor.may(SEE, at=patron.guardian.library_id)
    context = {
        "patron": patron,
        "today": today,
        "age": patron.age(today),
        "expired": patron.expires_on < today,
        "restrictions": patron.restrictions.in_force(today).order_by("-set_at"),
        "past_restrictions": patron.restrictions.past(today).order_by("-set_at")[:20],
        "former_cards": patron.former_cards.order_by("-replaced_at"),
        "wards": Patron.objects.visible_to(actor).filter(guardian=patron).for_list(),
        "identities": patron.identities.order_by("pk"),
        "provider": settings.OIDC["label"] if settings.OIDC["issuer"] else "",
        "may_see_guardian": may_see_guardian,
        "may_edit": actor.may(EDIT, at=patron.library_id),
        "may_see_citizen_number": actor.may(
            PatronsPermission.SEE_CITIZEN_NUMBER, at=patron.library_id
        ),
        "may_see_log": actor.may(AccessPermission.SEE_AUDIT, at=patron.library_id),
        "restriction_form": RestrictionForm(),
        "replace_form": ReplaceCardForm(),
        "request_form": DataRequestForm(),
        **others,
    }
    return render(request, "patrons/detail.html", context, status=status)


@staff_page(SEE)
@never_cache
@require_POST
def citizen_number(request: LibraryRequest, pk: int) -> HttpResponse:
    patron = _visible(request, pk)
    number = actions.see_citizen_number(patron, by=request.actor)
    grouped = " ".join(number[at : at + 3] for at in range(0, len(number), 3))
    return _page(request, patron, citizen_number=grouped)


CardDeed = Callable[..., Patron]


def _with_card(request: LibraryRequest, pk: int, deed: CardDeed, done: Promise) -> HttpResponse:
    """Do one of the deeds on a card, at the version of the row that the page showed."""
    patron = _visible(request, pk)
    patron = deed(patron, by=request.actor, version=_version(request.POST.get("version", "")))
    told = {"card": patron.card, "day": patron.expires_on.strftime("%d/%m/%Y")}
    messages.success(request, str(done) % told)
    return redirect("patrons:detail", pk=pk)


def _version(shown: str) -> int | None:
    """Return the version that the page showed; what is none fits no row."""
    if not shown:
        return None
    number = whole_number(shown)
    return -1 if number is None else number


@staff_page(EDIT)
@require_POST
def renew(request: LibraryRequest, pk: int) -> HttpResponse:
    done = _("The card %(card)s is valid until %(day)s.")
    return _with_card(request, pk, actions.renew_card, done)


@staff_page(EDIT)
@require_POST
def lost(request: LibraryRequest, pk: int) -> HttpResponse:
    done = _("The card %(card)s is marked as lost. Nothing is lent on it any more.")
    return _with_card(request, pk, actions.report_card_lost, done)


@staff_page(EDIT)
@require_POST
def withdraw(request: LibraryRequest, pk: int) -> HttpResponse:
    done = _("The card %(card)s is withdrawn. The reader's file stays.")
    return _with_card(request, pk, actions.withdraw_card, done)


@staff_page(EDIT)
@require_POST
def restore(request: LibraryRequest, pk: int) -> HttpResponse:
    done = _("The card %(card)s is in use again.")
    return _with_card(request, pk, actions.restore_card, done)


@staff_page(EDIT)
@require_POST
def replace(request: LibraryRequest, pk: int) -> HttpResponse:
    patron = _visible(request, pk)
    form = ReplaceCardForm(request.POST)
    if not form.is_valid():
        return _page(request, patron, status=422, replace_form=form)
    try:
        changed = actions.replace_card(patron, card=form.cleaned_data["card"], by=request.actor)
    except PatronInvalid as refused:
        form.add_error("card", wording.sentence(refused.faults[0].code))
        return _page(request, patron, status=422, replace_form=form)
    except TangthuError as refused:
        refusals.show(form, refused)
        return _page(request, patron, status=refused.status, replace_form=form)
    messages.success(request, str(_("The reader now has the card %(card)s.")) % vars(changed))
    return redirect("patrons:detail", pk=pk)


@staff_page(EDIT)
@require_POST
def restrict(request: LibraryRequest, pk: int) -> HttpResponse:
    patron = _visible(request, pk)
    form = RestrictionForm(request.POST)
    if not form.is_valid():
        return _page(request, patron, status=422, restriction_form=form)
    told = form.cleaned_data
    kind = RestrictionKind(told["kind"])
    actions.restrict(patron, kind, until=told["until"], note=told["note"], by=request.actor)
    messages.success(request, _("Restricted. The desk will see it at the next loan."))
    return redirect("patrons:detail", pk=pk)


@staff_page(EDIT)
@require_POST
def lift(request: LibraryRequest, pk: int, restriction_pk: int) -> HttpResponse:
    patron = _visible(request, pk)
    restriction = get_object_or_404(Restriction, pk=restriction_pk, patron=patron)
    actions.lift(restriction, by=request.actor)
    messages.success(request, _("The restriction is lifted."))
    return redirect("patrons:detail", pk=pk)
