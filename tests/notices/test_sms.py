"""SMS over gateways that behave like eSMS and SpeedSMS, and misbehave like them."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from pytest_django import Settings

from tangthu.notices.channels import http
from tangthu.notices.channels.outcomes import (
    ChannelDown,
    Failure,
    TryLater,
    Undeliverable,
    Unsure,
)
from tangthu.notices.channels.sms import SmsCarrier
from tangthu.notices.policy import Channel
from tests.notices.gateways import Gateway, Reply, gateway
from tests.notices.messages import message

LAN = "+84905123456"
TEXT = message(Channel.SMS, LAN, body="Thu vien tinh: sach ban dat da co.")


@pytest.fixture
def esms(settings: Settings) -> Iterator[Gateway]:
    with gateway() as kept:
        settings.SMS_GATEWAY, settings.SMS_URL = "esms", f"{kept.url}/send"
        settings.SMS_KEY, settings.SMS_SECRET, settings.SMS_SENDER = "key", "secret", "THUVIEN"
        kept.answer = lambda _asked: Reply(
            {"CodeResult": "100", "SMSID": "abc", "CountRegenerate": 0}
        )
        yield kept


@pytest.fixture
def speedsms(esms: Gateway, settings: Settings) -> Gateway:
    settings.SMS_GATEWAY = "speedsms"
    esms.answer = lambda _asked: Reply(
        {"status": "success", "code": "00", "data": {"tranId": 123, "invalidPhone": []}}
    )
    return esms


def send() -> str:
    carrier = SmsCarrier()
    try:
        return carrier.send(TEXT)
    finally:
        carrier.close()


def refusal(reply: Reply, at: Gateway) -> Failure:
    at.answer = lambda _asked: reply
    with pytest.raises(Failure) as failure:
        send()
    return failure.value


def test_esms_is_asked_as_it_wants(esms: Gateway) -> None:
    assert send() == "abc"

    (asked,) = esms.asked
    assert asked.json == {
        "ApiKey": "key",
        "SecretKey": "secret",
        "Brandname": "THUVIEN",
        "SmsType": "2",
        "Phone": "84905123456",
        "Content": "Thu vien tinh: sach ban dat da co.",
        "IsUnicode": "0",
        "RequestId": "tangthu-7-20261122050000",
    }


def test_a_text_with_marks_is_said_to_be_unicode(esms: Gateway) -> None:
    SmsCarrier().send(message(Channel.SMS, LAN, body="Sách đã có"))

    assert esms.asked[0].json["IsUnicode"] == "1"


def test_what_esms_took_before_has_gone(esms: Gateway) -> None:
    esms.answer = lambda _asked: Reply({"CodeResult": "124", "ErrorMessage": "Duplicate RequestId"})

    assert send() == ""


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        ("101", ChannelDown, "key_refused"),
        ("103", ChannelDown, "no_credit"),
        ("104", ChannelDown, "sender_refused"),
        ("99", TryLater, "not_accepted"),
        ("146", Undeliverable, "not_accepted"),
    ],
)
def test_esms_refusals_are_told_apart(
    esms: Gateway, code: str, kind: type[Failure], name: str
) -> None:
    failure = refusal(Reply({"CodeResult": code, "ErrorMessage": "Lỗi"}), esms)

    assert isinstance(failure, kind)
    assert (failure.code, failure.detail) == (name, f"eSMS {code} Lỗi")


def test_speedsms_is_asked_as_it_wants(speedsms: Gateway) -> None:
    assert send() == "123"

    (asked,) = speedsms.asked
    assert asked.json == {
        "to": ["84905123456"],
        "content": "Thu vien tinh: sach ban dat da co.",
        "sms_type": 3,
        "sender": "THUVIEN",
    }
    assert asked.headers["authorization"] == f"Basic {b64encode(b'key:x').decode()}"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"status": "error", "code": "300", "message": "balance"}, ChannelDown),
        ({"status": "error", "code": "105", "message": "phone"}, Undeliverable),
        ({"status": "success", "data": {"invalidPhone": ["84905123456"]}}, Undeliverable),
        ({}, ChannelDown),
    ],
)
def test_speedsms_refusals_are_told_apart(
    speedsms: Gateway, answer: dict[str, object], kind: type[Failure]
) -> None:
    assert isinstance(refusal(Reply(answer), speedsms), kind)


def test_a_gateway_that_is_asked_too_often_says_when_to_come_back(esms: Gateway) -> None:
    failure = refusal(Reply({}, status=429, headers={"Retry-After": "120"}), esms)

    assert isinstance(failure, ChannelDown)
    assert (failure.code, failure.retry_after) == ("too_many", timedelta(minutes=2))


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply({}, status=500), "server_error"),
        (Reply({}, status=401), "key_refused"),
        (Reply({}, status=302, headers={"Location": "http://127.0.0.1/"}), "bad_answer"),
        (Reply(b"<html>502 Bad Gateway</html>"), "bad_answer"),
        (Reply([1, 2]), "bad_answer"),
        (Reply(b"x" * 100_000), "bad_answer"),
        (Reply({"CodeResult": {"odd": []}}), "not_accepted"),
        (Reply({"Message": "?"}), "bad_answer"),
    ],
)
def test_a_gateway_out_of_order_is_not_trusted(esms: Gateway, reply: Reply, code: str) -> None:
    assert refusal(reply, esms).code == code


def test_a_line_that_breaks_is_safe_where_the_gateway_refuses_doubles(esms: Gateway) -> None:
    failure = refusal(Reply(drop=True), esms)

    assert isinstance(failure, ChannelDown)


def test_a_line_that_breaks_leaves_doubt_where_it_does_not(speedsms: Gateway) -> None:
    assert isinstance(refusal(Reply(drop=True), speedsms), Unsure)


def test_a_gateway_that_never_answers_is_not_waited_for(
    speedsms: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(0.3))

    failure = refusal(Reply(wait=release), speedsms)
    release.set()

    assert isinstance(failure, Unsure)
    assert failure.code == "timeout"


def test_a_gateway_that_is_gone_stops_the_channel(settings: Settings) -> None:
    settings.SMS_GATEWAY, settings.SMS_URL = "speedsms", "http://127.0.0.1:9/"

    with pytest.raises(ChannelDown) as down:
        send()

    assert down.value.code == "unreachable"


def test_what_is_no_number_is_not_asked(esms: Gateway) -> None:
    with pytest.raises(Undeliverable):
        SmsCarrier().send(message(Channel.SMS, "113"))

    assert esms.asked == []


def test_keys_never_stand_in_an_error(esms: Gateway) -> None:
    failure = refusal(Reply(drop=True), esms)

    assert "secret" not in failure.detail
    assert esms.url not in failure.detail
