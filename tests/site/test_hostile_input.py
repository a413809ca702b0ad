"""What strangers and broken programs send: refused in words, never a failure of ours."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError
from django.test import Client

from tangthu.access.actions import issue_token
from tangthu.access.models import User
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tests.factories import ItemFactory

NUL, HALF = "a\x00b", "a\ud800b"
HUGE = "9" * 40
DEEP = b"[" * 100_000


@pytest.fixture
def headers(desk_user: User) -> dict[str, str]:
    _token, plain = issue_token(desk_user, "máy tự phục vụ", by=Actor.machine("test"))
    return {"Authorization": f"Bearer {plain}"}


@pytest.fixture
def lendable(province: Library, patron: Patron) -> dict[str, object]:
    item = ItemFactory(library=province, barcode="DLK00000001")
    return {"barcode": item.barcode, "card": patron.card}


def post(path: str, body: object, headers: dict[str, str], **more: str):
    data = body if isinstance(body, bytes) else json.dumps(body)
    client = Client(raise_request_exception=False)
    return client.post(
        f"/api/v1/{path}", data, content_type="application/json", headers=headers | more
    )


@pytest.mark.parametrize("text", [NUL, HALF], ids=["nul", "half-character"])
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("checkouts", ("barcode", "card")),
        ("checkins", ("barcode",)),
        ("patrons", ("name", "category", "library", "card", "address", "note", "guardian_card")),
    ],
)
def test_text_that_no_database_takes_is_refused(headers, lendable, path, names, text):
    whole = {**lendable, "name": "Nguyễn Văn A", "category": "adult", "library": "DLK"}

    answers = [post(path, {**whole, name: text}, headers) for name in names]

    assert {answer.status_code for answer in answers} == {400}
    assert {answer["Content-Type"] for answer in answers} == {"application/problem+json"}


@pytest.mark.parametrize(
    "body", [b"\xff\xfe{", b"{", DEEP, b"null", b"[]", b'"a"', b"", b'{"barcode": NaN}']
)
def test_a_body_that_is_no_order_is_refused(headers, lendable, body):
    answer = post("checkouts", body, headers)

    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "items/%00", "items/a%00b", "patrons/%00", "items/%ff", f"records/{HUGE}",
        f"records/{'9' * 5000}", f"records/-{HUGE}", "search?q=%00", "search?filter.library=%00",
        f"search?filter.year={HUGE}", f"search?limit={HUGE}",
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_answered(headers, settings, tmp_path, path):
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'index'}"

    answer = Client(raise_request_exception=False).get(f"/api/v1/{path}", headers=headers)

    assert answer.status_code in {200, 404, 422, 503}


@pytest.mark.parametrize("number", [2**31, 2**63, 2**64, 10**30])
def test_a_loan_of_a_number_beyond_all_numbers_is_not_found(headers, number):
    assert post(f"loans/{number}/renew", {}, headers).status_code == 404


@pytest.mark.parametrize(
    "due_at",
    [
        "2099-01-01T00:00:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2099-01-01",
        4102444800, 1e300,
    ],
)  # fmt: skip
def test_a_due_date_is_a_moment_of_our_time_or_refused(headers, lendable, due_at):
    answer = post("checkouts", {**lendable, "due_at": due_at}, headers)

    assert answer.status_code in {201, 409, 422}


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "31/12/9999", "2026-02-30"])
@pytest.mark.parametrize("name", ["birth_on", "registered_on", "expires_on"])
def test_a_day_out_of_this_world_is_refused(headers, lendable, name, day):
    whole = {"name": "Nguyễn Văn A", "category": "adult", "library": "DLK", name: day}

    assert post("patrons", whole, headers).status_code in {201, 422}


def test_a_body_too_large_is_refused_as_a_problem_with_a_key_too(headers, lendable):
    body = {**lendable, "override": ["x" * 3_000_000]}

    answers = [post("checkouts", body, headers, **more) for more in ({}, {"Idempotency-Key": "k"})]

    assert [answer.status_code for answer in answers] == [413, 413]
    assert {answer["Content-Type"] for answer in answers} == {"application/problem+json"}


@pytest.mark.parametrize(
    "path",
    [
        "/desk/?patron=%00", f"/desk/?mode=%00&patron={HUGE}", "/search?q=%00&library=%00",
        f"/search?year={HUGE}&page={HUGE}", f"/record/{'9' * 18}", "/suggest?q=%00",
        "/desk/patrons/?q=%00", f"/desk/patrons/{HUGE}/", f"/desk/patrons/?library={HUGE}",
        f"/desk/patrons/?page={'9' * 5000}", "/desk/patrons/new?name=%00",
        "/staff/login?next=%00", "/staff/login?next=//evil.example",
    ],
)  # fmt: skip
def test_no_address_of_a_page_breaks_it(desk_client, settings, tmp_path, path):
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'index'}"
    desk_client.raise_request_exception = False

    answer = desk_client.get(path)

    assert answer.status_code < 400 or answer.status_code in {404, 503}
    assert "evil" not in answer.get("Location", "")


def test_a_scan_with_a_card_that_no_database_takes_is_answered(desk_client):
    desk_client.raise_request_exception = False

    answer = desk_client.post("/desk/scan", {"q": "a", "patron": "\x00", "mode": "\x00"})

    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/v1/nothing-here", 404, "not_found"),
        ("delete", "/api/v1/search", 405, "method_not_allowed"),
        ("get", "/api/v2/search", 404, "not_found"),
    ],
)
def test_programs_are_told_of_a_wrong_address_in_json(db, method, path, status, code):
    answer = getattr(Client(), method)(path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_a_fault_of_a_field_is_told_in_the_language_of_the_program(headers):
    answers = [
        post("checkouts", {"barcode": 5}, headers | {"Accept-Language": language}).json()
        for language in ("vi", "en")
    ]

    told = [[fault["message"] for fault in answer["errors"]] for answer in answers]
    assert told == [
        ["Giá trị này phải là chữ.", "Cần điền mục này."],
        ["This must be a text.", "This field is needed."],
    ]


def test_a_database_that_is_too_busy_says_come_again(headers, lendable, monkeypatch):
    def lend(*_, **__):
        raise OperationalError("database is locked")

    monkeypatch.setattr("tangthu.circulation.actions.check_out", lend)

    answer = post("checkouts", lendable, headers)

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer["Retry-After"] == "1"
