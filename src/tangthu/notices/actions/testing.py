"""Trying out: a message to oneself through the outbox, so that all of the way is tried."""

from __future__ import annotations

import uuid

from django.db import transaction

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.notices.actions.announcing import Address, announce_to
from tangthu.notices.actions.channels import wake
from tangthu.notices.errors import NoOwnAddress, Unreachable
from tangthu.notices.models import Notice
from tangthu.notices.permissions import NoticesPermission
from tangthu.notices.policy import DEFAULT_LANGUAGE, Channel, NoticeKind
from tangthu.text.phones import normalise_phone


@transaction.atomic
def send_test(
    library: Library,
    channel: Channel,
    address: str,
    *,
    about: NoticeKind | None = None,
    language: str = DEFAULT_LANGUAGE,
    by: Actor,
) -> Notice:
    """Send a test, or the text of a kind with its examples, to an address that somebody gives.

    A resting channel is woken for it. Needs the right to texts for a text, to channels otherwise.
    Raises NoOwnAddress for what is no address, Unreachable for a channel that is not set up.
    """
    needed = NoticesPermission.EDIT_TEMPLATES if about else NoticesPermission.MANAGE_CHANNELS
    by.require(needed, at=library.pk)
    told = announce_to(
        _address(channel, address.strip(), by, language),
        NoticeKind.TEST,
        library=library,
        values={"about": str(about or "")},
        source=f"test:{uuid.uuid4()}",
        channels=[channel],
    )
    if not told:
        raise Unreachable(field="address", channel=str(channel))
    wake(channel)
    audit.record(
        "notices.tested",
        by=by,
        kind="library",
        key=library.pk,
        library=library.pk,
        after={"channel": str(channel), "kind": str(about or "")},
    )
    return told[0]


def _address(channel: Channel, address: str, by: Actor, language: str) -> Address:
    name = by.name or "Tàng Thư"
    if channel is Channel.EMAIL and "@" in address:
        return Address(name=name, email=address[:254], language=language)
    phone = normalise_phone(address)
    if channel in {Channel.SMS, Channel.ZALO} and phone:
        return Address(name=name, phone=phone, language=language)
    raise NoOwnAddress(field="address")
