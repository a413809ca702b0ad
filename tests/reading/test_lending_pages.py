"""The page of a document that is lent: its buttons, its refusals, and the reader's shelf."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading.actions.lending import borrow, place_digital_hold
from tangthu.reading.models import DigitalHold, DigitalLoan
from tangthu.repository.models import DigitalObject
from tests.conftest import client_of_reader
from tests.factories import RecordFactory
from tests.protocols.making import keep_object
from tests.reading.lending import as_reader, licensed, readers

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(province: Library) -> DigitalObject:
    obj = keep_object(province, access="lent")
    licensed(obj)
    return obj


@pytest.fixture
def other(province: Library) -> Patron:
    return readers(province, number=1)[0]


def press(reader: Client, book: DigitalObject, deed: str, **values: str) -> object:
    return reader.post(f"/read/{book.identifier}/lending", {"deed": deed, **values})


def test_a_stranger_is_told_that_it_is_lent_and_asked_to_log_in(
    client: Client, book: DigitalObject
) -> None:
    answer = client.get(f"/read/{book.identifier}/")
    pressed = press(client, book, "borrow")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Còn 1 trên 1" in text
    assert "Đăng nhập để mượn" in text
    assert "/iiif/image/" not in text
    assert pressed["Location"].startswith("/account/login")


def test_a_reader_borrows_reads_and_gives_back(book: DigitalObject, patron: Patron) -> None:
    reader = client_of_reader(patron)

    borrowed = press(reader, book, "borrow")
    read = reader.get(borrowed["Location"])
    returned = press(reader, book, "return", next="/account/#digital")
    after = reader.get(f"/read/{book.identifier}/")

    assert borrowed["Location"] == f"/read/{book.identifier}/"
    assert "/iiif/image/" in read.content.decode()
    assert "/iiif/image/" not in after.content.decode()
    assert returned["Location"] == "/account/#digital"


def test_pressed_twice_it_is_borrowed_once(book: DigitalObject, patron: Patron) -> None:
    reader = client_of_reader(patron)

    answers = [press(reader, book, "borrow") for _ in range(2)]

    assert [each.status_code for each in answers] == [302, 302]
    assert DigitalLoan.objects.count() == 1


def test_images_and_the_manifest_open_to_the_borrower_alone(
    book: DigitalObject, patron: Patron, other: Patron
) -> None:
    borrow(book, for_=patron, by=as_reader(patron))
    page = book.pages.get(position=1).identifier
    mine, theirs = client_of_reader(patron), client_of_reader(other)

    text = mine.get(f"/read/{book.identifier}/").content.decode()
    found = re.search(rf"/iiif/image/{page}~[^/]+", text)

    assert found
    assert mine.get(f"{found[0]}/info.json").status_code == 200
    assert mine.get(f"/iiif/manifest/{book.identifier}").status_code == 200
    assert theirs.get(f"/iiif/image/{page}/full/max/0/default.jpg").status_code == 403
    assert "/iiif/image/" not in theirs.get(f"/read/{book.identifier}/").content.decode()


def test_a_reader_waits_and_sees_the_place(
    book: DigitalObject, patron: Patron, other: Patron
) -> None:
    borrow(book, for_=other, by=as_reader(other))
    reader = client_of_reader(patron)

    refused = press(reader, book, "borrow")
    press(reader, book, "hold")
    shelf = reader.get("/account/").content.decode()
    press(reader, book, "cancel")

    assert refused.status_code == 409
    assert "Hiện không còn lượt trống" in refused.content.decode()
    assert "Thứ 1 trong hàng chờ" in shelf
    assert DigitalHold.objects.get().state == "cancelled"


def test_the_account_shows_what_is_borrowed(book: DigitalObject, patron: Patron) -> None:
    borrow(book, for_=patron, by=as_reader(patron))

    text = client_of_reader(patron).get("/account/").content.decode()

    assert "Khan Đăm Săn" in text
    assert 'value="return"' in text


def test_the_record_says_how_many_are_free(
    client: Client, book: DigitalObject, other: Patron
) -> None:
    record = RecordFactory(library=book.library)
    book.links.create(record=record)

    free = client.get(f"/record/{record.pk}").content.decode()
    borrow(book, for_=other, by=as_reader(other))
    out = client.get(f"/record/{record.pk}").content.decode()

    assert "Còn 1 trên 1" in free
    assert "Mượn đọc trực tuyến" in free
    assert "Đặt mượn đọc trực tuyến" in out


def test_the_way_back_stays_on_this_site(
    book: DigitalObject, patron: Patron, other: Patron
) -> None:
    borrow(book, for_=other, by=as_reader(other))
    reader = client_of_reader(patron)

    answer = press(reader, book, "hold", next="https://example.org/")

    assert answer["Location"] == f"/read/{book.identifier}/lending"


def test_an_unknown_deed_and_what_is_not_lent_are_not_found(
    book: DigitalObject, province: Library, patron: Patron
) -> None:
    reader = client_of_reader(patron)
    free_to_all = keep_object(province)

    assert press(reader, book, "steal").status_code == 404
    assert reader.get(f"/read/{free_to_all.identifier}/lending").status_code == 404


def test_a_turn_is_offered_to_its_reader(
    book: DigitalObject, patron: Patron, other: Patron
) -> None:
    loan = borrow(book, for_=other, by=as_reader(other))
    place_digital_hold(book, for_=patron, by=as_reader(patron))
    press(client_of_reader(other), book, "return")

    text = client_of_reader(patron).get("/account/").content.decode()

    loan.refresh_from_db()
    assert loan.ending == "early"
    assert "Đã đến lượt bạn" in text
    assert 'value="borrow"' in text


def test_a_browser_that_keeps_documents_learns_which_of_them_its_reader_still_has(
    client: Client, book: DigitalObject, patron: Patron, other: Patron
) -> None:
    reader = client_of_reader(patron)
    loan = borrow(book, for_=patron, by=as_reader(patron))

    had = reader.get("/read/on-loan")
    of_others = [each.get("/read/on-loan").json() for each in (client_of_reader(other), client)]
    press(reader, book, "return")
    after = reader.get("/read/on-loan").json()

    due = round(loan.due_at.timestamp() * 1000)
    assert had.json() == {"due": {f"/read/{book.identifier}/": due}}
    assert had["Cache-Control"] == "private, no-store"
    assert of_others == [{"due": {}}, {"due": {}}]
    assert after == {"due": {}}
