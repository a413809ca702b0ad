"""Every channel is set up, and leads nowhere unless a test says where."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tangthu.notices.actions.channels import provide_states
from tests.notices.gateways import Zalo, gateway


@pytest.fixture(autouse=True)
def channels(settings: Settings) -> None:
    settings.EMAIL_HOST = "127.0.0.1"
    settings.SMS_KEY = "key"
    settings.ZALO_APP_ID = "app"
    settings.PUSH_CONTACT = "mailto:thuvien@example.vn"


@pytest.fixture
def zalo(settings: Settings) -> Iterator[Zalo]:
    with gateway() as kept:
        settings.ZALO_URL = settings.ZALO_OAUTH_URL = kept.url
        settings.ZALO_APP_ID, settings.ZALO_APP_SECRET = "app", "secret"
        settings.ZALO_REFRESH_TOKEN = "first"
        provide_states()
        service = Zalo(kept)
        kept.answer = service.answer
        yield service
