"""Search and records over the REST API."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from django.test import Client

from tangthu.access.actions import issue_token
from tangthu.catalogue.actions import suppress
from tangthu.circulation.actions import check_out
from tangthu.formats.marc.reader import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def get(desk_user, machine):
    _token, plain = issue_token(desk_user, "test", by=machine)

    def ask(path: str, data: dict[str, object] | None = None, **headers: str):
        return Client().get(
            f"/api/v1/{path}",
            data or {},
            headers={"Authorization": f"Bearer {plain}", **headers},
        )

    return ask


def test_a_search_answers_with_hits_facets_and_the_time_it_took(get, book, index):
    record = book("Lịch sử Đắk Lắk", author="Nguyễn Văn An", year="2019", language="vie")
    book("Mắt biếc", language="vie")
    index()

    answer = get("search", {"q": "dak lak", "facet": "language,library"}).json()

    assert answer["total"] == 1
    hit = answer["hits"][0]
    assert (hit["id"], hit["title"], hit["year"]) == (record.pk, "Lịch sử Đắk Lắk", 2019)
    assert answer["facets"] == {
        "language": [{"value": "vie", "count": 1}],
        "library": [{"value": "DLK", "count": 1}],
    }
    assert answer["took_ms"] >= 0


def test_an_empty_question_is_everything(get, book, index):
    for number in range(3):
        book(f"Sách {number}")
    index()

    answer = get("search", {"limit": 2, "offset": 2}).json()

    assert answer["total"] == 3
    assert len(answer["hits"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": 101},
        {"limit": -1},
        {"offset": 10**9},
        {"facet": "colour"},
        {"limit": "x"},
        {"sort": "x"},
        {"q": "x" * 20_000},
    ],
)
def test_a_wrong_parameter_is_refused_as_a_problem(get, index, book, wrong):
    book("Mắt biếc")
    index()

    response = get("search", wrong)

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "invalid"


def test_a_record_comes_with_its_copies_and_their_status(get, book, patron, desk):
    record = book("Mắt biếc", copies=2, author="Nguyễn Nhật Ánh")
    lent = record.items.order_by("pk")[0]
    check_out(lent, to=patron, by=desk)

    answer = get(f"records/{record.pk}").json()

    assert answer["title"] == "Mắt biếc"
    assert {item["barcode"]: item["status"] for item in answer["items"]} == {
        lent.barcode: "on_loan",
        record.items.order_by("pk")[1].barcode: "available",
    }
    assert {item["library"] for item in answer["items"]} == {"DLK"}


@pytest.mark.parametrize("wanted", ["application/marcxml+xml", "application/marc"])
def test_a_record_comes_as_marc_to_those_who_accept_it(get, book, wanted):
    record = book("Mắt biếc")

    response = get(f"records/{record.pk}", Accept=wanted)

    assert response["Content-Type"] == wanted
    (outcome,) = list(read(BytesIO(response.content)))
    assert outcome.record.value("245", "a") == "Mắt biếc"


def test_a_record_that_is_not_there_is_not_found(get, db):
    response = get("records/999999")

    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


def test_a_hidden_record_is_seen_by_staff_programs_but_not_found_in_search(
    get, book, machine, index
):
    record = book("Tài liệu mật")
    suppress(record, by=machine)
    index()

    assert get(f"records/{record.pk}").status_code == 200
    assert get("search", {"q": "tai lieu mat"}).json()["total"] == 0


def test_the_api_describes_itself(client, db):
    described = json.loads(client.get("/api/v1/openapi.json").content)

    assert {"/api/v1/search", "/api/v1/records/{record_id}", "/api/v1/checkouts"} <= set(
        described["paths"]
    )


def test_without_an_index_the_api_says_that_it_is_busy(get, settings, tmp_path):
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'none'}"

    response = get("search", {"q": "x"})

    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
