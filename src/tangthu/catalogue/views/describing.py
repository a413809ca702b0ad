"""Describe a document, or correct a description, in a dozen fields."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tangthu.catalogue import actions, reading
from tangthu.catalogue.forms import NewRecordForm, RecordForm
from tangthu.catalogue.models import Record
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.formats.marc import storage
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

EDIT = CataloguePermission.EDIT_RECORDS
READ_OR_WRITE = ["GET", "HEAD", "POST"]
FOLDED = ("responsibility", "edition", "series", "book_number", "keywords", "price", "summary")


@staff_page(EDIT)
@require_http_methods(READ_OR_WRITE)
def describe(request: LibraryRequest) -> HttpResponse:
    """Describe a document that the catalogue does not have; look-alikes are shown first."""
    form = NewRecordForm(request.POST or None, actor=request.actor)
    alike: list[Record] = []
    if request.method == "POST" and form.is_valid():
        marc = form.marc()
        alike = [] if request.POST.get("sure") else reading.alike(marc)
        record = None if alike else _add(request, form)
        if record is not None:
            messages.success(request, _("The document is described. Now add its copies."))
            return redirect("catalogue:items", pk=record.pk)
    return _page(request, form, alike=alike)


@staff_page(EDIT)
@require_http_methods(READ_OR_WRITE)
def edit(request: LibraryRequest, pk: int) -> HttpResponse:
    """Correct a description. Fields that the form does not show stay as they are."""
    record = get_object_or_404(Record.objects.visible_to(request.actor), pk=pk)
    request.actor.require(EDIT, at=record.library_id)
    form = RecordForm(request.POST or None, base=storage.loads(record.marc))
    form.initial["version"] = record.version
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            actions.save_record(record, form.marc(), version=version, by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Saved. The earlier version is kept."))
            return redirect("catalogue:record", pk=pk)
    return _page(request, form, record=record)


def _add(request: LibraryRequest, form: NewRecordForm) -> Record | None:
    try:
        library = form.cleaned_data["library"]
        return actions.add_record(form.marc(), library=library, by=request.actor)
    except TangthuError as refused:
        refusals.show(form, refused)
        return None


def _page(
    request: LibraryRequest,
    form: RecordForm,
    *,
    record: Record | None = None,
    alike: list[Record] | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "record": record,
        "alike": alike,
        "more_open": any(name in form.errors for name in FOLDED)
        or (record is not None and any(form[name].value() for name in FOLDED)),
    }
    status = 409 if alike else 422 if form.errors else 200
    return render(request, "catalogue/form.html", context, status=status)
