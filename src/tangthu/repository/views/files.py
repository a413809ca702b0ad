"""Kept files handed to staff, whole objects as bags, and reading the archive again."""

from __future__ import annotations

import tempfile
import zipfile
from contextlib import suppress

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tangthu.core.errors import NotPermitted
from tangthu.core.requests import LibraryRequest
from tangthu.core.wording import sentence
from tangthu.formats import markup
from tangthu.formats.mets import MEDIA_TYPE
from tangthu.repository import storage
from tangthu.repository.actions.fixity import check_object
from tangthu.repository.actions.restoring import redraw_lost
from tangthu.repository.actions.texts import archive_text
from tangthu.repository.bags import Packed, write_bag
from tangthu.repository.errors import FileDamaged, ObjectWithdrawn
from tangthu.repository.mets import archived
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy import limits
from tangthu.repository.tasks import make_object_ready
from tangthu.ui.staff import staff_page

EDIT = RepositoryPermission.EDIT_OBJECTS
PRESERVE = RepositoryPermission.PRESERVE
LARGEST_BAG = 2 * limits.GIB
"""Of what is handed out by the browser; `tangthu export_bag` writes any."""


@staff_page(EDIT)
@require_safe
def download(request: LibraryRequest, identifier: str, file: str) -> HttpResponseBase:
    """Hand out a kept file as it was taken in: to be saved, never opened in our pages."""
    kept = DigitalObject.objects.kept_by(request.actor)
    rows = DigitalFile.objects.filter(object__in=kept, object__identifier=identifier)
    row = get_object_or_404(rows, identifier=file)
    response = FileResponse(
        storage.path_of(row).open("rb"),
        as_attachment=True,
        filename=row.name,
        content_type="application/octet-stream",
    )
    response["Content-Security-Policy"] = "sandbox"
    return response


@staff_page(EDIT)
@require_POST
def redraw(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Let the worker draw the pages whose reading copy is lost."""
    obj = _kept(request, identifier)
    if redraw_lost(obj, by=request.actor):
        make_object_ready.enqueue(obj.pk)
    messages.success(request, _("They are being drawn from their masters."))
    return redirect("repository:object", identifier)


@staff_page(PRESERVE)
@require_POST
def check(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Read all kept files of the object again."""
    damaged = check_object(_kept(request, identifier), by=request.actor)
    if damaged:
        words = ngettext("%(count)s file is damaged.", "%(count)s files are damaged.", damaged)
        messages.error(request, words % {"count": damaged})
    else:
        messages.success(request, _("All kept files are as they were taken in."))
    return redirect("repository:object", identifier)


@staff_page(PRESERVE)
@require_POST
def bag(request: LibraryRequest, identifier: str) -> HttpResponseBase:
    """Hand out the whole object as a bag (BagIt) in a ZIP file."""
    obj = _kept(request, identifier)
    if sum(obj.files.current().values_list("size", flat=True)) > LARGEST_BAG:
        messages.error(request, _("The object is too large for the browser. Ask for the command."))
        return redirect("repository:object", identifier)
    # The file has no name any more: the disk is free again when it was sent.
    packed = tempfile.TemporaryFile(dir=storage.root())  # noqa: SIM115
    with suppress(ObjectWithdrawn, NotPermitted):
        archive_text(obj, by=request.actor)
    try:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            write_bag(obj, Packed(archive, f"{obj.identifier}/"))
    except FileDamaged as damaged:
        packed.close()
        messages.error(request, sentence(damaged.code))
        return redirect("repository:object", identifier)
    packed.seek(0)
    return FileResponse(packed, as_attachment=True, filename=f"{obj.identifier}.zip")


@staff_page(EDIT)
@require_safe
def mets(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Hand out what is known of the object, its pages, files and history as METS."""
    written = f"{markup.HEADER}{archived(_kept(request, identifier))}\n"
    answer = HttpResponse(written, content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{identifier}-mets.xml"'
    return answer


def _kept(request: LibraryRequest, identifier: str) -> DigitalObject:
    kept = DigitalObject.objects.kept_by(request.actor).select_related("library")
    return get_object_or_404(kept, identifier=identifier)
