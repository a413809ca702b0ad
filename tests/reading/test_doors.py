"""Doors that open by themselves: the reading room's network, and the day an embargo ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.test import Client

from tangthu.core.actor import Actor
from tangthu.libraries.actions import set_preference
from tangthu.libraries.models import Library
from tangthu.reading.models import RestrictedView
from tangthu.repository.models import DigitalObject

pytestmark = pytest.mark.django_db

ROOM, STREET = "10.20.3.4", "203.0.113.9"


def test_what_is_read_on_site_opens_from_the_reading_room_and_nowhere_else(
    client: Client, new_object: Callable[..., DigitalObject], province: Library, machine: Actor
) -> None:
    set_preference(province, "reading_room_networks", "10.20.0.0/16", by=machine)
    page = f"/read/{new_object(access='on_site').identifier}/"

    away = client.get(page, REMOTE_ADDR=STREET)
    pretended = client.get(page, REMOTE_ADDR=STREET, headers={"X-Forwarded-For": ROOM})
    here = client.get(page, REMOTE_ADDR=ROOM)

    assert (away.status_code, pretended.status_code, here.status_code) == (403, 403, 200)
    assert "chỉ đọc" in away.content.decode()
    assert "/iiif/image/" not in away.content.decode()
    assert "/iiif/image/" in here.content.decode()
    assert RestrictedView.objects.get().address == ROOM


def test_an_embargoed_document_opens_by_itself_the_day_after(
    client: Client, new_object: Callable[..., DigitalObject]
) -> None:
    obj = new_object(embargo_until=date(2026, 12, 31))
    page = f"/read/{obj.identifier}/"

    with time_machine.travel("2026-12-31T16:59:00+00:00"):  # 23:59 in Vietnam
        before = client.get(page)
    with time_machine.travel("2026-12-31T17:01:00+00:00"):  # 00:01 of the new year
        after = client.get(page)

    assert (before.status_code, after.status_code) == (403, 200)
    assert "31/12/2026" in before.content.decode()
    assert "/iiif/image/" not in before.content.decode()
    assert "/iiif/image/" in after.content.decode()
