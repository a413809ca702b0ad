"""The accounts of the staff, for those who administer them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.access import actions
from tangthu.access.actions import UserData
from tangthu.access.authority import is_over
from tangthu.access.forms import GrantForm, NewUserForm, UserFilterForm, UserForm, initial_of
from tangthu.access.models import RoleGrant, User, UserQuerySet
from tangthu.access.permissions import AccessPermission
from tangthu.access.reading import locked_usernames
from tangthu.access.views.tabs import tabs
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.models import Library
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

PAGE = 50
MANAGE = AccessPermission.MANAGE_USERS


@staff_page(MANAGE, AccessPermission.MANAGE_ROLES)
@require_safe
def users(request: LibraryRequest) -> HttpResponse:
    form = UserFilterForm(request.GET, actor=request.actor)
    locked = locked_usernames(timezone.now())
    found = User.objects.visible_to(request.actor)
    if form.is_valid():
        found = _narrowed(found, form.cleaned_data, locked)
    page = Paginator(found.for_list().order_by("name", "pk"), PAGE).get_page(
        request.GET.get("page")
    )
    narrowed = any(request.GET.get(name) for name in form.fields)
    context = {
        "form": form,
        "page": page,
        "locked": locked,
        "narrowed": narrowed,
        "manages": request.actor.may(MANAGE),
        "tabs": tabs(request, "users"),
    }
    return render(request, "access/users.html", context)


def _narrowed(
    found: UserQuerySet, wanted: dict[str, object], locked: frozenset[str]
) -> UserQuerySet:
    if wanted["q"]:
        found = found.matching(str(wanted["q"]))
    if isinstance(library := wanted["library"], Library):
        found = found.filter(library=library)
    match wanted["state"]:
        case "active":
            found = found.filter(is_active=True)
        case "barred":
            found = found.filter(is_active=False)
        case "locked":
            found = found.filter(username__in=locked)
    return found


@staff_page(MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_user(request: LibraryRequest) -> HttpResponse:
    actor = request.actor
    form = NewUserForm(request.POST or None, actor=actor, initial={"library": actor.library_id})
    if request.method == "POST" and form.is_valid():
        try:
            user, first = _create(form, request)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            context = {"user": user, "first": first, "is_new": True}
            return render(request, "access/first_password.html", context)
    return render(
        request, "access/user_form.html", {"form": form}, status=422 if form.errors else 200
    )


@transaction.atomic
def _create(form: NewUserForm, request: LibraryRequest) -> tuple[User, str]:
    user, first = actions.create_user(_data(form), by=request.actor)
    if role := form.cleaned_data["role"]:
        actions.grant_role(user, role, user.library, by=request.actor)
    return user, first


def _data(form: UserForm) -> UserData:
    told = form.cleaned_data
    return UserData(
        username=told["username"],
        name=told["name"],
        library=told["library"],
        email=told["email"],
    )


@staff_page(MANAGE)
@require_safe
def user(request: LibraryRequest, pk: int) -> HttpResponse:
    return _user_page(request, _visible(request, pk))


def _visible(request: LibraryRequest, pk: int) -> User:
    visible = User.objects.visible_to(request.actor).select_related("library")
    return get_object_or_404(visible, pk=pk)


def _user_page(request: LibraryRequest, user: User, form: GrantForm | None = None) -> HttpResponse:
    actor = request.actor
    manages = actor.may(MANAGE, at=user.library_id) and is_over(user, by=actor)
    context = {
        "user": user,
        "grants": user.grants.select_related("role", "library").order_by("library__path"),
        "manages": manages,
        "is_self": user.pk == actor.user_id,
        "is_locked": user.username in locked_usernames(timezone.now()),
        "grant_form": form or GrantForm(actor=actor, initial={"library": user.library_id}),
        "open_sessions": user.staff_sessions.order_by("-seen_at")[:10],
        "tokens": user.tokens.filter(revoked_at=None).order_by("-created_at"),
        "may_see_log": actor.may(AccessPermission.SEE_AUDIT, at=user.library_id),
    }
    status = 422 if form is not None else 200
    return render(request, "access/user.html", context, status=status)


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_user(request: LibraryRequest, pk: int) -> HttpResponse:
    user = _visible(request, pk)
    form = UserForm(request.POST or None, actor=request.actor, initial=initial_of(user))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_user(user, _data(form), by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_users:user", pk=pk)
    context = {"form": form, "user": user}
    return render(request, "access/user_form.html", context, status=422 if form.errors else 200)


@staff_page(MANAGE)
@require_POST
def bar(request: LibraryRequest, pk: int) -> HttpResponse:
    actions.bar_user(_visible(request, pk), by=request.actor)
    messages.success(request, _("Barred. All their browsers and keys stopped working at once."))
    return redirect("staff_users:user", pk=pk)


@staff_page(MANAGE)
@require_POST
def readmit(request: LibraryRequest, pk: int) -> HttpResponse:
    actions.readmit_user(_visible(request, pk), by=request.actor)
    messages.success(request, _("They may log in again, with the password of before."))
    return redirect("staff_users:user", pk=pk)


@staff_page(MANAGE)
@require_POST
def unlock(request: LibraryRequest, pk: int) -> HttpResponse:
    actions.unlock_user(_visible(request, pk), by=request.actor)
    messages.success(request, _("Unlocked. They may try to log in again."))
    return redirect("staff_users:user", pk=pk)


@staff_page(MANAGE)
@never_cache
@require_POST
def reset_password(request: LibraryRequest, pk: int) -> HttpResponse:
    user = _visible(request, pk)
    first = actions.reset_password(user, by=request.actor)
    context = {"user": user, "first": first, "is_new": False}
    return render(request, "access/first_password.html", context)


@staff_page(MANAGE)
@require_POST
def end_sessions(request: LibraryRequest, pk: int) -> HttpResponse:
    user = _visible(request, pk)
    with transaction.atomic():
        for session in user.staff_sessions.all():
            actions.end_session(session, by=request.actor)
    messages.success(request, _("They have been logged out everywhere."))
    return redirect("staff_users:user", pk=pk)


@staff_page(MANAGE)
@require_POST
def grant(request: LibraryRequest, pk: int) -> HttpResponse:
    user = _visible(request, pk)
    form = GrantForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _user_page(request, user, form)
    told = form.cleaned_data
    try:
        actions.grant_role(user, told["role"], told["library"], by=request.actor)
    except TangthuError as refused:
        refusals.show(form, refused)
        return _user_page(request, user, form)
    messages.success(request, _("The role has been given. It holds from the next click on."))
    return redirect("staff_users:user", pk=pk)


@staff_page(MANAGE)
@require_POST
def revoke(request: LibraryRequest, pk: int, grant_pk: int) -> HttpResponse:
    held = RoleGrant.objects.select_related("user", "role", "library")
    row = get_object_or_404(held, pk=grant_pk, user=_visible(request, pk))
    actions.revoke_role(row, by=request.actor)
    messages.success(request, _("The role has been taken away."))
    return redirect("staff_users:user", pk=pk)


@staff_page(MANAGE)
@require_POST
def revoke_token(request: LibraryRequest, pk: int, token_pk: int) -> HttpResponse:
    token = get_object_or_404(_visible(request, pk).tokens, pk=token_pk)
    actions.revoke_token(token, by=request.actor)
    messages.success(request, _("The key opens nothing any more."))
    return redirect("staff_users:user", pk=pk)
