"""What the last step left to say is said by the reader that opens next, and once."""

from __future__ import annotations

import pytest
from django.test import Client

from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.content import DOCX, EPUB, PDF
from tests.conftest import client_of_reader
from tests.protocols.making import keep_object
from tests.reading.lending import licensed
from tests.reading.making import docx_with, epub_with, keep_file, pdf_with_text

pytestmark = pytest.mark.django_db

CLOSING = 'aria-label="Đóng thông báo"'
FILES = {
    "pdf": (PDF, pdf_with_text),
    "epub": (EPUB, epub_with),
    "docx": (DOCX, lambda: docx_with("<w:p><w:r><w:t>Đất đỏ</w:t></w:r></w:p>")),
    "data": ("text/plain", lambda: "Huyện,Sản lượng\nKrông Pắc,31.000\n".encode()),
}


def lent(province: Library, kind: str) -> DigitalObject:
    """A document of this kind that one reader at a time may borrow."""
    is_file = kind in FILES
    found = keep_object(province, pages=0 if is_file else 1, kind=kind, access="lent")
    if is_file:
        media_type, make = FILES[kind]
        keep_file(found, make(), name=f"tai-lieu.{kind}", media_type=media_type)
    licensed(found)
    return found


def borrow(reader: Client, obj: DigitalObject) -> None:
    reader.post(f"/read/{obj.identifier}/lending", {"deed": "borrow"})


def read(reader: Client, obj: DigitalObject) -> str:
    return reader.get(f"/read/{obj.identifier}/").content.decode()


@pytest.mark.parametrize("kind", ["page_images", *FILES])
def test_who_borrowed_is_told_until_when_by_the_reader_itself_and_once(
    province: Library, patron: Patron, kind: str
) -> None:
    obj = lent(province, kind)
    reader = client_of_reader(patron)
    borrow(reader, obj)

    opened, again = read(reader, obj), read(reader, obj)

    said, _found, _after = opened.partition("</main>")
    assert said.count("Bạn được đọc đến") == 1
    assert 'id="messages" aria-live="polite"' in said
    assert "Bạn được đọc đến" not in again


@pytest.mark.parametrize("kind", ["page_images", "pdf", "epub"])
def test_a_message_in_a_reader_can_be_closed_and_without_one_there_is_no_row(
    province: Library, patron: Patron, kind: str
) -> None:
    obj = lent(province, kind)
    reader = client_of_reader(patron)
    borrow(reader, obj)

    opened, again = read(reader, obj), read(reader, obj)

    assert opened.count(CLOSING) == again.count(CLOSING) + 1
    assert 'class="reading-said">' in opened
    assert 'class="reading-said">' not in again


def test_a_page_within_a_page_of_others_says_nothing_of_its_reader(
    province: Library, patron: Patron
) -> None:
    obj, shown = lent(province, "page_images"), keep_object(province, pages=1)
    reader = client_of_reader(patron)
    borrow(reader, obj)

    within = reader.get(f"/read/{shown.identifier}/embed/").content.decode()

    assert "Bạn được đọc đến" not in within
    assert "Bạn được đọc đến" in read(reader, obj)
