"""Which channels this installation has: read from the settings, which read the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from tangthu.notices.policy import Channel

CARRIED = (Channel.EMAIL, Channel.SMS, Channel.ZALO, Channel.PUSH)
"""The channels that a machine serves. Letters are printed by people."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many messages a channel may send; 0 is as many as there are."""

    per_minute: int = 0
    per_day: int = 0


def configured() -> frozenset[Channel]:
    """Return the channels that are set up here. Letters always are."""
    if settings.NOTICES_FOLDER:
        return frozenset(Channel)
    has: Mapping[Channel, object] = {
        Channel.EMAIL: settings.EMAIL_HOST,
        Channel.SMS: settings.SMS_KEY,
        Channel.ZALO: settings.ZALO_APP_ID,
        Channel.PUSH: settings.PUSH_CONTACT,
        Channel.LETTER: True,
    }
    return frozenset(channel for channel, setting in has.items() if setting)


def limits(channel: Channel) -> Limits:
    """Return what the channel may send in a minute and a day."""
    per_minute, per_day = settings.NOTICE_LIMITS.get(str(channel), (0, 0))
    return Limits(per_minute, per_day)


def site_address() -> str:
    """Return the address of the site for links in messages; "" where nobody has told it."""
    return str(settings.SITE_ADDRESS).rstrip("/")
