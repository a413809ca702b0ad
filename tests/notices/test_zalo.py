"""Zalo: registered templates, tokens that live a day, refresh tokens that work once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from tangthu.notices.channels.outcomes import ChannelDown, Failure, TryLater, Undeliverable
from tangthu.notices.channels.zalo import ZaloCarrier
from tangthu.notices.models import ChannelState
from tangthu.notices.policy import Channel
from tests.notices.gateways import Zalo
from tests.notices.messages import message
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db
TEXT = message(
    Channel.ZALO,
    "+84905123456",
    template="353018",
    parameters={"name": "Lan", "due": "05/12/2026"},
)


def test_a_template_is_sent_with_its_values(zalo: Zalo) -> None:
    assert ZaloCarrier().send(TEXT) == "z-1"

    (asked,) = zalo.sent
    assert asked.json == {
        "phone": "84905123456",
        "template_id": "353018",
        "template_data": {"name": "Lan", "due": "05/12/2026"},
        "tracking_id": "tangthu-7-20261122050000",
    }


def test_the_token_is_fetched_once_and_kept_sealed(zalo: Zalo) -> None:
    for _ in range(3):
        ZaloCarrier().send(TEXT)

    state = ChannelState.objects.get(channel=Channel.ZALO)
    assert zalo.refreshed == 1
    assert b"refresh-1" not in bytes(state.secret)


def test_a_token_that_ended_is_refreshed_with_the_one_that_followed(zalo: Zalo) -> None:
    ZaloCarrier().send(TEXT)

    with time_machine.travel(timezone.now() + timedelta(hours=26)):
        ZaloCarrier().send(TEXT)

    assert zalo.refreshed == 2


def test_a_token_that_zalo_took_back_is_refreshed_at_once(zalo: Zalo) -> None:
    carrier = ZaloCarrier()
    carrier.send(TEXT)
    zalo.access = "revoked"

    assert carrier.send(TEXT) == "z-1"

    assert zalo.refreshed == 2


def test_a_new_first_token_takes_the_place_of_a_lost_chain(zalo: Zalo, settings: Settings) -> None:
    ZaloCarrier().send(TEXT)
    zalo.refresh = settings.ZALO_REFRESH_TOKEN = "second"

    ZaloCarrier().send(TEXT)

    assert zalo.refreshed == 2


def test_a_refused_refresh_token_stops_the_channel(zalo: Zalo) -> None:
    zalo.refresh = "another"

    with pytest.raises(ChannelDown) as down:
        ZaloCarrier().send(TEXT)

    assert down.value.code == "key_refused"
    assert zalo.sent == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_use_a_refresh_token_once(zalo: Zalo) -> None:
    outcomes = at_once(*[lambda: ZaloCarrier().send(TEXT) for _ in range(3)])

    assert zalo.refreshed == 1
    assert "z-1" in outcomes
    for outcome in outcomes:
        assert outcome == "z-1" or isinstance(outcome, ChannelDown)


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        (-118, Undeliverable, "not_on_zalo"),
        (-115, ChannelDown, "no_credit"),
        (-144, ChannelDown, "too_many"),
        (-133, TryLater, "not_accepted"),
        (-132, Undeliverable, "not_accepted"),
    ],
)
def test_refusals_are_told_apart(zalo: Zalo, code: int, kind: type[Failure], name: str) -> None:
    zalo.outcome = {"error": code, "message": "Không được"}

    with pytest.raises(kind) as failure:
        ZaloCarrier().send(TEXT)

    assert failure.value.code == name


def test_a_text_without_a_registered_template_is_not_sent(zalo: Zalo) -> None:
    with pytest.raises(Undeliverable) as refused:
        ZaloCarrier().send(message(Channel.ZALO, "+84905123456"))

    assert refused.value.code == "zalo_template_missing"
    assert zalo.gateway.asked == []
