"""Logging in and out, one's password, one's browsers and keys, and where one works now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.access import actions, sessions
from tangthu.access.errors import (
    LoginMustWait,
    LoginRefused,
    NotYourLibrary,
    SamePassword,
    WeakPassword,
    WrongPassword,
)
from tangthu.access.forms import LoginForm, PasswordForm, TokenForm, WorkingLibraryForm
from tangthu.access.models import ApiToken, StaffSession, User
from tangthu.core import wording
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.ui import refusals
from tangthu.ui.staff import ANY_STAFF, public_page, staff_page, to_login

OwnView = Callable[[LibraryRequest, User], HttpResponse]


def own_page(view: OwnView) -> Callable[[HttpRequest], HttpResponse]:
    """Open the page to whoever is logged in, even before they have changed a first password."""

    @wraps(view)
    def gate(request: HttpRequest) -> HttpResponse:
        visitor = cast(LibraryRequest, request)
        user = sessions.user_of(visitor)
        return to_login(visitor) if user is None else view(visitor, user)

    gate.opens_to = ANY_STAFF  # type: ignore[attr-defined]
    return gate


@public_page
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: LibraryRequest) -> HttpResponse:
    there = _local(request.POST.get("next") or request.GET.get("next") or "")
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.log_in(**form.cleaned_data, address=client_address(request))
        except (LoginRefused, LoginMustWait) as refused:
            refusals.show(form, refused)
            return _login_page(request, form, there, refused=refused)
        sessions.begin(request, user)
        return _enter(user, there)
    known = sessions.user_of(request) if request.method != "POST" else None
    if known is not None:
        return _enter(known, there)
    return _login_page(request, form, there)


def _enter(user: User, there: str) -> HttpResponse:
    if user.must_change_password:
        return HttpResponseRedirect(f"{reverse('access:password')}?{urlencode({'next': there})}")
    return HttpResponseRedirect(there)


def _login_page(
    request: LibraryRequest,
    form: LoginForm,
    there: str,
    *,
    refused: LoginRefused | LoginMustWait | None = None,
) -> HttpResponse:
    status = 200 if not form.errors else 429 if isinstance(refused, LoginMustWait) else 422
    context = {"form": form, "next": there, "refused": refused}
    response = render(request, "access/login.html", context, status=status)
    if isinstance(refused, LoginMustWait):
        response["Retry-After"] = str(refused.data["seconds"])
    return response


def _local(address: str) -> str:
    """Return an address of this site to go on to; the desk for any other."""
    is_local = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )
    return address if is_local else reverse("circulation:desk")


@own_page
@require_POST
def logout(request: LibraryRequest, user: User) -> HttpResponse:
    actions.log_out(user, session_key=request.session.session_key or "")
    request.session.flush()
    messages.success(request, _("You are logged out."))
    return redirect("access:login")


@own_page
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: LibraryRequest, user: User) -> HttpResponse:
    there = _local(request.POST.get("next") or request.GET.get("next") or "")
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _changed(request, form, user):
        sessions.begin(request, user)
        messages.success(
            request, _("The new password holds. All other browsers have been logged out.")
        )
        return HttpResponseRedirect(there)
    context = {"form": form, "next": there, "first": user.must_change_password, "user": user}
    return render(request, "access/password.html", context, status=422 if form.errors else 200)


def _changed(request: LibraryRequest, form: PasswordForm, user: User) -> bool:
    present, new = form.cleaned_data["present"], form.cleaned_data["new"]
    try:
        actions.change_password(user, present=present, new=new, address=client_address(request))
    except WeakPassword as weak:
        reasons = weak.data["reasons"]
        for code in reasons if isinstance(reasons, list) else []:
            form.add_error("new", wording.sentence(code))
        return False
    except (WrongPassword, SamePassword, LoginMustWait) as refused:
        refusals.show(form, refused)
        return False
    return True


@staff_page()
@require_safe
def account(request: LibraryRequest) -> HttpResponse:
    return _account_page(request, TokenForm())


def _account_page(request: LibraryRequest, form: TokenForm, *, status: int = 200) -> HttpResponse:
    user = _user(request)
    context = {
        "user": user,
        "grants": user.grants.select_related("role", "library").order_by("library__path"),
        "libraries": WorkingLibraryForm(actor=request.actor),
        "open_sessions": user.staff_sessions.order_by("-seen_at"),
        "this_session": request.session.session_key,
        "tokens": user.tokens.filter(revoked_at=None).order_by("-created_at"),
        "token_form": form,
        "now": timezone.now(),
    }
    return render(request, "access/account.html", context, status=status)


def _user(request: LibraryRequest) -> User:
    return User.objects.select_related("library").get(pk=request.actor.user_id or 0)


@staff_page()
@require_POST
def choose_library(request: LibraryRequest) -> HttpResponse:
    form = WorkingLibraryForm(request.POST, actor=request.actor)
    if not form.is_valid():
        raise NotYourLibrary
    library = form.cleaned_data["library"]
    request.session[sessions.LIBRARY_KEY] = library.pk
    messages.success(request, _("You now work at: %(library)s") % {"library": library.name})
    return HttpResponseRedirect(_local(request.POST.get("next", "")))


@staff_page()
@require_POST
def end_session(request: LibraryRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(StaffSession, pk=pk, user=request.actor.user_id)
    actions.end_session(session, by=request.actor)
    messages.success(request, _("That browser has been logged out."))
    return redirect("access:account")


@staff_page()
@require_POST
def end_other_sessions(request: LibraryRequest) -> HttpResponse:
    here = request.session.session_key or ""
    ended = actions.end_other_sessions(_user(request), keep=here, by=request.actor)
    words = ngettext(
        "%(count)s other browser has been logged out.",
        "%(count)s other browsers have been logged out.",
        ended,
    )
    messages.success(request, words % {"count": ended})
    return redirect("access:account")


@staff_page()
@never_cache
@require_POST
def issue_token(request: LibraryRequest) -> HttpResponse:
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _account_page(request, form, status=422)
    days = form.cleaned_data["days"]
    expires_at = timezone.now() + timedelta(days=days) if days else None
    token, plain = actions.issue_token(
        _user(request), form.cleaned_data["name"], by=request.actor, expires_at=expires_at
    )
    return render(request, "access/new_token.html", {"token": token, "plain": plain})


@staff_page()
@require_POST
def revoke_token(request: LibraryRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, user=request.actor.user_id)
    actions.revoke_token(token, by=request.actor)
    messages.success(request, _("The key opens nothing any more."))
    return redirect("access:account")
