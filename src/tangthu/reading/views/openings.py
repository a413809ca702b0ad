"""The desk's page of who opened a restricted document, and of whose copy a found file is."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tangthu.core import audit
from tangthu.core.requests import LibraryRequest
from tangthu.reading.copies import loan_of_copy
from tangthu.reading.lending_forms import FoundCopyForm
from tangthu.reading.models import DigitalLoan, RestrictedView
from tangthu.reading.permissions import ReadingPermission
from tangthu.repository.models import DigitalObject
from tangthu.ui.staff import staff_page

PAGE = 50


@staff_page(ReadingPermission.LOANS, ReadingPermission.REQUESTS)
@never_cache
@require_safe
def openings(request: LibraryRequest, pk: int) -> HttpResponse:
    """List who opened a restricted document, the newest first. Who looks is written down."""
    obj = get_object_or_404(DigitalObject.objects.visible_to(request.actor), pk=pk)
    permissions = (ReadingPermission.LOANS, ReadingPermission.REQUESTS)
    if not any(request.actor.may(each, at=obj.library_id) for each in permissions):
        request.actor.require(ReadingPermission.REQUESTS, at=obj.library_id)
    audit.record(
        "restricted_view.looked",
        by=request.actor,
        kind="object",
        key=obj.pk,
        library=obj.library_id,
    )
    rows = RestrictedView.objects.filter(object=obj).select_related("patron")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "reading/openings.html", {"object": obj, "page": page})


@staff_page(ReadingPermission.LOANS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def found_copy(request: LibraryRequest) -> HttpResponse:
    """Tell for which loan a file that was found somewhere was marked. Who asks is written down."""
    form = FoundCopyForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        number = _number_in(form.cleaned_data["file"])
        loans = DigitalLoan.objects.visible_to(request.actor).select_related("object", "patron")
        loan = loans.filter(pk=number).first() if number else None
        if loan is not None:
            audit.record(
                "digital_loan.copy_found",
                by=request.actor,
                kind="digital_loan",
                key=loan.pk,
                library=loan.library_id,
            )
        context |= {"asked": True, "loan": loan}
    return render(request, "reading/found_copy.html", context, status=422 if form.errors else 200)


def _number_in(file: UploadedFile[bytes]) -> int | None:
    with tempfile.NamedTemporaryFile() as kept:
        for piece in file.chunks():
            kept.write(piece)
        kept.flush()
        return loan_of_copy(Path(kept.name))
