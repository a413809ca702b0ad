"""The reader's place and marks in a document, told and kept as JSON for the readers' scripts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.patrons.models import Patron
from tangthu.reading.actions.places import (
    MarkData,
    PlaceData,
    forget_place,
    keep_mark,
    keep_place,
    remove_mark,
)
from tangthu.reading.models import Mark, Place
from tangthu.reading.places import keeps_places, told_mark, told_place
from tangthu.reading.policy.places import moment_of, progress_of
from tangthu.repository.models import DigitalObject
from tangthu.ui.staff import Wrapped, public_page

P = ParamSpec("P")
LARGEST = 32 * 1024


def answers_readers(view: Callable[Concatenate[LibraryRequest, P], HttpResponse]) -> Wrapped[P]:
    """Answer a reader's script: refusals as JSON, and never anything to keep."""

    @wraps(view)
    def gate(request: LibraryRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.actor.patron_id is None:
            answer = JsonResponse({"reason": "object_needs_card"}, status=403)
        else:
            try:
                answer = view(request, *args, **kwargs)  # type: ignore[assignment]
            except TangthuError as refused:
                answer = JsonResponse({"reason": refused.code}, status=refused.status)
        answer["Cache-Control"] = "private, no-store"
        return answer

    return public_page(gate)


@require_http_methods(["GET", "PUT", "DELETE"])
@answers_readers
def place(request: LibraryRequest, name: str) -> HttpResponse:
    """Tell, keep or forget where the reader is; to tell comes with what keeping needs."""
    obj = _object(request, name)
    if request.method == "DELETE":
        forget_place(obj, by=request.actor)
        return HttpResponse(status=204)
    if request.method == "PUT":
        told = _told(request)
        kept = keep_place(obj, _place_data(told), by=request.actor)
        return JsonResponse(told_place(kept))
    patron = Patron.objects.get(pk=request.actor.patron_id or 0)
    keeps = keeps_places(patron)
    found = Place.objects.filter(patron=patron, object=obj).first() if keeps else None
    return JsonResponse(
        {
            "keeps": keeps,
            "csrf": get_token(request),
            "place": told_place(found) if found else None,
        }
    )


@require_http_methods(["GET"])
@answers_readers
def marks(request: LibraryRequest, name: str) -> HttpResponse:
    """Tell the reader's marks in the document."""
    rows = Mark.objects.filter(
        patron_id=request.actor.patron_id or 0, object=_object(request, name)
    )
    return JsonResponse({"marks": [told_mark(row) for row in rows]})


@require_http_methods(["PUT", "DELETE"])
@answers_readers
def mark(request: LibraryRequest, name: str, uid: UUID) -> HttpResponse:
    """Keep, change or remove a mark; its name is the device's, so that telling twice is once."""
    obj = _object(request, name)
    if request.method == "DELETE":
        remove_mark(obj, uid, by=request.actor)
        return HttpResponse(status=204)
    return JsonResponse(
        told_mark(keep_mark(obj, _mark_data(uid, _told(request)), by=request.actor))
    )


def _object(request: LibraryRequest, name: str) -> DigitalObject:
    found = DigitalObject.objects.visible_to(request.actor).filter(identifier=name).first()
    if found is None:
        raise Http404
    return found


def _told(request: HttpRequest) -> Mapping[str, object]:
    """Return what the script sent; nothing of what is too long or no object."""
    if len(request.body) > LARGEST:
        return {}
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _place_data(told: Mapping[str, object]) -> PlaceData:
    return PlaceData(
        locator=_locator(told),
        progress=progress_of(told.get("progress")),
        label=_text(told, "label"),
        device=_text(told, "device"),
        at=moment_of(told.get("at"), now=timezone.now()),
    )


def _mark_data(uid: UUID, told: Mapping[str, object]) -> MarkData:
    return MarkData(
        uid=uid,
        kind=_text(told, "kind"),
        locator=_locator(told),
        label=_text(told, "label"),
        quote=_text(told, "quote"),
        note=_text(told, "note"),
        colour=_text(told, "colour"),
        at=moment_of(told.get("at"), now=timezone.now()),
    )


def _locator(told: Mapping[str, object]) -> Mapping[str, object]:
    locator = told.get("locator")
    return locator if isinstance(locator, dict) else {}


def _text(told: Mapping[str, object], name: str) -> str:
    value = told.get(name)
    return value.replace("\x00", "") if isinstance(value, str) else ""
