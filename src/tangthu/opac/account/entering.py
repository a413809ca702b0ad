"""A reader's way in and out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tangthu.core.requests import LibraryRequest, client_address
from tangthu.opac.account import oidc
from tangthu.opac.account.forms import LoginForm
from tangthu.patrons import actions, sessions
from tangthu.patrons.errors import ReaderLoginRefused, ReaderMustWait
from tangthu.patrons.models import ReaderSession
from tangthu.ui import refusals
from tangthu.ui.staff import public_page

LINK_KEY = "link"
"""In the session: the account of another place that waits to be linked to a card."""


@public_page
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: LibraryRequest) -> HttpResponse:
    there = local(request.POST.get("next") or request.GET.get("next") or "")
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            patron = actions.log_in(told["name"], told["password"], address=client_address(request))
        except (ReaderLoginRefused, ReaderMustWait) as refused:
            refusals.show(form, refused)
            return login_page(request, form, there, refused=refused)
        return enter(request, sessions.begin(request, patron, is_kept=told["is_kept"]), there)
    known = sessions.session_of(request) if request.method != "POST" else None
    if known is not None:
        return enter(request, known, there)
    return login_page(request, form, there)


@public_page
@require_POST
def logout(request: LibraryRequest) -> HttpResponse:
    if sessions.session_of(request) is not None:
        actions.log_out(request.session.session_key or "")
        request.session.flush()
        messages.success(request, _("You are logged out."))
    return redirect("opac:home")


def enter(request: LibraryRequest, session: ReaderSession, there: str) -> HttpResponse:
    """Lead a reader who is logged in to where they wanted to go."""
    if session.patron.account.must_change_password:
        return HttpResponseRedirect(f"{reverse('account:password')}?{urlencode({'next': there})}")
    return HttpResponseRedirect(there)


def login_page(
    request: LibraryRequest,
    form: LoginForm,
    there: str,
    *,
    refused: ReaderLoginRefused | ReaderMustWait | None = None,
) -> HttpResponse:
    """Show the log-in form, with what was wrong above it."""
    status = 200 if not form.errors else 429 if isinstance(refused, ReaderMustWait) else 422
    context = {"form": form, "next": there, "refused": refused, "provider": oidc.provider()}
    response = render(request, "account/login.html", context, status=status)
    if isinstance(refused, ReaderMustWait):
        response["Retry-After"] = str(refused.data["seconds"])
    return response


def local(address: str) -> str:
    """Return an address of this site to go on to; the reader's account for any other."""
    is_local = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )
    return address if is_local else reverse("account:home")
