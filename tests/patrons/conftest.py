from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tangthu.patrons import messages
from tangthu.patrons.models import PatronCategory
from tests.factories import PatronCategoryFactory

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def adult(db: None) -> PatronCategory:
    return PatronCategoryFactory(code="adult", name="Người lớn", card_months=12)


@pytest.fixture
def child(db: None) -> PatronCategory:
    return PatronCategoryFactory(
        code="child", name="Thiếu nhi", maximum_age=15, needs_guardian=True
    )


@pytest.fixture
def heard() -> Iterator[list[messages.Message]]:
    """Everything that this app has to tell people during the test."""
    told: list[messages.Message] = []
    messages.register_messenger(told.append)
    yield told
    messages._messengers.remove(told.append)
