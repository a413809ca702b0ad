"""Printed slips that go with documents: each with a code that opens it, or finishes its stage."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.digitisation.models import Capture
from tangthu.digitisation.views.projects.finding import PARTS, seen_batch, seen_capture
from tangthu.patrons.symbols import Symbol, qr
from tangthu.ui.staff import staff_page


@staff_page(*PARTS)
@require_safe
def docket(request: LibraryRequest, number: str) -> HttpResponse:
    """Draw the slip of one document."""
    row = seen_capture(request, number)
    context = {"slips": [(row, _code(request, row))], "batch": None, **_common(row)}
    return render(request, "digitisation/dockets.html", context)


@staff_page(*PARTS)
@require_safe
def dockets(request: LibraryRequest, number: str) -> HttpResponse:
    """Draw the slip of a batch, with the list of its documents, and one for each of them."""
    row = seen_batch(request, number)
    captures = list(row.captures.for_list())
    address = request.build_absolute_uri(reverse("digitisation:batch", args=[row.number]))
    context = {
        "slips": [(each, _code(request, each)) for each in captures],
        "batch": row,
        "batch_code": qr(address),
        "stages": list(row.project.stages.all()),
        "project": row.project,
    }
    return render(request, "digitisation/dockets.html", context)


def _common(row: Capture) -> dict[str, object]:
    return {"stages": list(row.project.stages.all()), "project": row.project}


def _code(request: LibraryRequest, row: Capture) -> Symbol:
    return qr(request.build_absolute_uri(reverse("digitisation:capture", args=[row.number])))
