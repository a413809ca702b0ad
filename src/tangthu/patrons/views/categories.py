"""The kinds of readers."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.patrons import actions
from tangthu.patrons.forms import CategoryForm
from tangthu.patrons.models import PatronCategory
from tangthu.patrons.permissions import PatronsPermission
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

MANAGE = PatronsPermission.MANAGE_CATEGORIES


@staff_page(MANAGE)
@require_safe
def categories(request: LibraryRequest) -> HttpResponse:
    counted = PatronCategory.objects.annotate(readers=Count("patrons")).order_by("name")
    return render(request, "patrons/categories.html", {"categories": counted})


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_category(request: LibraryRequest) -> HttpResponse:
    form = CategoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.create_category(form.told(), by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("patrons:categories")
    return _page(request, {"form": form})


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_category(request: LibraryRequest, pk: int) -> HttpResponse:
    category = get_object_or_404(PatronCategory, pk=pk)
    initial = {name: getattr(category, name) for name in CategoryForm.base_fields}
    form = CategoryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_category(category, form.told(), by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("patrons:categories")
    return _page(request, {"form": form, "category": category})


def _page(request: LibraryRequest, context: dict[str, object]) -> HttpResponse:
    form = context["form"]
    status = 422 if isinstance(form, CategoryForm) and form.errors else 200
    return render(request, "patrons/category_form.html", context, status=status)
