"""Web push to a service that checks the signature and to browsers that decrypt."""

from __future__ import annotations

import json
import os
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from pytest_django import Settings

from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.notices.actions.subscriptions import Subscription, subscribe, unsubscribe
from tangthu.notices.channels.outcomes import ChannelDown, Undeliverable
from tangthu.notices.channels.push import PushCarrier, is_allowed, public_key
from tangthu.notices.errors import SubscriptionRefused
from tangthu.notices.models import PushSubscription
from tangthu.notices.policy import Channel
from tangthu.patrons.models import Patron
from tests.notices.gateways import Asked, Gateway, Reply, gateway
from tests.notices.messages import message

pytestmark = pytest.mark.django_db


@dataclass(slots=True)
class Browser:
    """A browser with its own keys."""

    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    def subscription(self, endpoint: str) -> Subscription:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Subscription(endpoint=endpoint, p256dh=b64(point), auth=b64(self.secret))

    def read(self, asked: Asked) -> dict[str, object]:
        opened = http_ece.decrypt(
            asked.body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"
        )
        values = json.loads(opened)
        assert isinstance(values, dict)
        return values


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture
def service(settings: Settings, tmp_path: Path) -> Iterator[Gateway]:
    settings.DATA = tmp_path
    with gateway() as kept:
        settings.PUSH_SERVICES = [kept.url.removeprefix("http://")]
        kept.answer = lambda _asked: Reply({}, status=201)
        yield kept


def own(patron: Patron) -> Actor:
    return Actor(face=Face.OPAC, patron_id=patron.pk)


def text_to(patron: Patron):
    return message(Channel.PUSH, f"patron:{patron.pk}")


def test_the_browser_reads_what_was_sent(service: Gateway, patron: Patron) -> None:
    browser = Browser()
    subscribe(patron, browser.subscription(f"{service.url}/one"), by=own(patron))

    assert PushCarrier().send(text_to(patron)) == "1"

    (asked,) = service.asked
    read = browser.read(asked)
    assert read["title"] == "Sách bạn đặt đã sẵn sàng"
    assert read["tag"] == "tangthu-7-20261122050000"
    assert asked.headers["content-encoding"] == "aes128gcm"
    assert int(asked.headers["ttl"]) == 86_400


def test_the_service_can_check_who_sends(service: Gateway, patron: Patron) -> None:
    subscribe(patron, Browser().subscription(f"{service.url}/one"), by=own(patron))

    PushCarrier().send(text_to(patron))

    header = service.asked[0].headers["authorization"]
    token, key = (part.split("=", 1)[1] for part in header.removeprefix("vapid ").split(","))
    assert key == public_key()
    assert Vapid02.verify(header)
    claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    assert (claims["aud"], claims["sub"]) == (service.url, "mailto:thuvien@example.vn")


def test_the_keys_are_made_once_and_for_us_alone(service: Gateway, settings: Settings) -> None:
    assert public_key() == public_key()

    path = Path(settings.DATA) / "vapid.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_browser_of_the_reader_is_told(service: Gateway, patron: Patron) -> None:
    for name in ("phone", "desk"):
        subscribe(patron, Browser().subscription(f"{service.url}/{name}"), by=own(patron))

    assert PushCarrier().send(text_to(patron)) == "2"


def test_a_browser_that_is_gone_is_forgotten(service: Gateway, patron: Patron) -> None:
    service.answer = lambda asked: Reply({}, status=410 if asked.path == "/gone" else 201)
    for name in ("gone", "here"):
        subscribe(patron, Browser().subscription(f"{service.url}/{name}"), by=own(patron))

    assert PushCarrier().send(text_to(patron)) == "1"

    assert [row.endpoint for row in PushSubscription.objects.all()] == [f"{service.url}/here"]


def test_a_reader_without_a_browser_is_not_told(service: Gateway, patron: Patron) -> None:
    with pytest.raises(Undeliverable) as refused:
        PushCarrier().send(text_to(patron))

    assert refused.value.code == "no_browser"


def test_a_service_that_is_asked_too_often_stops_the_channel(
    service: Gateway, patron: Patron
) -> None:
    service.answer = lambda _asked: Reply({}, status=429, headers={"Retry-After": "60"})
    subscribe(patron, Browser().subscription(f"{service.url}/one"), by=own(patron))

    with pytest.raises(ChannelDown) as down:
        PushCarrier().send(text_to(patron))

    assert down.value.code == "too_many"
    assert PushSubscription.objects.count() == 1


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("http://fcm.googleapis.com/fcm/send/abc", False),
        ("https://evil.example/fcm.googleapis.com", False),
        ("https://notfcm.googleapis.com.evil.example/", False),
        ("https://127.0.0.1/", False),
        ("https://user@169.254.169.254/", False),
        ("http://[::1", False),
    ],
)
def test_only_services_that_we_know_are_asked(endpoint: str, allowed: bool) -> None:
    assert is_allowed(endpoint) is allowed


def test_an_endpoint_of_nobody_is_not_asked(
    service: Gateway, patron: Patron, settings: Settings
) -> None:
    subscribe(patron, Browser().subscription(f"{service.url}/one"), by=own(patron))
    settings.PUSH_SERVICES = ["fcm.googleapis.com"]

    with pytest.raises(Undeliverable):
        PushCarrier().send(text_to(patron))

    assert service.asked == []


def test_a_browser_belongs_to_whoever_subscribed_last(
    service: Gateway, patron: Patron, foreign_patron: Patron
) -> None:
    for reader in (patron, foreign_patron):
        subscribe(reader, Browser().subscription(f"{service.url}/shared"), by=own(reader))

    (row,) = PushSubscription.objects.all()
    assert row.patron_id == foreign_patron.pk


def test_only_the_reader_subscribes_and_unsubscribes(
    service: Gateway, patron: Patron, foreign_patron: Patron
) -> None:
    given = Browser().subscription(f"{service.url}/one")
    with pytest.raises(NotPermitted):
        subscribe(patron, given, by=own(foreign_patron))
    subscribe(patron, given, by=own(patron))

    assert unsubscribe(foreign_patron, given.endpoint, by=own(foreign_patron)) == 0
    assert unsubscribe(patron, given.endpoint, by=own(patron)) == 1


@pytest.mark.parametrize("p256dh", ["", "AAAA", "%%%", b64(b"\x05" + b"x" * 64)])
def test_keys_that_are_none_are_refused(patron: Patron, p256dh: str) -> None:
    given = Subscription(
        endpoint="https://fcm.googleapis.com/x", p256dh=p256dh, auth=b64(b"x" * 16)
    )

    with pytest.raises(SubscriptionRefused):
        subscribe(patron, given, by=own(patron))

    assert PushSubscription.objects.count() == 0
