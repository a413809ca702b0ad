"""Files on a USB stick: what a desk without any line did, and what it takes along instead.

`TANGTHU-OFFLINE 1`, a line of JSON that names the kind and the device, then the content, packed
with gzip and sealed with the device's own key. The head is bound to the content: whoever changes
either, or lacks the key, makes a file that nobody takes.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.offline import actions, keys, taking
from tangthu.offline.errors import FileRefused
from tangthu.offline.models import Device, EventState, OfflineEvent
from tangthu.offline.policy import BadPlain, Event, read_event

LARGEST = 20_000_000
LARGEST_CONTENT = 200_000_000
LONGEST_HEAD = 400
KEPT = timedelta(days=90)
"""How far back the centre tells the device what became of its deeds."""

_MAGIC = b"TANGTHU-OFFLINE "
_VERSION = b"1"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a file brought: all its events, and those that had not come before."""

    device: Device
    events: int
    fresh: int


def receive_file(content: bytes, *, by: Actor) -> Receipt:
    """Take the events of a file in; the same file twice brings nothing the second time.

    All or none: raises FileRefused with the reason, and nothing was taken. What is new waits to
    be replayed.
    """
    device, sealed, head = _opened_head(content, by=by)
    events, after = _events(_content(device, sealed, head))
    fresh = actions.receive(device, events, after=after, reading=None, by=by)
    return Receipt(device, len(events), fresh)


def taken_file(device: Device, *, by: Actor) -> bytes:
    """Return the file with everything the device needs, and what became of its events."""
    cards = actions.keep_cards(device, by=by)
    actions.note_taken(device, by=by)
    position = taking.head()
    book = taking.book_text(device.library)
    told = {
        "kind": "taken",
        "position": position,
        "cards": cards,
        "settled": _settled(device),
        "to_do": OfflineEvent.objects.filter(device=device).to_do().count(),
        "book_version": book.version,
        "book": json.loads(book.text),
        "patrons": taking.every_patron(device.library),
        "items": taking.every_item(device.library),
    }
    plain = gzip.compress(json.dumps(told, ensure_ascii=False).encode(), 6)
    return _sealed(device, "taken", plain)


def _sealed(device: Device, kind: str, plain: bytes) -> bytes:
    named = {"kind": kind, "device": str(device.uid), "made": timezone.now().isoformat()}
    head = _MAGIC + _VERSION + b"\n" + json.dumps(named).encode() + b"\n"
    return head + keys.seal(device, plain, context=head)


def _settled(device: Device) -> dict[str, int | None]:
    """Return the events that the library has dealt with, and the readers that they made."""
    since = timezone.now() - KEPT
    rows = OfflineEvent.objects.filter(device=device, received_at__gt=since).exclude(
        state=EventState.WAITING
    )
    return {str(uid): patron for uid, patron in rows.values_list("uid", "patron_id")}


def _opened_head(content: bytes, *, by: Actor) -> tuple[Device, bytes, bytes]:
    """Return the device that made the file, its sealed part and its head."""
    if len(content) > LARGEST:
        raise FileRefused("too_large")
    if not content.startswith(_MAGIC):
        raise FileRefused("not_ours")
    version, _, rest = content[len(_MAGIC) : len(_MAGIC) + LONGEST_HEAD].partition(b"\n")
    if version != _VERSION:
        raise FileRefused("newer" if version.isdigit() else "not_ours")
    line, found, _ = rest.partition(b"\n")
    if not found:
        raise FileRefused("not_ours")
    length = len(_MAGIC) + len(version) + len(line) + 2
    return _device_of(line, by=by), content[length:], content[:length]


def _device_of(line: bytes, *, by: Actor) -> Device:
    try:
        named = json.loads(line)
        kind, uid = named["kind"], UUID(named["device"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise FileRefused("not_ours") from None
    if kind != "events":
        raise FileRefused("not_events")
    devices = Device.objects.visible_to(by).select_related("library")
    device = devices.filter(uid=uid).first()
    if device is None:
        raise FileRefused("unknown_device")
    return device


def _content(device: Device, sealed: bytes, head: bytes) -> object:
    try:
        packed = keys.unseal(device, sealed, context=head)
        with gzip.open(io.BytesIO(packed)) as stream:
            # Bounded: a small file may unpack into more than any memory.
            plain = stream.read(LARGEST_CONTENT + 1)
        if len(plain) > LARGEST_CONTENT:
            raise FileRefused("too_large")
        return json.loads(plain)
    except (keys.WrongKey, OSError, EOFError, zlib.error, ValueError):
        raise FileRefused("damaged") from None


def _events(told: object) -> tuple[list[Event], int]:
    try:
        if not isinstance(told, dict) or told.get("kind") != "events":
            raise FileRefused("not_events")
        after, listed = told["after"], told["events"]
        if not isinstance(after, int) or not isinstance(listed, list):
            raise FileRefused("damaged")
        return [read_event(each) for each in listed], after
    except (BadPlain, KeyError):
        raise FileRefused("damaged") from None
