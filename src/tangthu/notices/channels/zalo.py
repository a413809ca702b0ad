"""Zalo's notification service (ZNS): registered templates to a telephone number, over HTTP.

An access token lives about a day. The refresh token that fetches the next one works once, and is
answered with its successor, which is kept sealed in the database.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from tangthu.notices import sealing
from tangthu.notices.actions.channels import keep_secret, lease_secret, release_secret
from tangthu.notices.channels import http
from tangthu.notices.channels.outcomes import ChannelDown, TryLater, Undeliverable
from tangthu.notices.errors import SealBroken
from tangthu.notices.models import ChannelState
from tangthu.notices.policy import Channel
from tangthu.notices.rendering import Message
from tangthu.text.phones import normalise_phone

LONG_REST = timedelta(hours=1)
RENEW_BEFORE = timedelta(minutes=10)
SHORTEST_LIFE = timedelta(minutes=15)

_TOKEN_REFUSED = frozenset({"-124", "-216"})
_DOWN = {
    "-101": "key_refused",
    "-102": "key_refused",
    "-103": "key_refused",
    "-104": "key_refused",
    "-105": "key_refused",
    "-115": "no_credit",
    "-125": "key_refused",
    "-135": "key_refused",
    "-141": "key_refused",
    "-144": "too_many",
    "-147": "too_many",
}
_LATER = frozenset({"-100", "-114", "-133"})
"""An unknown error, a reader's phone that cannot take it now, and Zalo's own night."""
_NOT_ON_ZALO = frozenset({"-108", "-110", "-118", "-119", "-140"})


@dataclass(frozen=True, slots=True)
class Tokens:
    """What Zalo gave us: a token to send with, and the one that fetches the next."""

    access: str
    refresh: str
    first: str
    until: datetime


class ZaloCarrier:
    """Hands templates and their values to Zalo."""

    def __init__(self) -> None:
        self._http = http.client()
        self._access = ""

    def send(self, message: Message) -> str:
        """Send one template and return Zalo's id of the message."""
        if not message.template:
            raise Undeliverable("zalo_template_missing")
        phone = normalise_phone(message.address)
        if phone is None:
            raise Undeliverable("address_refused")
        answer = self._ask(phone, message)
        if answer.said("error") in _TOKEN_REFUSED:
            self._access = self._refreshed(refused=self._access)
            answer = self._ask(phone, message)
        return _receipt(answer)

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()

    def _ask(self, phone: str, message: Message) -> http.Answer:
        self._access = self._access or self._token()
        request = self._http.build_request(
            "POST",
            f"{settings.ZALO_URL}/message/template",
            json={
                "phone": phone.removeprefix("+"),
                "template_id": message.template,
                "template_data": dict(message.parameters),
                "tracking_id": message.reference,
            },
            headers={"access_token": self._access},
        )
        return http.ask(self._http, request)

    def _token(self) -> str:
        kept = _kept()
        if kept and kept.access and kept.until > timezone.now() + RENEW_BEFORE:
            return kept.access
        return self._refreshed(refused="")

    def _refreshed(self, *, refused: str) -> str:
        """Fetch new tokens, unless another worker just did."""
        if not lease_secret(Channel.ZALO, now=timezone.now()):
            raise ChannelDown("token_being_fetched")
        try:
            kept = _kept()
            if kept and kept.access != refused and kept.until > timezone.now() + RENEW_BEFORE:
                return kept.access
            return self._fetch(kept.refresh if kept else settings.ZALO_REFRESH_TOKEN)
        finally:
            release_secret(Channel.ZALO)

    def _fetch(self, refresh: str) -> str:
        if not refresh:
            raise ChannelDown("no_token", retry_after=LONG_REST)
        request = self._http.build_request(
            "POST",
            f"{settings.ZALO_OAUTH_URL}/v4/oa/access_token",
            data={
                "refresh_token": refresh,
                "app_id": settings.ZALO_APP_ID,
                "grant_type": "refresh_token",
            },
            headers={"secret_key": settings.ZALO_APP_SECRET},
        )
        answer = http.ask(self._http, request, repeatable=True)
        access, following = answer.said("access_token"), answer.said("refresh_token")
        if not access or not following:
            said = f"Zalo {answer.said('error')} {answer.said('error_name')}"
            raise ChannelDown("key_refused", said, retry_after=LONG_REST)
        until = timezone.now() + _life(answer.said("expires_in"))
        kept = {
            "access": access,
            "refresh": following,
            "first": _first(),
            "until": until.isoformat(),
        }
        keep_secret(Channel.ZALO, dict(kept), until=until)
        return access


def _receipt(answer: http.Answer) -> str:
    code, said = answer.said("error"), answer.said("message")
    if code == "0":
        return answer.said("data", "msg_id")
    detail = f"Zalo {code} {said}"
    if code in _DOWN:
        raise ChannelDown(_DOWN[code], detail, retry_after=LONG_REST)
    if code in _TOKEN_REFUSED:
        raise ChannelDown("key_refused", detail)
    if code in _LATER:
        raise TryLater("not_accepted", detail)
    if code in _NOT_ON_ZALO:
        raise Undeliverable("not_on_zalo", detail)
    if not code:
        raise ChannelDown("bad_answer", "Zalo", by_message=True)
    raise Undeliverable("not_accepted", detail)


def _kept() -> Tokens | None:
    """Return the tokens that are kept, unless the settings name a new first one."""
    row = ChannelState.objects.filter(channel=Channel.ZALO).first()
    if row is None or row.secret is None:
        return None
    try:
        values = sealing.unseal(bytes(row.secret))
    except SealBroken:
        return None
    if values.get("first") != _first():
        return None
    return Tokens(
        access=str(values["access"]),
        refresh=str(values["refresh"]),
        first=str(values["first"]),
        until=datetime.fromisoformat(str(values["until"])),
    )


def _first() -> str:
    return hashlib.sha256(settings.ZALO_REFRESH_TOKEN.encode()).hexdigest()[:16]


def _life(told: str) -> timedelta:
    seconds = int(told) if told.isascii() and told.isdigit() and len(told) < 9 else 3600
    return max(SHORTEST_LIFE, timedelta(seconds=seconds))
