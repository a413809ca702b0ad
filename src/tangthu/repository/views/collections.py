"""The tree of collections."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.core.wording import sentence
from tangthu.repository import storage
from tangthu.repository.actions.collections import (
    CollectionData,
    add_collection,
    change_collection,
)
from tangthu.repository.actions.handing_out import ask_export
from tangthu.repository.forms import CollectionForm
from tangthu.repository.labels import FAULTS
from tangthu.repository.models import Collection, CollectionExport
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.tasks import hand_out_collection
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

MANAGE = RepositoryPermission.MANAGE_COLLECTIONS
PRESERVE = RepositoryPermission.PRESERVE
MOST_EXPORTS = 5


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
    context = {"collection": row, "form": form} | _exports(request, row)
    status = 422 if form.errors else 200
    return render(request, "repository/collection.html", context, status=status)


@staff_page(PRESERVE)
@require_POST
def ask(request: LibraryRequest, code: str) -> HttpResponse:
    """Have the collection written as one file by the worker."""
    export = ask_export(get_object_or_404(Collection, code=code), by=request.actor)
    hand_out_collection.enqueue(export.pk)
    return redirect("repository:collection", code)


@staff_page(PRESERVE)
@require_safe
def progress(request: LibraryRequest, code: str) -> HttpResponse:
    """Show how far the files of this collection are, as part of its page."""
    row = get_object_or_404(Collection, code=code)
    context = {"collection": row} | _exports(request, row)
    return render(request, "repository/collection.html#exports", context)


@staff_page(PRESERVE)
@require_safe
def export(request: LibraryRequest, identifier: str) -> HttpResponseBase:
    """Hand out a collection's file to who asked for it."""
    mine = CollectionExport.objects.visible_to(request.actor).select_related("collection")
    row = get_object_or_404(mine, identifier=identifier, fault="", finished_at__isnull=False)
    try:
        written = storage.export_path(row.identifier).open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    return FileResponse(written, as_attachment=True, filename=f"{row.collection.code}.zip")


def _exports(request: LibraryRequest, row: Collection) -> dict[str, object]:
    if not request.actor.may(PRESERVE):
        return {}
    rows = list(row.exports.visible_to(request.actor)[:MOST_EXPORTS])
    return {
        "may_export": True,
        "exports": [
            (each, FAULTS.get(each.fault, sentence(each.fault)) if each.fault else "")
            for each in rows
        ],
        "is_waiting": any(each.finished_at is None for each in rows),
    }


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
