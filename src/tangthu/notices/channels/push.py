"""Notifications of browsers: Web Push (RFC 8030), encrypted (8291), signed with VAPID (8292)."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from py_vapid import Vapid02, b64urlencode
from pywebpush import WebPushException, webpush

from tangthu.core.numbers import whole_number
from tangthu.notices.actions.subscriptions import forget_subscription, note_told
from tangthu.notices.channels.outcomes import ChannelDown, Failure, TryLater, Undeliverable
from tangthu.notices.models import PushSubscription
from tangthu.notices.rendering import Message

LIFE = timedelta(days=1)
TIMEOUT = 10
ROOM = 2_000
"""Of the text, in characters: a push service takes 4 kB, sealed."""
_GONE = frozenset({404, 410})


class PushCarrier:
    """Hands a notification to every browser that the reader has subscribed."""

    def __init__(self) -> None:
        self._vapid = keys()
        self._session = requests.Session()

    def send(self, message: Message) -> str:
        """Tell all browsers of the reader; one that took it is enough. Gone ones are forgotten."""
        patron = whole_number(message.address.removeprefix("patron:"))
        told, failure = 0, None
        for row in PushSubscription.objects.filter(patron=patron).order_by("id"):
            try:
                self._tell(row, message)
                told += 1
            except Failure as error:
                failure = error
        if told:
            return f"{told}"
        raise failure or Undeliverable("no_browser")

    def close(self) -> None:
        """Let go of connections."""
        self._session.close()

    def _tell(self, row: PushSubscription, message: Message) -> None:
        if not is_allowed(row.endpoint):
            forget_subscription(row)
            raise Undeliverable("address_refused")
        try:
            webpush(
                subscription_info={
                    "endpoint": row.endpoint,
                    "keys": {"p256dh": row.p256dh, "auth": row.auth},
                },
                data=payload(message),
                vapid_private_key=self._vapid,
                vapid_claims={"sub": settings.PUSH_CONTACT},
                ttl=int(LIFE.total_seconds()),
                timeout=TIMEOUT,
                headers={"Urgency": "high" if message.urgent else "normal"},
                requests_session=self._session,
            )
        except WebPushException as error:
            self._judge(row, error.response)
        except requests.RequestException as error:
            raise ChannelDown("unreachable", type(error).__name__) from error
        except ValueError as error:
            forget_subscription(row)
            raise Undeliverable("address_refused", type(error).__name__) from error
        note_told(row)

    def _judge(self, row: PushSubscription, response: requests.Response | None) -> None:
        if response is None:
            raise ChannelDown("unreachable")
        status = response.status_code
        if status in _GONE:
            forget_subscription(row)
            raise Undeliverable("no_browser", f"HTTP {status}")
        if status == 429:
            raise ChannelDown("too_many", retry_after=_retry_after(response))
        if status >= 500:
            raise TryLater("server_error", f"HTTP {status}")
        if status in {401, 403}:
            raise TryLater("key_refused", f"HTTP {status}")
        raise Undeliverable("not_accepted", f"HTTP {status}")


def payload(message: Message) -> str:
    """Return what the reader's service worker gets: title, text, and where a touch leads."""
    values = {
        "title": message.subject,
        "body": message.body[:ROOM],
        "tag": message.reference,
        "kind": message.kind,
        "url": "/account/",
        "lang": message.language,
    }
    return json.dumps(values, ensure_ascii=False)


def is_allowed(endpoint: str) -> bool:
    """Tell whether a push service that we know has the address: nobody shall aim us elsewhere."""
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return False
    host = parts.hostname or ""
    for known in settings.PUSH_SERVICES:
        name, _, port = known.partition(":")
        if port:
            if parts.netloc == known and parts.scheme == "http":
                return True
        elif parts.scheme == "https" and (host == name or host.endswith(f".{name}")):
            return True
    return False


def keys() -> Vapid02:
    """Return the keys by which push services know us: made once, kept in the data folder."""
    path = Path(settings.DATA) / "vapid.pem"
    if not path.exists():
        _make(path)
    return Vapid02.from_file(str(path))


def public_key() -> str:
    """Return the public key as browsers want it when they subscribe (`applicationServerKey`)."""
    return str(
        b64urlencode(
            keys().public_key.public_bytes(
                serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
            )
        )
    )


def _make(path: Path) -> None:
    """Make the file whole or not at all; of two processes at once, one makes it."""
    made = Vapid02()
    made.generate_keys()
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(made.private_pem())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _retry_after(response: requests.Response) -> timedelta | None:
    told = response.headers.get("Retry-After", "")
    return timedelta(seconds=int(told)) if told.isascii() and told.isdigit() else None
