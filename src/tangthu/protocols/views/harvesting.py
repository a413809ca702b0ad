from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.protocols.actions import add_source, change_source
from tangthu.protocols.forms import SourceForm
from tangthu.protocols.models import HarvestSource
from tangthu.protocols.permissions import ProtocolPermission
from tangthu.protocols.tasks import harvest_source
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

HARVEST = ProtocolPermission.HARVEST


@staff_page(HARVEST)
@require_safe
def sources(request: LibraryRequest) -> HttpResponse:
    """List the sources, how each stands, and what its last harvest brought."""
    rows = HarvestSource.objects.visible_to(request.actor).select_related("library")
    shown = [(row, wording.sentence(row.failure) if row.failure else "") for row in rows]
    return render(request, "protocols/harvest.html", {"sources": shown})


@staff_page(HARVEST)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: LibraryRequest) -> HttpResponse:
    """Set a source up; its first harvest begins at once."""
    form = SourceForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            library = form.cleaned_data["library"]
            source = add_source(form.data_of(), library=library, by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            return _started(request, source)
    return _form(request, form, None)


@staff_page(HARVEST)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: LibraryRequest, pk: int) -> HttpResponse:
    """Describe a source anew."""
    source = _source(request, pk)
    form = SourceForm(request.POST or None, actor=request.actor, source=source)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            change_source(source, form.data_of(), version=version, by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("harvest:sources")
    return _form(request, form, source)


@staff_page(HARVEST)
@require_POST
def run(request: LibraryRequest, pk: int) -> HttpResponse:
    """Harvest the source now."""
    return _started(request, _source(request, pk))


def _started(request: LibraryRequest, source: HarvestSource) -> HttpResponse:
    harvest_source.enqueue(source.pk)
    messages.success(request, _("It is being harvested. Load the page again in a while."))
    return redirect("harvest:sources")


def _form(request: LibraryRequest, form: SourceForm, source: HarvestSource | None) -> HttpResponse:
    context = {"form": form, "source": source}
    status = 422 if form.errors else 200
    return render(request, "protocols/harvest_form.html", context, status=status)


def _source(request: LibraryRequest, pk: int) -> HarvestSource:
    return get_object_or_404(HarvestSource.objects.visible_to(request.actor), pk=pk)
