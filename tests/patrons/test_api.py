import json

import pytest

from tangthu.access.actions import issue_token
from tangthu.core.actor import Actor
from tangthu.core.models import AuditEntry
from tangthu.patrons.actions import set_citizen_number
from tangthu.patrons.models import Patron
from tests.factories import PatronFactory

PATRONS = "/api/v1/patrons"


@pytest.fixture
def token(desk_user):
    return issue_token(desk_user, "test", by=Actor.machine("test"))[1]


@pytest.fixture
def api(client, token):
    def call(path=PATRONS, body=None, **headers):
        headers = {"Authorization": f"Bearer {token}", **headers}
        if body is None:
            return client.get(path, headers=headers)
        return client.post(path, json.dumps(body), content_type="application/json", headers=headers)

    return call


@pytest.fixture
def told(adult, province):
    return {"name": "Nguyễn Văn An", "category": "adult", "library": "DLK"}


def test_a_reader_is_registered_and_read_again(api, told, clock):
    made = api(body={**told, "card": "tv 1", "phone": "0905 123 456", "birth_on": "03/04/1985"})

    assert made.status_code == 201
    assert made.json() == {
        "card": "TV1",
        "card_status": "active",
        "name": "Nguyễn Văn An",
        "sort_name": "An | Nguyễn | Văn",
        "category": "adult",
        "library": "DLK",
        "birth_on": "1985-04-03",
        "phone": "0905123456",
        "email": "",
        "address": "",
        "guardian": None,
        "registered_on": "2026-03-02",
        "expires_on": "2027-03-02",
        "restrictions": [],
        "resembles": [],
    }
    read = api(f"{PATRONS}/tv1").json()
    assert read == {name: value for name, value in made.json().items() if name != "resembles"}


def test_a_card_number_is_given_where_none_is_named(api, told):
    assert api(body=told).json()["card"] == "DLKT000001"


def test_somebody_who_resembles_a_reader_is_told_of(api, told):
    api(body={**told, "phone": "0905123456"})

    again = api(body={**told, "phone": "0905123456"})

    assert again.status_code == 201
    assert again.json()["resembles"] == ["DLKT000001"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"category": "nobody"}, 422, "unknown_category"),
        ({"library": "XXX"}, 422, "unknown_library"),
        ({"library": "EAKAO"}, 403, "not_permitted"),
        ({"name": "An 2"}, 422, "patron_invalid"),
        ({"guardian_card": "none"}, 404, "unknown_patron"),
        ({"birth_on": "31/02/2000"}, 422, "invalid"),
        ({"name": None}, 422, "invalid"),
    ],
)
def test_what_cannot_be_is_a_problem_document(api, told, commune, change, status, code):
    response = api(body={**told, **change})

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"].startswith("application/problem+json")
    assert not Patron.objects.exists()


def test_every_fault_is_explained_in_vietnamese(api, told):
    errors = api(body={**told, "name": "An 2", "phone": "12"}).json()["errors"]

    assert [(error["field"], error["code"]) for error in errors] == [
        ("name", "name_invalid"),
        ("phone", "phone_invalid"),
    ]
    assert "số điện thoại" in errors[1]["message"]


def test_a_card_that_is_taken_is_a_conflict(api, told):
    api(body={**told, "card": "TV1"})

    response = api(body={**told, "card": "TV1"})

    assert response.status_code == 409
    assert (response.json()["code"], response.json()["card"]) == ("card_taken", "TV1")


def test_a_request_sent_twice_registers_once(api, told):
    first = api(body=told, **{"Idempotency-Key": "k-1"})
    second = api(body=told, **{"Idempotency-Key": "k-1"})

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Patron.objects.count() == 1


def test_readers_of_other_libraries_and_nobody_are_not_found(api, commune):
    PatronFactory(library=commune, card="EA1")

    for card in ("EA1", "NONE", "%00"):
        response = api(f"{PATRONS}/{card}")
        assert (response.status_code, response.json()["code"]) == (404, "unknown_patron")


def test_looking_is_written_down_and_no_citizen_number_is_told(api, patron, desk):
    set_citizen_number(patron, "066085001234", by=desk)

    response = api(f"{PATRONS}/{patron.card}")

    assert "066085001234" not in response.content.decode()
    assert AuditEntry.objects.filter(action="patron.seen").count() == 1


def test_without_a_token_nothing_is_told(client, patron):
    assert client.get(f"{PATRONS}/{patron.card}").status_code == 401
