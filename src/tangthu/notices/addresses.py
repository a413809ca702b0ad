"""Where a reader is reached, as their file says now; and how an address is shown in part."""

from __future__ import annotations

from tangthu.notices.models import Notice
from tangthu.notices.policy import Channel
from tangthu.patrons.models import Patron


def reachable_channels(patron: Patron) -> frozenset[Channel]:
    """Return the channels for which the reader's file has an address.

    A child without a telephone is reached by the guardian's. Whether a browser has subscribed is
    seen only when something goes to it.
    """
    channels = {Channel.PUSH, Channel.LETTER}
    if patron.email:
        channels.add(Channel.EMAIL)
    if patron.phone or patron.guardian_phone:
        channels |= {Channel.SMS, Channel.ZALO}
    return frozenset(channels)


def address_of(patron: Patron, channel: Channel) -> str:
    """Return the reader's address for the channel; "" where there is none."""
    match channel:
        case Channel.EMAIL:
            return patron.email
        case Channel.SMS | Channel.ZALO:
            return patron.phone or patron.guardian_phone
        case Channel.LETTER:
            return patron.address
        case Channel.PUSH:
            return f"patron:{patron.pk}"


def address_for(notice: Notice) -> str:
    """Return where a notice goes: the reader's present address, or that of no reader yet."""
    if notice.patron is None:
        return notice.to_address
    return address_of(notice.patron, Channel(notice.channel))


def masked(address: str, channel: Channel) -> str:
    """Return enough of an address to know it again, and no more."""
    if channel is Channel.EMAIL and "@" in address:
        name, _, host = address.partition("@")
        return f"{name[:1]}…@{host}"
    if channel in {Channel.SMS, Channel.ZALO} and address:
        return f"…{address[-3:]}"
    return ""
