"""The roles: what each allows, and who may change that."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.access import actions
from tangthu.access.actions import RoleData
from tangthu.access.forms import RoleForm, permission_groups
from tangthu.access.models import Role
from tangthu.access.permissions import AccessPermission
from tangthu.access.views.tabs import tabs
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

MANAGE = AccessPermission.MANAGE_ROLES


@staff_page(MANAGE)
@require_safe
def roles(request: LibraryRequest) -> HttpResponse:
    counted = Role.objects.annotate(holders=Count("grants__user", distinct=True))
    context = {
        "roles": counted.order_by("-everything", "name"),
        "tabs": tabs(request, "roles"),
    }
    return render(request, "access/roles.html", context)


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_role(request: LibraryRequest) -> HttpResponse:
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.create_role(_data(form), by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("The role has been made. Give it to people now."))
            return redirect("staff_users:roles")
    return _page(request, form)


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_role(request: LibraryRequest, pk: int) -> HttpResponse:
    role = get_object_or_404(Role, pk=pk)
    initial = {"name": role.name, "code": role.code, "permissions": role.permissions}
    form = RoleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_role(role, _data(form), by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Saved. It holds for all who have this role."))
            return redirect("staff_users:roles")
    return _page(request, form, role)


@staff_page(MANAGE)
@require_POST
def remove_role(request: LibraryRequest, pk: int) -> HttpResponse:
    actions.remove_role(get_object_or_404(Role, pk=pk), by=request.actor)
    messages.success(request, _("The role has been removed."))
    return redirect("staff_users:roles")


def _data(form: RoleForm) -> RoleData:
    told = form.cleaned_data
    return RoleData(
        code=told["code"], name=told["name"], permissions=frozenset(told["permissions"])
    )


def _page(request: LibraryRequest, form: RoleForm, role: Role | None = None) -> HttpResponse:
    chosen = frozenset(form["permissions"].value() or [])
    groups = [
        (
            heading,
            [
                (str(each), each.label, str(each) in chosen or (role and role.everything))
                for each in permissions
            ],
        )
        for heading, permissions in permission_groups()
    ]
    context = {
        "form": form,
        "role": role,
        "groups": groups,
        "holders": role.grants.select_related("user", "library")[:20] if role else [],
    }
    return render(request, "access/role_form.html", context, status=422 if form.errors else 200)
