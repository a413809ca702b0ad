"""Places and marks: kept on the card for who wants it, forgotten for who does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tangthu.core.actor import Actor, Face
from tangthu.patrons.models import Patron, ReaderAccount
from tangthu.reading.actions.places import choose_keeping, forget_places_of
from tangthu.reading.models import Mark, Place, ReadingChoice
from tangthu.reading.policy.places import MOST_MARKS, is_locator, moment_of, progress_of
from tangthu.repository.models import DigitalObject
from tests.conftest import client_of_reader

pytestmark = pytest.mark.django_db
NOW = 1_790_000_000_000


@pytest.fixture
def reader(patron: Patron) -> Client:
    """A reader who wants places kept on the card."""
    ReadingChoice.objects.create(patron=patron, keeps=True, chosen_at=timezone.now())
    return client_of_reader(patron)


def put(client: Client, address: str, **told: object) -> HttpResponse:
    return client.put(address, json.dumps(told), content_type="application/json")


def place_of(book: DigitalObject) -> str:
    return f"/read/{book.identifier}/place"


def keep(client: Client, book: DigitalObject, page: int, *, at: int = NOW) -> HttpResponse:
    locator = {"page": page}
    told = {"progress": page / 10, "label": f"tr. {page}", "device": "Điện thoại", "at": at}
    return put(client, place_of(book), locator=locator, **told)


def mark(client: Client, book: DigitalObject, **told: object) -> HttpResponse:
    values = {"kind": "highlight", "locator": {"page": 2}, "quote": "đất đỏ", "at": NOW} | told
    uid = values.pop("uid", uuid4())
    return put(client, f"/read/{book.identifier}/marks/{uid}", **values)


def test_a_place_follows_the_card_to_another_device(
    patron: Patron, reader: Client, book: DigitalObject
) -> None:
    keep(reader, book, 7)

    told = client_of_reader(patron).get(place_of(book)).json()

    assert told["keeps"] is True
    assert told["place"] == {
        "locator": {"page": 7},
        "progress": 0.7,
        "label": "tr. 7",
        "device": "Điện thoại",
        "at": NOW,
    }


def test_the_later_place_counts_whichever_is_told_first(
    reader: Client, book: DigitalObject
) -> None:
    keep(reader, book, 7, at=NOW)

    answer = keep(reader, book, 3, at=NOW - 60_000)
    later = keep(reader, book, 9, at=NOW + 60_000)

    assert answer.json()["locator"] == {"page": 7}
    assert later.json()["locator"] == {"page": 9}
    assert Place.objects.count() == 1


def test_a_clock_that_is_ahead_wins_nothing(reader: Client, book: DigitalObject) -> None:
    keep(reader, book, 7, at=NOW * 10)

    assert Place.objects.get().at <= timezone.now()


def test_who_keeps_no_past_loans_keeps_no_places(patron: Patron, book: DigitalObject) -> None:
    browser = client_of_reader(patron)

    told = browser.get(place_of(book)).json()
    refused = keep(browser, book, 7)

    assert (told["keeps"], told["place"]) == (False, None)
    assert (refused.status_code, refused.json()) == (409, {"reason": "places_not_kept"})
    assert not Place.objects.exists()


def test_who_keeps_past_loans_keeps_places_too(patron: Patron, book: DigitalObject) -> None:
    ReaderAccount.objects.update_or_create(
        patron=patron, defaults={"keeps_history_since": timezone.now()}
    )

    answer = keep(client_of_reader(patron), book, 7)

    assert answer.status_code == 200


def test_a_stranger_keeps_nothing_here(client: Client, book: DigitalObject) -> None:
    answers = [client.get(place_of(book)), keep(client, book, 1), mark(client, book)]

    assert {answer.status_code for answer in answers} == {403}
    assert not Place.objects.exists()
    assert not Mark.objects.exists()


def test_marks_are_kept_changed_and_removed(reader: Client, book: DigitalObject) -> None:
    uid = uuid4()
    mark(reader, book, uid=uid)
    mark(reader, book, uid=uid, note="Xem lại", colour="green", at=NOW + 1000)
    mark(reader, book, uid=uid, note="Cũ", at=NOW - 1000)

    told = reader.get(f"/read/{book.identifier}/marks").json()["marks"]
    gone = reader.delete(f"/read/{book.identifier}/marks/{uid}")

    assert told == [
        {
            "uid": str(uid),
            "kind": "highlight",
            "locator": {"page": 2},
            "label": "",
            "quote": "đất đỏ",
            "note": "Xem lại",
            "colour": "green",
            "at": NOW + 1000,
        }
    ]
    assert gone.status_code == 204
    assert not Mark.objects.exists()


def test_nobody_sees_or_changes_the_marks_of_another(
    reader: Client, foreign_patron: Patron, book: DigitalObject
) -> None:
    ReadingChoice.objects.create(patron=foreign_patron, keeps=True, chosen_at=timezone.now())
    other, uid = client_of_reader(foreign_patron), uuid4()
    mark(reader, book, uid=uid)

    seen = other.get(f"/read/{book.identifier}/marks").json()["marks"]
    other.delete(f"/read/{book.identifier}/marks/{uid}")
    mark(other, book, uid=uid, note="của tôi")

    assert seen == []
    assert sorted(Mark.objects.values_list("note", flat=True)) == ["", "của tôi"]


@pytest.mark.parametrize(
    "told",
    [
        {"locator": {}},
        {"locator": {"a": {"deep": 1}}},
        {"locator": "page 2"},
        {"locator": {"cfi": "x" * 3000}},
        {"kind": "tattoo"},
        {"colour": "url(x)"},
    ],
)
def test_what_says_nothing_is_refused(
    reader: Client, book: DigitalObject, told: dict[str, object]
) -> None:
    assert mark(reader, book, **told).status_code == 422
    assert not Mark.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"[" * 20_000, b"\xff", b"x" * 40_000])
def test_what_is_no_json_is_refused(reader: Client, book: DigitalObject, body: bytes) -> None:
    answer = reader.put(place_of(book), body, content_type="application/json")

    assert answer.status_code == 422
    assert not Place.objects.exists()


def test_a_document_has_so_many_marks_and_no_more(
    patron: Patron, reader: Client, book: DigitalObject
) -> None:
    now = timezone.now()
    Mark.objects.bulk_create(
        Mark(
            patron=patron,
            object=book,
            uid=uuid4(),
            kind="bookmark",
            locator={"page": 1},
            made_at=now,
            changed_at=now,
        )
        for _ in range(MOST_MARKS)
    )

    answer = mark(reader, book)

    assert (answer.status_code, answer.json()["reason"]) == (409, "too_many_marks")


def test_keeping_no_more_throws_all_away(
    patron: Patron, reader: Client, book: DigitalObject
) -> None:
    keep(reader, book, 7)
    mark(reader, book)

    choose_keeping(keeps=False, by=actor_of(patron))

    assert not Place.objects.exists()
    assert not Mark.objects.exists()
    assert reader.get(place_of(book)).json()["keeps"] is False


def test_forgetting_one_document_leaves_the_others(
    reader: Client, book: DigitalObject, new_object: Callable[..., DigitalObject]
) -> None:
    other = new_object(pages=1)
    for each in (book, other):
        keep(reader, each, 1)

    reader.delete(place_of(book))

    assert Place.objects.get().object == other


def test_an_erased_reader_leaves_nothing(
    patron: Patron, reader: Client, book: DigitalObject
) -> None:
    keep(reader, book, 7)
    mark(reader, book)

    forget_places_of(patron)

    assert not Place.objects.exists()
    assert not Mark.objects.exists()
    assert not ReadingChoice.objects.exists()


def test_odd_numbers_are_taken_for_what_they_can_be() -> None:
    now = timezone.now()

    assert [progress_of(value) for value in (0.5, -1, 7, "x", None, float("nan"), True)] == [
        *(0.5, 0.0, 1.0),
        *(0.0, 0.0, 0.0, 0.0),
    ]
    assert moment_of(1e300, now=now) == now
    assert moment_of("x", now=now) == now
    assert is_locator({"page": "bcd", "xywh": [1, 2, 3, 4]})
    assert not is_locator({"second": float("inf")})


def actor_of(patron: Patron) -> Actor:
    return Actor(name=patron.name, face=Face.OPAC, patron_id=patron.pk)
