"""Batches: a ZIP file with a folder for each document, and what became of each."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.repository import labels
from tangthu.repository.models import IngestBatch, Upload
from tangthu.repository.permissions import RepositoryPermission
from tangthu.ui.staff import staff_page

EDIT = RepositoryPermission.EDIT_OBJECTS
PAGE = 30
ENTRIES = 200


@staff_page(EDIT)
@require_safe
def batches(request: LibraryRequest) -> HttpResponse:
    """List the batches, and take another."""
    rows = IngestBatch.objects.visible_to(request.actor).select_related("library")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "csrf": get_token(request),
        "uploads": [
            (row, labels.fault(row.fault) if row.fault else "")
            for row in Upload.objects.visible_to(request.actor).filter(object=None)[:10]
        ],
    }
    return render(request, "repository/batches.html", context)


@staff_page(EDIT)
@require_safe
def batch(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show what became of each folder."""
    row = get_object_or_404(IngestBatch.objects.visible_to(request.actor), pk=pk)
    entries = row.entries.select_related("object", "record").defer("record__marc")
    page = Paginator(entries, ENTRIES).get_page(request.GET.get("page"))
    context = {
        "batch": row,
        "fault": labels.fault(row.fault) if row.fault else "",
        "page": page,
        "entries": [(each, labels.fault(each.fault) if each.fault else "") for each in page],
    }
    return render(request, "repository/batch.html", context)
