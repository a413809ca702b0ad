"""The tree of collections."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.repository.actions.collections import (
    CollectionData,
    add_collection,
    change_collection,
)
from tangthu.repository.forms import CollectionForm
from tangthu.repository.models import Collection
from tangthu.repository.permissions import RepositoryPermission
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

MANAGE = RepositoryPermission.MANAGE_COLLECTIONS


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def collections(request: LibraryRequest) -> HttpResponse:
    """Show the tree, and put up a collection."""
    form = CollectionForm(_posted(request))
    if request.method == "POST" and form.is_valid() and _saved(request, form, None):
        return redirect("repository:collections")
    rows = Collection.objects.in_tree_order().annotate(count=Count("digital_objects"))
    context = {"collections": rows, "form": form}
    status = 422 if form.errors else 200
    return render(request, "repository/collections.html", context, status=status)


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def collection(request: LibraryRequest, code: str) -> HttpResponse:
    """Describe a collection anew, or move it."""
    row = get_object_or_404(Collection, code=code)
    form = CollectionForm(_posted(request), collection=row)
    if request.method == "POST" and form.is_valid() and _saved(request, form, row):
        return redirect("repository:collections")
    context = {"collection": row, "form": form}
    status = 422 if form.errors else 200
    return render(request, "repository/collection.html", context, status=status)


def _posted(request: LibraryRequest) -> dict[str, str] | None:
    return request.POST.dict() if request.method == "POST" else None


def _saved(request: LibraryRequest, form: CollectionForm, row: Collection | None) -> bool:
    data = CollectionData(**form.cleaned_data)
    try:
        if row is None:
            add_collection(data, by=request.actor)
        else:
            change_collection(row, data, by=request.actor)
    except TangthuError as refused:
        refusals.show(form, refused)
        return False
    messages.success(request, _("Saved."))
    return True
