"""Uploads that resume: tus 1.0.0 with its extensions creation, expiration, checksum, termination.

https://tus.io/protocols/resumable-upload
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC
from email.utils import format_datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from tangthu.core.errors import TangthuError
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.core.wording import explain
from tangthu.libraries.models import Library
from tangthu.repository.actions.uploads import (
    ALGORITHMS,
    Checksum,
    begin_upload,
    give_up,
    receive_piece,
)
from tangthu.repository.errors import UploadGone
from tangthu.repository.models import DigitalObject, Upload
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy import limits
from tangthu.repository.policy.outlines import Outline, outline_of
from tangthu.repository.tasks import take_in_upload
from tangthu.ui.staff import staff_page

EDIT = RepositoryPermission.EDIT_OBJECTS
TUS = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"
CAPABILITIES = {
    "Tus-Version": TUS,
    "Tus-Extension": "creation,expiration,checksum,termination",
    "Tus-Max-Size": str(limits.LARGEST_FILE),
    "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
}


@staff_page(EDIT)
def uploads(request: LibraryRequest) -> HttpResponse:
    """Begin an upload, or tell what this server can do."""
    match request.method:
        case "OPTIONS":
            return _answer(204, CAPABILITIES)
        case "POST":
            return _spoken(request) or _begin(request)
        case _:
            return _answer(405, {"Allow": "OPTIONS, POST"})


@staff_page(EDIT)
def upload(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Tell how far an upload is, take its next piece, or forget it."""
    if request.method not in {"HEAD", "PATCH", "DELETE"}:
        return _answer(405, {"Allow": "HEAD, PATCH, DELETE"})
    refused = _spoken(request)
    if refused is not None:
        return refused
    row = get_object_or_404(Upload.objects.visible_to(request.actor), identifier=identifier)
    match request.method:
        case "HEAD":
            return _tell(row)
        case "PATCH":
            return _receive(request, row)
        case _:
            give_up(row, by=request.actor)
            return _answer(204)


def _begin(request: LibraryRequest) -> HttpResponse:
    length = whole_number(request.headers.get("Upload-Length", ""))
    told = _metadata(request)
    if length is None or told is None:
        return _answer(400)
    obj, library = _target(request, told)
    try:
        row = begin_upload(
            told.get("filename", ""),
            length=length,
            library=library,
            obj=obj,
            outline=_outline(told),
            by=request.actor,
        )
    except ValueError:
        return _answer(400)
    except TangthuError as refused:
        return _refused(refused)
    where = reverse("repository:upload", args=[row.identifier])
    return _answer(201, {"Location": where, **_expiry(row)})


def _tell(row: Upload) -> HttpResponse:
    headers = {
        "Upload-Offset": str(row.offset),
        "Upload-Length": str(row.length),
        "Cache-Control": "no-store",
        **_expiry(row),
    }
    return _answer(200, headers)


def _receive(request: LibraryRequest, row: Upload) -> HttpResponse:
    offset = whole_number(request.headers.get("Upload-Offset", ""))
    if request.content_type != PIECE_TYPE:
        return _answer(415)
    checksum = _checksum(request)
    if offset is None or checksum == "bad":
        return _answer(400)
    try:
        row = receive_piece(
            row,
            request,
            offset=offset,
            checksum=checksum if isinstance(checksum, Checksum) else None,
            when_complete=lambda done: take_in_upload.enqueue(done.pk),
            by=request.actor,
        )
    except TangthuError as refused:
        return _refused(refused)
    return _answer(204, {"Upload-Offset": str(row.offset), **_expiry(row)})


def _target(request: LibraryRequest, told: dict[str, str]) -> tuple[DigitalObject | None, Library]:
    """Return what the file is for: an object of the sender's, else a batch for their library."""
    if "object" in told:
        kept = DigitalObject.objects.kept_by(request.actor).select_related("library")
        obj = get_object_or_404(kept, identifier=told["object"])
        return obj, obj.library
    return None, get_object_or_404(Library, pk=request.actor.library_id or 0)


def _outline(told: dict[str, str]) -> Outline | None:
    """Return where the page lies in the picture. Raises ValueError for what encloses none."""
    return outline_of(json.loads(told["outline"])) if told.get("outline") else None


def _metadata(request: HttpRequest) -> dict[str, str] | None:
    """Return what the header Upload-Metadata says; None where it says it wrongly."""
    told: dict[str, str] = {}
    for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        name, _, value = pair.strip().partition(" ")
        try:
            told[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
    return told


def _checksum(request: HttpRequest) -> Checksum | str | None:
    """Return what the header Upload-Checksum says; "bad" where it says nothing that we know."""
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        return "bad"
    return Checksum(algorithm, digest) if algorithm in ALGORITHMS else "bad"


def _spoken(request: HttpRequest) -> HttpResponse | None:
    """Refuse who speaks another version."""
    if request.headers.get("Tus-Resumable") == TUS:
        return None
    return _answer(412, {"Tus-Version": TUS})


def _expiry(row: Upload) -> dict[str, str]:
    return {"Upload-Expires": format_datetime(row.expires_at.astimezone(UTC), usegmt=True)}


def _refused(error: TangthuError) -> HttpResponse:
    status = 410 if isinstance(error, UploadGone) else error.status
    answer = _answer(status)
    answer["Content-Type"] = "text/plain; charset=utf-8"
    answer.write(explain(error))
    return answer


def _answer(status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(status=status, headers={"Tus-Resumable": TUS, **(headers or {})})
