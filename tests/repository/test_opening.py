"""What a grant opens, and that nobody is asked for one where it would not count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.core.actor import Actor, Face
from tangthu.repository import opening
from tangthu.repository.models import DigitalObject
from tangthu.repository.reading import may_see

pytestmark = pytest.mark.django_db


@pytest.fixture
def granted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A grant for everybody; what it was asked about is noted."""
    asked: list[str] = []

    def opener(obj: DigitalObject, actor: Actor, now: object) -> bool:
        asked.append(obj.access)
        return True

    monkeypatch.setattr(opening, "_openers", [])
    opening.register(opener)
    yield asked


def verdict(obj: DigitalObject, **values: object) -> str:
    DigitalObject.objects.filter(pk=obj.pk).update(state="published", **values)
    obj.refresh_from_db()
    found = may_see(obj, Actor(face=Face.OPAC), address=None, now=timezone.now())
    return str(found.refusal or "")


@pytest.mark.parametrize("access", ["on_request", "lent"])
def test_a_grant_opens_what_is_shown_on_request_or_lent(
    granted: list[str], new_object: Callable[..., DigitalObject], access: str
) -> None:
    obj = new_object(access=access)

    assert verdict(obj) == ""
    assert granted == [access]


def test_no_grant_is_asked_for_where_it_would_not_count(
    granted: list[str], new_object: Callable[..., DigitalObject]
) -> None:
    obj = new_object(access="staff")

    assert verdict(obj) == "object_staff_only"
    assert verdict(obj, access="cardholders") == "object_needs_card"
    assert granted == []


def test_a_grant_lifts_neither_an_embargo_nor_the_wish_of_a_community(
    granted: list[str], new_object: Callable[..., DigitalObject]
) -> None:
    obj = new_object(access="lent")
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert verdict(obj, embargo_until=tomorrow) == "object_embargoed"
    assert verdict(obj, embargo_until=None, restriction="community") == "object_community_only"
