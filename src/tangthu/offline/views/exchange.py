"""What the offline page asks and tells while there is a line."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tangthu.circulation.permissions import CirculationPermission
from tangthu.core.actor import Actor
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.models import Library
from tangthu.offline import actions, keys, taking
from tangthu.offline.bundle import bundle
from tangthu.offline.errors import UnknownDevice
from tangthu.offline.models import Device, OfflineEvent
from tangthu.offline.policy import BadPlain, Event, Reading, decode, encode, read_event
from tangthu.offline.views.wire import (
    USE,
    NotJson,
    answers_json,
    any_device_of,
    body_of,
    device_of,
    raw_json,
)
from tangthu.ui.staff import staff_page


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clocks:
    """What the device's clocks show as it sends."""

    wall: datetime
    run: str
    ticks: float

    @property
    def reading(self) -> Reading:
        return Reading(wall=self.wall, run=self.run, ticks=timedelta(milliseconds=self.ticks))


MOST_EVENTS = 500
REPLAY_SECONDS = 5.0


@require_safe
@staff_page(USE)
@answers_json
def session(request: LibraryRequest) -> HttpResponse:
    """Say who is here, what they may, and how the device that asks stands."""
    actor = request.actor
    library = Library.objects.filter(pk=actor.library_id or 0).first()
    device = _known(request.GET.get("device", ""), by=actor)
    at = device.library_id if device else actor.library_id
    return JsonResponse(
        {
            "user": {"id": actor.user_id, "name": actor.name},
            "library": {"id": library.pk, "name": library.name} if library else None,
            "may_use": actor.may(USE, at=at) if at else False,
            "may": sorted(
                str(permission) for permission in actor.grants if actor.may(permission, at=at)
            ),
            "lends_for": sorted(actor.libraries(CirculationPermission.LEND)),
            "csrf": get_token(request),
            "now": timezone.now().isoformat(),
            "rules": bundle().version,
            "device": _standing(device) if device else None,
        }
    )


@require_POST
@staff_page(USE)
@answers_json
def enrol(request: LibraryRequest) -> HttpResponse:
    """Make this browser an offline desk of the library where the actor works."""
    library = Library.objects.filter(pk=request.actor.library_id or 0).first()
    if library is None:
        raise UnknownDevice
    device = actions.enrol(
        library,
        name=str(body_of(request).get("name", "")),
        browser=request.headers.get("User-Agent", ""),
        by=request.actor,
    )
    return JsonResponse(_standing(device))


@require_POST
@staff_page(USE)
@answers_json
def key(request: LibraryRequest, uid: UUID) -> HttpResponse:
    """Hand the device its keys."""
    try:
        known_by = bytes.fromhex(str(body_of(request).get("known_by", "")))
    except ValueError:
        raise NotJson from None
    handed = actions.hand_out_keys(device_of(request, uid), known_by=known_by, by=request.actor)
    return JsonResponse(
        {
            "data": base64.b64encode(handed.data).decode(),
            "data_id": keys.key_id(handed.data).hex(),
            "file": base64.b64encode(handed.file).decode(),
        }
    )


@require_POST
@staff_page(USE)
@answers_json
def ready(request: LibraryRequest, uid: UUID) -> HttpResponse:
    """Say where the news begins, before everything is taken, and which cards are kept."""
    device = device_of(request, uid)
    position = taking.head()
    cards = actions.keep_cards(device, by=request.actor, used=_used(body_of(request)))
    actions.note_taken(device, by=request.actor)
    return JsonResponse({"position": position, "cards": cards, "now": timezone.now().isoformat()})


@require_safe
@staff_page(USE)
@answers_json
def book(request: LibraryRequest, uid: UUID) -> HttpResponse:
    """Answer the book of rules, unless the device has it."""
    found = taking.book_text(device_of(request, uid).library)
    if request.GET.get("have") == found.version:
        return HttpResponse(status=204)
    return raw_json(f'{{"version":"{found.version}","book":{found.text}}}')


@require_safe
@staff_page(USE)
@answers_json
def take(request: LibraryRequest, uid: UUID, part: str) -> HttpResponse:
    """Answer a page of readers or copies, after the number given."""
    library = device_of(request, uid).library
    after = request.GET.get("after", "0")
    number = int(after) if after.isascii() and after.isdigit() else 0
    pages = {"patrons": taking.patron_page, "items": taking.item_page}
    page = pages[part](library, after=number)
    return JsonResponse({"rows": page.rows, "last": page.last})


@require_safe
@staff_page(USE)
@answers_json
def news(request: LibraryRequest, uid: UUID) -> HttpResponse:
    """Answer what has changed since the position."""
    found = taking.news(device_of(request, uid).library, since=request.GET.get("since", ""))
    return JsonResponse(encode(found))


@require_POST
@staff_page(USE)
@answers_json
def events(request: LibraryRequest, uid: UUID) -> HttpResponse:
    """Take events in, do what can be done in five seconds, and say what became of these.

    The device sends the same again until none of them waits. A device that was shut out may
    still tell what it did; it learns nothing.
    """
    device = any_device_of(request, uid)
    told, after, reading = _told(request)
    actions.receive(device, told, after=after, reading=reading, by=request.actor)
    if device.revoked_at is None:
        actions.replay(device, seconds=REPLAY_SECONDS)
    results = list(OfflineEvent.objects.filter(uid__in=[event.id for event in told]))
    answer: dict[str, object] = {
        "results": [_result(row) for row in results],
        "to_do": OfflineEvent.objects.filter(device=device).to_do().count(),
        "now": timezone.now().isoformat(),
    }
    if device.revoked_at is None:
        rows = taking.rows_of(device.library, *_touched(results))
        answer["rows"] = encode(rows)
    return JsonResponse(answer)


def _told(request: LibraryRequest) -> tuple[list[Event], int, Reading]:
    body = body_of(request)
    listed, after = body.get("events"), body.get("after", 0)
    if not isinstance(listed, list) or len(listed) > MOST_EVENTS or not isinstance(after, int):
        raise NotJson
    try:
        reading = decode(_Clocks, body.get("reading"))
        if not isinstance(reading, _Clocks):
            raise NotJson
        return [read_event(each) for each in listed], after, reading.reading
    except BadPlain:
        raise NotJson from None


def _result(row: OfflineEvent) -> dict[str, object]:
    return {
        "id": str(row.uid),
        "state": row.state,
        "code": row.outcome.get("code", ""),
        "patron": row.patron_id,
    }


def _touched(rows: list[OfflineEvent]) -> tuple[set[int], set[int]]:
    patrons = {row.patron_id for row in rows if row.patron_id}
    items = {row.item_id for row in rows if row.item_id}
    return patrons, items


def _known(uid: str, *, by: Actor) -> Device | None:
    try:
        wanted = UUID(uid)
    except ValueError:
        return None
    return Device.objects.visible_to(by).select_related("library").filter(uid=wanted).first()


def _standing(device: Device) -> dict[str, object]:
    return {
        "uid": str(device.uid),
        "name": device.name,
        "library": {"id": device.library_id, "name": device.library.name},
        "revoked": device.revoked_at is not None,
        "last_number": device.last_number,
        "to_do": OfflineEvent.objects.filter(device=device).to_do().count(),
    }


def _used(body: dict[str, object]) -> frozenset[str]:
    used = body.get("used")
    return frozenset(str(card) for card in used) if isinstance(used, list) else frozenset()
