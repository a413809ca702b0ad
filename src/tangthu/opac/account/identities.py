"""Logging in by an account of another place, and linking it to a card.

The first time a code proves the card; else it is linked from the account, or when the desk invites.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core import wording
from tangthu.core.requests import LibraryRequest
from tangthu.opac.account import oidc
from tangthu.opac.account.entering import LINK_KEY, enter, local
from tangthu.opac.account.oidc import Asked, Provider, Somebody
from tangthu.opac.actions.linking import link_invited_identity, link_own_identity
from tangthu.opac.errors import ProviderFailed
from tangthu.patrons import actions, sealing, sessions
from tangthu.patrons.errors import IdentityTaken, InvitationOver
from tangthu.patrons.models import Identity, Patron
from tangthu.text.phones import read_citizen_number
from tangthu.ui.readers import reader_page
from tangthu.ui.staff import public_page

logger = logging.getLogger("tangthu.oidc")

KEY = "oidc"
PURPOSE = "oidc_purpose"
"""In the session: to whose account the answer is to be linked, if it is not to log in."""


@public_page
@never_cache
@require_safe
def start(request: LibraryRequest) -> HttpResponse:
    """Send the reader to the provider."""
    known = oidc.provider()
    if known is None:
        return redirect("account:login")
    there = local(request.GET.get("next", ""))
    return _send(request, known, there=there, is_kept="is_kept" in request.GET)


@reader_page
@require_POST
def link_own(request: LibraryRequest) -> HttpResponse:
    """Send the reader to the provider, to link their account there to this one."""
    known = oidc.provider()
    if known is None:
        return redirect("account:devices")
    purpose = {"patron": request.actor.patron_id}
    return _send(request, known, there=reverse("account:devices"), purpose=purpose)


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: LibraryRequest, invitation: str) -> HttpResponse:
    """Greet whom the desk invited, and send them to the provider."""
    known = oidc.provider()
    try:
        patron = actions.invited_reader(invitation)
    except InvitationOver as refused:
        messages.error(request, wording.explain(refused))
        return redirect("account:login")
    if known is None:
        return redirect("account:login")
    if request.method == "POST":
        there = reverse("account:home")
        return _send(request, known, there=there, purpose={"invitation": invitation})
    return render(request, "account/invited.html", {"patron": patron, "label": known.label})


@public_page
@never_cache
@require_safe
def callback(request: LibraryRequest) -> HttpResponse:
    """Take the provider's answer: log in, or link the account to a card first."""
    known, kept = oidc.provider(), request.session.pop(KEY, None)
    purpose = request.session.pop(PURPOSE, None)
    if known is None or kept is None:
        return redirect("account:login")
    asked = Asked(**kept)
    try:
        somebody = oidc.finish(known, asked, request.GET.dict(), back=_back(request))
    except ProviderFailed as refused:
        logger.warning("no identity", extra={"code": str(refused.data["why"])})
        messages.error(request, wording.explain(refused))
        return redirect("account:login")
    if purpose is not None:
        return _link(request, purpose, somebody, asked)
    patron = actions.reader_of_identity(somebody.issuer, somebody.subject)
    if patron is not None:
        session = sessions.begin(request, patron, is_kept=asked.is_kept)
        return enter(request, session, asked.next)
    request.session.flush()
    request.session[LINK_KEY] = {
        "issuer": somebody.issuer,
        "subject": somebody.subject,
        "name": _named(known, somebody),
        "next": asked.next,
        "at": timezone.now().timestamp(),
    }
    return redirect("account:link")


@public_page
@never_cache
@require_safe
def link(request: LibraryRequest) -> HttpResponse:
    """Ask for the card, which a code sent to its telephone or e-mail proves."""
    known, kept = oidc.provider(), request.session.get(LINK_KEY)
    if known is None or kept is None:
        return redirect("account:login")
    context = {"label": known.label, "name": kept["name"], "next": kept["next"]}
    return render(request, "account/link.html", context)


@reader_page
@require_POST
def unlink(request: LibraryRequest, pk: int) -> HttpResponse:
    own = Identity.objects.filter(patron=request.actor.patron_id)
    actions.unlink_identity(get_object_or_404(own, pk=pk), by=request.actor)
    messages.success(request, _("The account opens yours no more."))
    return redirect("account:devices")


def _send(
    request: LibraryRequest,
    known: Provider,
    *,
    there: str,
    is_kept: bool = False,
    purpose: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Send the reader to the provider; to link, always by logging in there anew."""
    prompt = "login" if purpose else ""
    try:
        address, asked = oidc.begin(
            known, back=_back(request), there=there, is_kept=is_kept, prompt=prompt
        )
    except ProviderFailed as refused:
        logger.warning("no provider", extra={"code": str(refused.data["why"])})
        messages.error(request, wording.explain(refused))
        return redirect("account:login" if purpose is None else there)
    request.session[KEY] = asdict(asked)
    request.session.pop(PURPOSE, None)
    if purpose is not None:
        request.session[PURPOSE] = dict(purpose)
    return HttpResponseRedirect(address)


def _link(
    request: LibraryRequest, purpose: Mapping[str, object], somebody: Somebody, asked: Asked
) -> HttpResponse:
    """Link the account to the reader for whom it was asked. It never opens anybody else's."""
    told = {"issuer": somebody.issuer, "subject": somebody.subject}
    try:
        if "invitation" in purpose:
            linked = link_invited_identity(str(purpose["invitation"]), **told)
            sessions.begin(request, linked.patron)
        else:
            session = sessions.session_of(request)
            if session is None or session.patron_id != purpose["patron"]:
                return redirect("account:login")
            patron = session.patron
            link_own_identity(patron, by=actions.actor_for(patron), **told)
    except (IdentityTaken, InvitationOver) as refused:
        messages.error(request, wording.explain(refused))
        return redirect("account:login" if "invitation" in purpose else asked.next)
    messages.success(request, _("The account is linked: it opens yours from now on."))
    return HttpResponseRedirect(asked.next)


def _named(known: Provider, somebody: Somebody) -> str:
    """Return the card or telephone that the claim suggests. It is a suggestion, never a proof."""
    if known.claim_is != "citizen_number":
        return somebody.hint
    number = read_citizen_number(somebody.hint)
    if number is None:
        return ""
    digests = sealing.every_digest(number.digits)
    found = Patron.objects.filter(citizen_number_digest__in=digests)
    return found.values_list("card", flat=True).first() or ""


def _back(request: LibraryRequest) -> str:
    return request.build_absolute_uri(reverse("account:oidc_callback"))
