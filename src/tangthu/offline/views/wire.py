"""JSON in and out for the offline page, with refusals as JSON too."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from tangthu.core import wording
from tangthu.core.errors import Invalid, TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.offline.errors import DeviceRevoked, UnknownDevice
from tangthu.offline.models import Device
from tangthu.offline.permissions import OfflinePermission

P = ParamSpec("P")
View = Callable[Concatenate[LibraryRequest, P], HttpResponseBase]

USE = OfflinePermission.USE


class NotJson(Invalid):
    code = "not_json"


def answers_json(view: View[P]) -> View[P]:
    """Answer a refusal as JSON with its code, for the page's own program to read."""

    @wraps(view)
    def gate(request: LibraryRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except TangthuError as refused:
            body = {**refused.data, "code": refused.code, "message": wording.explain(refused)}
            return JsonResponse(body, status=refused.status, json_dumps_params={"default": str})

    return gate


def body_of(request: LibraryRequest) -> dict[str, object]:
    """Return the JSON object of the request; raises NotJson."""
    try:
        found = json.loads(request.body or b"{}")
    except ValueError:
        raise NotJson from None
    if not isinstance(found, dict):
        raise NotJson
    return found


def device_of(request: LibraryRequest, uid: UUID) -> Device:
    """Return the device with that number; raises UnknownDevice, DeviceRevoked."""
    devices = Device.objects.visible_to(request.actor).select_related("library")
    device = devices.filter(uid=uid).first()
    if device is None:
        raise UnknownDevice
    request.actor.require(USE, at=device.library_id)
    if device.revoked_at is not None:
        raise DeviceRevoked
    return device


def any_device_of(request: LibraryRequest, uid: UUID) -> Device:
    """Return the device, shut out or not; 404 where the actor may not know of it."""
    devices = Device.objects.visible_to(request.actor).select_related("library")
    return get_object_or_404(devices, uid=uid)


def raw_json(text: str, **headers: str) -> HttpResponse:
    """Answer a text that is JSON already."""
    return HttpResponse(text, content_type="application/json", headers=headers)
