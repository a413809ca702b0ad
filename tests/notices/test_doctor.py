"""What `tangthu doctor` says of the channels."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from tangthu.libraries.models import Library
from tangthu.notices.actions import Address, announce_to
from tangthu.notices.actions.channels import let_rest, provide_states
from tangthu.notices.kinds import Channel, NoticeKind
from tangthu.notices.models import Notice
from tangthu.site.checks import State
from tangthu.site.health import notices

pytestmark = pytest.mark.django_db


def test_channels_that_work_are_named() -> None:
    check = notices()

    assert (check.state, check.seen) == (State.WELL, "email, push, sms, zalo")


def test_a_channel_out_of_order_is_named() -> None:
    provide_states()
    let_rest(Channel.EMAIL, error="unreachable", detail="", told=None, now=timezone.now())

    check = notices()

    assert check.state is State.WARNING
    assert "thư điện tử" in check.seen.lower() or "e-mail" in check.seen.lower()


def test_a_channel_that_is_not_set_up_any_more_is_no_trouble(settings: Settings) -> None:
    provide_states()
    let_rest(Channel.EMAIL, error="unreachable", detail="", told=None, now=timezone.now())
    settings.EMAIL_HOST = ""

    assert notices().state is State.WELL


def test_notices_that_pile_up_are_seen(province: Library) -> None:
    address = Address(name="Lan", email="lan@example.vn")
    announce_to(address, NoticeKind.TEST, library=province, values={}, source="test:1")
    Notice.objects.update(next_at=timezone.now() - timedelta(hours=3))

    assert notices().state is State.WARNING
