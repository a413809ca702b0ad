"""Devices: a browser becomes one, is handed its keys, and is shut out when it is lost."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.offline import keys
from tangthu.offline.errors import DeviceRevoked
from tangthu.offline.models import Device
from tangthu.offline.permissions import OfflinePermission
from tangthu.patrons.actions.registering import next_card
from tangthu.patrons.permissions import PatronsPermission
from tangthu.text.normal import normalise

CARDS_KEPT = 20
"""Card numbers that a device holds ready, so that readers whom it registers have theirs at once."""

_SALT = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens a device: its data, and the files it hands over."""

    data: bytes
    file: bytes


@transaction.atomic
def enrol(library: Library, *, name: str, browser: str = "", by: Actor) -> Device:
    """Let a browser work for the library without a line."""
    by.require(OfflinePermission.USE, at=library.pk)
    device = Device.objects.create(
        uid=uuid.uuid4(),
        name=normalise(name)[:60] or library.name[:60],
        library=library,
        salt=secrets.token_bytes(_SALT),
        browser=normalise(browser)[:200],
        created_at=timezone.now(),
        created_by=by.name,
    )
    _record("offline.enrolled", device, by=by)
    return device


@transaction.atomic
def hand_out_keys(device: Device, *, known_by: bytes = b"", by: Actor) -> Keys:
    """Return the device's keys to a member of staff at its library, and write down who got them.

    `known_by` names the key with which the device has encrypted what it holds. Raises
    DeviceRevoked. From now on events in that person's name are believed.
    """
    by.require(OfflinePermission.USE, at=device.library_id)
    device = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    if device.revoked_at is not None:
        raise DeviceRevoked
    if by.user_id not in device.users:
        device.users = [*device.users, by.user_id]
        device.save(update_fields=["users"])
    _record("offline.opened", device, by=by)
    present = keys.key_of(device, keys.Purpose.DATA)
    return Keys(
        data=keys.known_key(device, known_by) or present,
        file=keys.key_of(device, keys.Purpose.FILE),
    )


@transaction.atomic
def keep_cards(device: Device, *, by: Actor, used: frozenset[str] = frozenset()) -> list[str]:
    """Keep card numbers of the library's series for the device, and return those it has.

    `used` are those it has given to readers meanwhile. None are kept for staff who may not
    register readers.
    """
    device = (
        Device.objects.select_for_update(no_key=True).select_related("library").get(pk=device.pk)
    )
    held = [card for card in device.cards if card not in used]
    if by.may(PatronsPermission.EDIT_PATRONS, at=device.library_id):
        held += [next_card(device.library) for _missing in range(CARDS_KEPT - len(held))]
    if held != device.cards:
        device.cards = held
        device.save(update_fields=["cards"])
    return held


@transaction.atomic
def revoke(device: Device, *, by: Actor) -> Device:
    """Shut the device out: it gets no data and no keys any more.

    What it still sends is kept, but done only by a person's word. Shutting out twice changes
    nothing.
    """
    by.require(OfflinePermission.MANAGE, at=device.library_id)
    device = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by = timezone.now(), by.name
        device.save(update_fields=["revoked_at", "revoked_by"])
        _record("offline.revoked", device, by=by)
    return device


@transaction.atomic
def note_taken(device: Device, *, by: Actor) -> None:
    """Remember that the device has taken its library's data along."""
    by.require(OfflinePermission.USE, at=device.library_id)
    Device.objects.filter(pk=device.pk).update(taken_at=timezone.now())


def _record(action: str, device: Device, *, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="offline_device",
        key=device.pk,
        library=device.library_id,
        after={"name": device.name},
    )
