"""`Idempotency-Key`: a write sent twice is one write, whoever sends it and whatever happens."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tangthu.access.actions import issue_token
from tangthu.access.models import User
from tangthu.circulation.models import Loan
from tangthu.core.actor import Actor
from tangthu.core.models import IdempotencyKey
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tests.factories import ItemFactory

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "k-1"}


def token(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue_token(user, 'máy', by=Actor.machine('test'))[1]}"}


def post(path: str, body: object, headers: dict[str, str]):
    return Client().post(
        f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers
    )


@pytest.fixture
def order(province: Library, patron: Patron) -> dict[str, object]:
    return {"barcode": ItemFactory(library=province, barcode="DLK1").barcode, "card": patron.card}


def test_a_repeated_loan_is_one_loan(desk_user, order):
    headers = token(desk_user) | KEY

    first, second = post("checkouts", order, headers), post("checkouts", order, headers)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second["Idempotent-Replayed"] == "true"
    assert Loan.objects.count() == 1


@pytest.mark.parametrize("path", ["checkouts", "no/such/address", "items/1"])
def test_what_a_stranger_is_told_is_not_kept(order, path):
    refused = post(path, order, KEY | {"Authorization": "Bearer tt_guessed"})

    assert refused.status_code in {401, 404, 405}
    assert not IdempotencyKey.objects.exists()


def test_the_same_key_with_another_question_in_the_address_is_refused(desk_user, order):
    headers = token(desk_user) | KEY

    first, second = post("checkouts", order, headers), post("checkouts?a=1", order, headers)

    assert first.status_code == 201
    assert (second.status_code, second.json()["code"]) == (409, "idempotency_key_reused")


def test_the_same_key_of_another_program_is_another_key(desk_user, neighbour_user, order):
    mine = post("checkouts", order, token(desk_user) | KEY)

    theirs = post("checkouts", order, token(neighbour_user) | KEY)

    assert mine.status_code == 201
    assert (theirs.status_code, theirs.json()["code"]) == (404, "not_found")


def test_after_a_failure_of_ours_the_next_try_finds_out(desk_user, order, monkeypatch):
    headers = token(desk_user) | KEY
    fail = Client(raise_request_exception=False)

    with monkeypatch.context() as broken:
        broken.setattr("tangthu.circulation.actions.lending.insert", _break_the_transaction)
        failed = fail.post(
            "/api/v1/checkouts", json.dumps(order), content_type="application/json", headers=headers
        )
    again = post("checkouts", order, headers)

    assert failed.status_code == 500
    assert again.status_code == 201
    assert "Idempotent-Replayed" not in again
    assert Loan.objects.count() == 1


def _break_the_transaction(_row: object) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column")


def test_an_answer_that_tells_of_readers_stays_in_no_cache(desk_user, patron):
    seen = Client().get(f"/api/v1/patrons/{patron.card}", headers=token(desk_user))

    assert seen.status_code == 200
    assert seen["Cache-Control"] == "private, no-store"
