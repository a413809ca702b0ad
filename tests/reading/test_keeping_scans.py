"""Which scans a browser may keep: what is open to all, and what is lent, until it is due."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tangthu.patrons.models import Patron
from tangthu.reading.actions.lending import borrow
from tangthu.repository.models import DigitalObject
from tests.conftest import client_of_reader
from tests.reading.lending import as_reader, licensed
from tests.reading.test_reading import shown

pytestmark = pytest.mark.django_db

NewObject = Callable[..., DigitalObject]
LIMITS = {"pages": 1_000, "bytes": 300_000_000, "width": 960}


def told(reader: Client, obj: DigitalObject, query: str = "") -> dict:
    return shown(reader.get(f"/read/{obj.identifier}/{query}"))


def test_a_scan_open_to_all_is_kept_without_an_end(client: Client, new_object: NewObject) -> None:
    found = told(client, new_object())

    assert found["offline"] == {"allowed": True, "due": None} | LIMITS
    assert found["isKept"] is False


def test_a_lent_scan_is_kept_by_its_borrower_until_it_is_due(
    new_object: NewObject, patron: Patron
) -> None:
    obj = new_object(access="lent")
    licensed(obj)
    loan = borrow(obj, for_=patron, by=as_reader(patron))

    found = told(client_of_reader(patron), obj)

    due = round(loan.due_at.timestamp() * 1000)
    assert found["offline"] == {"allowed": True, "due": due} | LIMITS
    assert found["ticket"]


def test_what_opens_by_the_card_alone_is_not_kept(new_object: NewObject, patron: Patron) -> None:
    found = told(client_of_reader(patron), new_object(access="cardholders"))

    assert found["offline"] == {"allowed": False, "due": None} | LIMITS


def test_the_page_that_is_kept_holds_no_ticket(new_object: NewObject, patron: Patron) -> None:
    obj = new_object(access="lent")
    licensed(obj)
    borrow(obj, for_=patron, by=as_reader(patron))
    reader = client_of_reader(patron)

    answer = reader.get(f"/read/{obj.identifier}/?kept=")

    found = shown(answer)
    assert (found["isKept"], found["ticket"], found["renew"]) == (True, "", "")
    first = obj.pages.get(position=1).identifier
    text = answer.content.decode()
    assert f"/iiif/image/{first}/full/700,/0/default.webp?kept=" in text
    assert f"/iiif/image/{first}~" not in text
