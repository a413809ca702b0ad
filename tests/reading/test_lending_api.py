"""Electronic loans and holds over the REST API."""

from __future__ import annotations

import pytest
from django.test import Client

from tangthu.access.actions import issue_token
from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import Face
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading.models import DigitalLoan
from tangthu.repository.models import DigitalObject
from tests.reading.lending import ebook, licensed, readers, scan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(province: Library) -> DigitalObject:
    obj = ebook(province)
    licensed(obj)
    return obj


@pytest.fixture
def staff(administrator_user: User) -> Client:
    return api(administrator_user)


def api(user: User) -> Client:
    _token, plain = issue_token(user, "program", by=actor_for(user, face=Face.STAFF))
    return Client(headers={"Authorization": f"Bearer {plain}"})


def order(client: Client, kind: str, book: DigitalObject, card: str, **headers: str) -> object:
    return client.post(
        f"/api/v1/digital-{kind}",
        {"object": book.identifier, "card": card},
        content_type="application/json",
        headers=headers,
    )


def test_a_loan_is_made_extended_and_ended(
    staff: Client, book: DigitalObject, patron: Patron
) -> None:
    made = order(staff, "loans", book, patron.card)
    key = made.json()["id"]
    mine = staff.get(f"/api/v1/digital-loans?card={patron.card}").json()
    renewed = staff.post(f"/api/v1/digital-loans/{key}/renew")
    returned = staff.post(f"/api/v1/digital-loans/{key}/return")
    again = staff.post(f"/api/v1/digital-loans/{key}/return")

    assert made.status_code == 201
    assert made.json()["card"] == patron.card
    assert made.json()["read"] == f"http://testserver/read/{book.identifier}/"
    assert [each["id"] for each in mine] == [key]
    assert (renewed.status_code, renewed.json()["renewals"]) == (200, 1)
    assert (returned.status_code, returned.json()["ending"]) == (200, "by_staff")
    assert (again.status_code, again.json()["code"]) == (409, "digital_loan_over")


def test_a_refusal_names_every_reason_in_words(
    staff: Client, book: DigitalObject, province: Library
) -> None:
    first, second = readers(province, number=2)
    order(staff, "loans", book, first.card)

    answer = order(staff, "loans", book, second.card)

    assert answer.status_code == 409
    (block,) = answer.json()["blocks"]
    assert block["code"] == "digital_no_copy_free"
    assert block["message"] == "Hiện không còn lượt trống. Hãy đặt mượn, sẽ đến lượt bạn."
    assert DigitalLoan.objects.count() == 1


def test_an_order_that_is_sent_twice_is_done_once(
    staff: Client, book: DigitalObject, patron: Patron
) -> None:
    answers = [
        order(staff, "loans", book, patron.card, **{"Idempotency-Key": "one"}) for _ in range(2)
    ]

    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotent-Replayed"] == "true"


def test_a_hold_is_placed_and_cancelled(
    staff: Client, book: DigitalObject, province: Library
) -> None:
    first, second = readers(province, number=2)
    order(staff, "loans", book, first.card)

    placed = order(staff, "holds", book, second.card)
    mine = staff.get(f"/api/v1/digital-holds?card={second.card}").json()
    lending = staff.get(f"/api/v1/objects/{book.identifier}/lending").json()
    cancelled = staff.delete(f"/api/v1/digital-holds/{placed.json()['id']}")

    assert (placed.status_code, placed.json()["place"]) == (201, 1)
    assert [each["state"] for each in mine] == ["waiting"]
    assert (lending["free"], lending["total"], lending["waiting"]) == (0, 1, 1)
    assert cancelled.status_code == 204


def test_the_copy_that_stays_in_is_named_and_shown(
    staff: Client, province: Library, patron: Patron
) -> None:
    scan, (item,) = scan_of(province, copies=1)

    made = order(staff, "loans", scan, patron.card)

    assert made.json()["copy_kept_in"] == item.barcode
    assert staff.get(f"/api/v1/items/{item.barcode}").json()["status"] == "lent_as_scan"


def test_licences_are_shown_to_those_who_deal_with_them(
    staff: Client, book: DigitalObject, desk_user: User
) -> None:
    (licence,) = staff.get(f"/api/v1/licences?of={book.identifier}").json()

    assert (licence["at_once"], licence["loans"], licence["state"]) == (1, 0, "active")
    assert api(desk_user).get("/api/v1/licences").json() == []


def test_loans_are_not_for_those_who_may_not_lend(
    book: DigitalObject, patron: Patron, desk_user: User
) -> None:
    answer = order(api(desk_user), "loans", book, patron.card)

    assert answer.status_code == 403
    assert not DigitalLoan.objects.exists()
