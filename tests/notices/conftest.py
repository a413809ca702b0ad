"""Every channel is set up, and leads nowhere unless a test says where."""

from __future__ import annotations

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def channels(settings: Settings) -> None:
    settings.EMAIL_HOST = "127.0.0.1"
    settings.SMS_KEY = "key"
    settings.ZALO_APP_ID = "app"
    settings.PUSH_CONTACT = "mailto:thuvien@example.vn"
