"""SMS by the HTTP gateways that sell brand names in Vietnam: each with a dialect of its own."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from django.conf import settings

from tangthu.notices.channels import http
from tangthu.notices.channels.outcomes import ChannelDown, TryLater, Undeliverable
from tangthu.notices.policy import Alphabet, measure
from tangthu.notices.rendering import Message
from tangthu.text.phones import normalise_phone

LONG_REST = timedelta(hours=1)
"""For an account that is empty or locked: somebody must do something."""


class Dialect(Protocol):
    """How one gateway is asked, and what its answers mean."""

    url: str
    repeatable: bool

    def request(self, phone: str, message: Message) -> Mapping[str, object]:
        """Return the body of the request."""
        ...

    def token(self) -> bytes:
        """Return the name and password (RFC 7617) that stand beside the body; none if empty."""
        ...

    def receipt(self, answer: http.Answer) -> str:
        """Return the gateway's id of the message; raises a Failure."""
        ...


class Esms:
    """eSMS (developers.esms.vn): refuses a second message of one RequestId for 24 hours."""

    url = "https://rest.esms.vn/MainService.svc/json/SendMultipleMessage_V4_post_json/"
    repeatable = True
    _DOWN = {
        "101": "key_refused",
        "102": "account_locked",
        "103": "no_credit",
        "104": "sender_refused",
    }
    _DUPLICATE = "124"

    def request(self, phone: str, message: Message) -> Mapping[str, object]:
        """Return what eSMS asks for; messages of customer care are type 2."""
        return {
            "ApiKey": settings.SMS_KEY,
            "SecretKey": settings.SMS_SECRET,
            "Brandname": settings.SMS_SENDER,
            "SmsType": "2",
            "Phone": phone,
            "Content": message.body,
            "IsUnicode": "1" if measure(message.body).alphabet is Alphabet.UCS2 else "0",
            "RequestId": message.reference,
        }

    def token(self) -> bytes:
        """Return nothing: the key stands in the body."""
        return b""

    def receipt(self, answer: http.Answer) -> str:
        """Judge by CodeResult: 100 is accepted, 124 was accepted before."""
        code, said = answer.said("CodeResult"), answer.said("ErrorMessage")
        if code in {"100", self._DUPLICATE}:
            return answer.said("SMSID")
        if code in self._DOWN:
            raise ChannelDown(self._DOWN[code], f"eSMS {code} {said}", retry_after=LONG_REST)
        if not code:
            raise ChannelDown("bad_answer", "eSMS", by_message=True)
        if code == "99":
            raise TryLater("not_accepted", f"eSMS {code} {said}")
        raise Undeliverable("not_accepted", f"eSMS {code} {said}")


class SpeedSms:
    """SpeedSMS (speedsms.vn). It knows no id of ours, so that nothing is asked twice."""

    url = "https://api.speedsms.vn/index.php/sms/send"
    repeatable = False
    _DOWN = {
        "007": "key_refused",
        "008": "account_locked",
        "009": "key_refused",
        "300": "no_credit",
    }

    def request(self, phone: str, message: Message) -> Mapping[str, object]:
        """Return what SpeedSMS asks for; messages by brand name are type 3."""
        return {
            "to": [phone],
            "content": message.body,
            "sms_type": 3,
            "sender": settings.SMS_SENDER,
        }

    def token(self) -> bytes:
        """Return the key as the name; the password is anything."""
        return f"{settings.SMS_KEY}:x".encode()

    def receipt(self, answer: http.Answer) -> str:
        """Judge by status and code."""
        if answer.said("status") == "success":
            invalid = answer.values.get("data", {})
            refused = invalid.get("invalidPhone") if isinstance(invalid, Mapping) else None
            if refused:
                raise Undeliverable("address_refused", "SpeedSMS")
            return answer.said("data", "tranId")
        code, said = answer.said("code"), answer.said("message")
        if code in self._DOWN:
            raise ChannelDown(self._DOWN[code], f"SpeedSMS {code} {said}", retry_after=LONG_REST)
        if not code:
            raise ChannelDown("bad_answer", "SpeedSMS", by_message=True)
        if code == "105":
            raise Undeliverable("address_refused", f"SpeedSMS {code} {said}")
        raise Undeliverable("not_accepted", f"SpeedSMS {code} {said}")


DIALECTS: Mapping[str, type[Dialect]] = {"esms": Esms, "speedsms": SpeedSms}


class SmsCarrier:
    """Hands SMS to the gateway of the settings."""

    def __init__(self) -> None:
        self._dialect = DIALECTS.get(settings.SMS_GATEWAY, Esms)()
        self._http = http.client()

    def send(self, message: Message) -> str:
        """Send one SMS and return the gateway's id of it."""
        phone = normalise_phone(message.address)
        if phone is None:
            raise Undeliverable("address_refused")
        request = self._http.build_request(
            "POST",
            settings.SMS_URL or self._dialect.url,
            json=dict(self._dialect.request(phone.removeprefix("+"), message)),
            headers=self._headers(),
        )
        answer = http.ask(self._http, request, repeatable=self._dialect.repeatable)
        return self._dialect.receipt(answer)

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()

    def _headers(self) -> dict[str, str]:
        token = self._dialect.token()
        return {"Authorization": f"Basic {b64encode(token).decode()}"} if token else {}
