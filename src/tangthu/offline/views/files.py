"""Files of desks that have no line at all: what they bring, and what they take back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.offline.errors import EventsMissing, FileRefused
from tangthu.offline.files import LARGEST, Receipt, receive_file, taken_file
from tangthu.offline.forms import FileForm
from tangthu.offline.models import Device
from tangthu.offline.permissions import OfflinePermission
from tangthu.offline.tasks import replay_device
from tangthu.offline.views.wire import device_of
from tangthu.offline.wording import FILE_FAULTS
from tangthu.ui.staff import staff_page

USE = OfflinePermission.USE


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(USE)
def files(request: LibraryRequest) -> HttpResponse:
    """Take a file in, and offer each device's own to take back."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        receipt = _receive(request, form)
        if receipt is not None:
            return redirect("offline:to_do")
    devices = Device.objects.visible_to(request.actor).filter(revoked_at=None)
    context = {"form": form, "devices": devices.select_related("library")}
    return render(request, "offline/files.html", context, status=422 if form.errors else 200)


def _receive(request: LibraryRequest, form: FileForm) -> Receipt | None:
    content = form.cleaned_data["file"].read(LARGEST + 1)
    try:
        with transaction.atomic():
            receipt = receive_file(content, by=request.actor)
            if receipt.fresh:
                replay_device.enqueue(receipt.device.pk)
    except FileRefused as refused:
        form.add_error("file", str(FILE_FAULTS[refused.why]))
        return None
    except EventsMissing:
        form.add_error("file", _("A file before this one is missing. Bring that one first."))
        return None
    words = _("The file holds %(count)s deeds; %(fresh)s of them are new and are being done.")
    messages.success(request, words % {"count": receipt.events, "fresh": receipt.fresh})
    return receipt


@require_safe
@staff_page(USE)
def taken(request: LibraryRequest, uid: UUID) -> HttpResponse:
    """Hand out the file that brings the library's data to the device."""
    device = device_of(request, uid)
    content = taken_file(device, by=request.actor)
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="trung-tam-{device.pk}.tangthu"'
    return response
