"""Documents that open by themselves when their day has come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tangthu.core.models import Change
from tangthu.discovery.actions import tell_opened
from tangthu.libraries.models import Library
from tests.support.documents import document

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("embargo", "told"),
    [
        (TODAY, 0),
        (TODAY - timedelta(days=1), 1),
        (TODAY - timedelta(days=7), 1),
        (TODAY - timedelta(days=8), 0),
        (None, 0),
    ],
)
def test_what_opened_lately_is_told_to_the_feed(
    province: Library, embargo: date | None, told: int
) -> None:
    obj = document(province, embargo_until=embargo)
    Change.objects.all().delete()

    assert tell_opened(today=TODAY) == told

    assert list(Change.objects.values_list("kind", "key")) == [("object", str(obj.pk))] * told
