"""The browsers in which a reader wants to be told."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.notices.errors import SubscriptionRefused
from tangthu.notices.models import PushSubscription
from tangthu.patrons.models import Patron

MOST_BROWSERS = 10
LONGEST_ENDPOINT = 500
_POINT = 65
_SECRET = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a browser's `PushSubscription.toJSON()` holds."""

    endpoint: str
    p256dh: str
    auth: str


@transaction.atomic
def subscribe(patron: Patron, subscription: Subscription, *, by: Actor) -> PushSubscription:
    """Let this browser be told; it belongs to whoever subscribed last. Only by the reader.

    Refused for keys that are none. Of more than ten browsers the oldest is forgotten. Consent
    is given by `choose`, for each topic.
    """
    _require_self(patron, by)
    _require_keys(subscription)
    row, _ = PushSubscription.objects.update_or_create(
        endpoint=subscription.endpoint,
        defaults={
            "patron": patron,
            "p256dh": subscription.p256dh,
            "auth": subscription.auth,
            "created_at": timezone.now(),
        },
    )
    kept = PushSubscription.objects.filter(patron=patron).order_by("-created_at", "-id")
    surplus = list(kept.values_list("pk", flat=True)[MOST_BROWSERS:])
    PushSubscription.objects.filter(pk__in=surplus).delete()
    return row


@transaction.atomic
def unsubscribe(patron: Patron, endpoint: str, *, by: Actor) -> int:
    """Tell this browser of the reader no more; return how many there were."""
    _require_self(patron, by)
    removed, _ = PushSubscription.objects.filter(patron=patron, endpoint=endpoint).delete()
    return removed


@transaction.atomic
def forget_subscription(row: PushSubscription) -> None:
    """Drop a browser that its push service no longer knows."""
    PushSubscription.objects.filter(pk=row.pk).delete()


@transaction.atomic
def note_told(row: PushSubscription) -> None:
    """Note that the browser's push service took a message."""
    PushSubscription.objects.filter(pk=row.pk).update(told_at=timezone.now())


def _require_self(patron: Patron, by: Actor) -> None:
    if not by.everywhere and by.patron_id != patron.pk:
        raise NotPermitted(patron=patron.pk)


def _require_keys(subscription: Subscription) -> None:
    if not 0 < len(subscription.endpoint) <= LONGEST_ENDPOINT:
        raise SubscriptionRefused("endpoint")
    point, secret = _decoded(subscription.p256dh), _decoded(subscription.auth)
    # An uncompressed point of P-256 begins with 4 (SEC 1, 2.3.3).
    if len(point) != _POINT or point[0] != 4 or len(secret) != _SECRET:
        raise SubscriptionRefused("keys")


def _decoded(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
