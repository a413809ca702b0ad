"""A file of data is read as a table; what cannot be shown can be taken along, or says why not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tangthu.patrons.models import Patron
from tangthu.repository.models import DigitalFile, DigitalObject
from tests.conftest import client_of_reader
from tests.reading.making import keep_file

pytestmark = pytest.mark.django_db

NewObject = Callable[..., DigitalObject]
COFFEE = "Huyện,Sản lượng\nKrông Pắc,31.000\nCư M'gar,86.000\nĐắk Song,9.000\n"


def address_of(obj: DigitalObject) -> str:
    return reverse("reading:object", args=[obj.identifier])


@pytest.fixture
def figures(new_object: NewObject) -> DigitalObject:
    obj = new_object(pages=0, kind="data", title="Sản lượng cà phê")
    keep_file(obj, COFFEE.encode("utf-8-sig"), name="ca-phe.csv", media_type="text/plain")
    return obj


def test_the_rows_of_a_file_are_shown_searched_and_sorted(
    client: Client, figures: DigitalObject
) -> None:
    whole = client.get(address_of(figures)).content.decode()
    found = client.get(address_of(figures), {"q": "dak song"}).content.decode()
    sorted_ = client.get(address_of(figures), {"sort": "-1"}).content.decode()

    assert "ca-phe.csv" in whole
    assert "Krông Pắc" in whole
    assert "Krông Pắc" not in found
    assert "Đắk Song" in found
    assert sorted_.index("86.000") < sorted_.index("31.000") < sorted_.index("9.000")
    assert 'aria-sort="descending"' in sorted_


def test_what_a_file_says_never_becomes_a_part_of_the_page(
    client: Client, new_object: NewObject
) -> None:
    obj = new_object(pages=0, kind="data")
    bad = "a,b\n<script>alert(1)</script>,=cmd()\n"
    keep_file(obj, bad.encode(), name="bad.csv", media_type="text/plain")

    page = client.get(address_of(obj)).content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("query", [{"page": "x"}, {"page": "99"}, {"sort": "77"}, {"sort": "-"}])
def test_an_address_that_asks_for_nonsense_shows_the_table(
    client: Client, figures: DigitalObject, query: dict[str, str]
) -> None:
    answer = client.get(address_of(figures), query)

    assert answer.status_code == 200
    assert "Krông Pắc" in answer.content.decode()


def test_bytes_that_are_no_letters_are_shown_as_such(client: Client, new_object: NewObject) -> None:
    obj = new_object(pages=0, kind="data")
    keep_file(obj, b"\xff\xfe\x00caf\xe9\n" * 3, name="x.txt", media_type="text/plain")

    assert client.get(address_of(obj)).status_code == 200


def test_a_file_of_a_kind_that_is_not_shown_can_be_saved(
    client: Client, new_object: NewObject
) -> None:
    obj = new_object(pages=0, kind="data")
    file = keep_file(obj, b"PK\x03\x04", name="goi.zip", media_type="application/zip")

    page = client.get(address_of(obj)).content.decode()
    saved = client.get(reverse("reading:file", args=[obj.identifier, file.identifier]))

    assert "không xem được trên màn hình" in page
    assert saved.status_code == 200
    assert saved["Content-Disposition"].startswith("attachment")


def test_data_for_cardholders_is_shown_to_them_and_saved_by_nobody(
    client: Client, patron: Patron, new_object: NewObject
) -> None:
    obj = new_object(pages=0, kind="data", access="cardholders")
    keep_file(obj, COFFEE.encode(), name="ca-phe.csv", media_type="text/plain")
    file = DigitalFile.objects.get(object=obj)
    saved = reverse("reading:file", args=[obj.identifier, file.identifier])

    stranger = client.get(address_of(obj))
    reader = client_of_reader(patron).get(address_of(obj)).content.decode()

    assert stranger.status_code == 403
    assert "Krông Pắc" in reader
    assert "Lưu tệp" not in reader
    assert client.get(saved).status_code == 403
