"""Lending over the REST API, as a self-service machine or another system does it."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tangthu.access.actions import issue_token
from tangthu.access.models import User
from tangthu.circulation import actions
from tangthu.circulation.models import Loan
from tangthu.core.actor import Actor
from tests.factories import ItemFactory, PatronFactory
from tests.support.threads import at_once


class Api:
    """A client of the API with a token."""

    def __init__(self, user: User) -> None:
        actor = Actor.machine("test")
        _token, self.token = issue_token(user, name="máy tự phục vụ", by=actor)

    def get(self, path: str, **headers: str):
        return Client().get(f"/api/v1/{path}", headers=self._headers(headers))

    def post(self, path: str, body: object = None, **headers: str):
        return Client().post(
            f"/api/v1/{path}",
            json.dumps(body if body is not None else {}),
            content_type="application/json",
            headers=self._headers(headers),
        )

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.token}", **named}


@pytest.fixture
def api(desk_user: User) -> Api:
    return Api(desk_user)


@pytest.fixture
def item(province):
    return ItemFactory(library=province, barcode="DLK00000001")


def order(patron, item, **more):
    return {"barcode": item.barcode, "card": patron.card, **more}


def test_an_item_is_lent_and_its_status_says_so(api, patron, item):
    lent = api.post("checkouts", order(patron, item))
    seen = api.get("items/dlk00000001")

    assert lent.status_code == 201
    assert lent.json()["id"] == Loan.objects.get().pk
    assert seen.json()["status"] == "on_loan"
    assert seen.json()["loan"]["card"] == patron.card


def test_a_refusal_names_every_block_with_its_rule(api, item, province):
    expired = PatronFactory(library=province, expires_on="2026-01-31", card_status="lost")

    response = api.post("checkouts", order(expired, item))

    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["code"] == "checkout_refused"
    assert {block["code"] for block in problem["blocks"]} == {"card_expired", "card_lost"}
    assert all(block["message"] and block["overridable"] for block in problem["blocks"])
    assert not Loan.objects.exists()


def test_a_named_block_is_overridden_and_no_other(api, item, province):
    expired = PatronFactory(library=province, expires_on="2026-01-31")

    wrong = api.post("checkouts", order(expired, item, override=["max_loans"]))
    right = api.post("checkouts", order(expired, item, override=["card_expired"]))

    assert (wrong.status_code, right.status_code) == (409, 201)


def test_an_item_comes_back_and_is_to_be_shelved(api, patron, item, desk):
    actions.check_out(item, to=patron, by=desk)

    response = api.post("checkins", {"barcode": item.barcode})

    assert response.status_code == 200
    assert response.json()["next"]["action"] == "shelve"
    assert response.json()["loan"]["returned_at"]


def test_a_return_of_what_was_not_lent_has_no_loan(api, item):
    assert api.post("checkins", {"barcode": item.barcode}).json()["loan"] is None


def test_a_loan_is_renewed_until_the_rule_says_no(api, patron, item, desk):
    loan = actions.check_out(item, to=patron, by=desk)
    Loan.objects.update(due_at="2026-11-23T16:59:00Z")

    first = api.post(f"loans/{loan.pk}/renew")
    second = api.post(f"loans/{loan.pk}/renew")

    assert first.status_code == 200
    assert first.json()["renewals"] == 1
    assert second.status_code == 409
    assert "no_renewals_left" in {block["code"] for block in second.json()["blocks"]}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("checkouts", {"barcode": "NONE", "card": "NONE"}),
        ("checkins", {"barcode": "NONE"}),
        ("loans/999999/renew", {}),
    ],
)
def test_what_is_not_there_is_not_found(api, path, body):
    response = api.post(path, body)

    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


def test_a_patron_of_another_library_is_not_found(api, foreign_patron, item):
    assert api.post("checkouts", order(foreign_patron, item)).status_code == 404


def test_without_a_token_nothing_is_answered(client, db):
    response = client.get("/api/v1/items/X")

    assert response.status_code == 401
    assert response.json()["code"] == "token_needed"


@pytest.mark.parametrize("body", ["{", "[]", '{"barcode": 5}', "", "null", "[" * 2000])
def test_a_malformed_order_is_refused_as_a_problem(api, body, db):
    response = Client().post(
        "/api/v1/checkouts",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {api.token}"},
    )

    assert response.status_code in (400, 422)
    assert response["Content-Type"] == "application/problem+json"


def test_an_order_sent_twice_is_answered_the_second_time_as_the_first(api, patron, item):
    first = api.post("checkouts", order(patron, item), Idempotency_Key="k-1")
    second = api.post("checkouts", order(patron, item), Idempotency_Key="k-1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert Loan.objects.count() == 1


def test_a_key_used_for_another_order_is_refused(api, patron, item, province):
    api.post("checkouts", order(patron, item), Idempotency_Key="k-1")

    other = order(patron, ItemFactory(library=province))
    response = api.post("checkouts", other, Idempotency_Key="k-1")

    assert response.status_code == 409
    assert response.json()["code"] == "idempotency_key_reused"
    assert Loan.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_desks_lend_one_item_and_one_hears_why(api, patron, item, province):
    other = PatronFactory(library=province)

    answers = at_once(
        lambda: api.post("checkouts", order(patron, item)),
        lambda: api.post("checkouts", order(other, item)),
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["blocks"][0]["code"] == "on_loan_to_another"
    assert Loan.objects.open().count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_order_sent_twice_at_once_lends_once(api, patron, item):
    answers = at_once(
        *[lambda: api.post("checkouts", order(patron, item), Idempotency_Key="k-1")] * 2
    )

    assert [answer.status_code for answer in answers] == [201, 201]
    assert Loan.objects.count() == 1
