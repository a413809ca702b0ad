"""The carriers: what hands the messages of a channel to the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings

from tangthu.notices.channels.carrier import Carrier
from tangthu.notices.channels.folder import FolderCarrier
from tangthu.notices.channels.mail import MailCarrier
from tangthu.notices.channels.push import PushCarrier
from tangthu.notices.channels.sms import SmsCarrier
from tangthu.notices.channels.zalo import ZaloCarrier
from tangthu.notices.policy import Channel

__all__ = ["Carrier", "carrier_for"]

CARRIERS: Mapping[Channel, Callable[[], Carrier]] = {
    Channel.EMAIL: MailCarrier,
    Channel.SMS: SmsCarrier,
    Channel.ZALO: ZaloCarrier,
    Channel.PUSH: PushCarrier,
}


def carrier_for(channel: Channel) -> Carrier:
    """Return what serves the channel, as the settings say."""
    if settings.NOTICES_FOLDER:
        return FolderCarrier(Path(settings.NOTICES_FOLDER))
    return CARRIERS[channel]()
