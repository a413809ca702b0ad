"""Readers take along what was made of the text: a PDF, an e-book, plain text; where they may."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client

from tangthu.core.actor import Actor
from tangthu.digitisation.actions.copies import ask_for_copies, make_copies
from tangthu.digitisation.models import Form, TextCopy
from tangthu.repository.models import DigitalObject
from tests.correction.making import read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def copied(book: DigitalObject, corrector: Actor) -> DigitalObject:
    """A scan whose text was read and made into copies."""
    first, second, third = book.pages.all()
    read_page(first, "Sử thi Đăm Săn kể về", "một tù trưởng Ê Đê")
    read_page(second, "giàu mạnh, có chiêng quý")
    read_page(third, "Hết quyển một.")
    ask_for_copies(book, by=corrector)
    make_copies(book)
    return book


def address_of(obj: DigitalObject, form: Form) -> str:
    file = TextCopy.objects.select_related("file").get(object=obj, form=form).file
    assert file is not None
    return f"/read/{obj.identifier}/file/{file.identifier}"


def test_beside_the_pages_stand_the_copies_of_an_open_document(
    client: Client, copied: DigitalObject
) -> None:
    page = client.get(f"/read/{copied.identifier}/").text

    assert "Tải về" in page
    for form in Form:
        assert f'href="{address_of(copied, form)}"' in page
    assert 'href="?as=epub"' in page


def test_each_copy_is_fetched_as_what_it_is(client: Client, copied: DigitalObject) -> None:
    pdf, book, text = (
        client.get(address_of(copied, form)) for form in (Form.PDF, Form.EPUB, Form.TEXT)
    )

    assert (pdf["Content-Type"], pdf.getvalue()[:5]) == ("application/pdf", b"%PDF-")
    assert book["Content-Type"] == "application/epub+zip"
    assert book["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(book.getvalue())) as archive:
        assert archive.read("mimetype") == b"application/epub+zip"
    assert text["Content-Disposition"].startswith("attachment")
    assert text.getvalue().decode().startswith("Sử thi Đăm Săn kể về một tù trưởng Ê Đê")


def test_the_scan_is_read_as_an_e_book(client: Client, copied: DigitalObject) -> None:
    page = client.get(f"/read/{copied.identifier}/", {"as": "epub"})

    assert page.status_code == 200
    assert "reader-epub.js" in page.text
    assert page.context["data"]["file"] == address_of(copied, Form.EPUB)


def test_without_copies_the_pages_are_shown_whatever_is_asked(
    client: Client, book: DigitalObject
) -> None:
    page = client.get(f"/read/{book.identifier}/", {"as": "epub"})

    assert page.status_code == 200
    assert "reader-epub.js" not in page.text
    assert "Tải về" not in page.text


def test_what_is_for_cardholders_is_read_and_not_taken_along(
    client: Client, reader_client: Client, copied: DigitalObject
) -> None:
    DigitalObject.objects.filter(pk=copied.pk).update(access="cardholders")

    page = reader_client.get(f"/read/{copied.identifier}/")
    taken = [reader_client.get(address_of(copied, form)) for form in (Form.PDF, Form.TEXT)]
    as_book = reader_client.get(f"/read/{copied.identifier}/", {"as": "epub"})

    assert page.status_code == 200
    assert "Tải về" not in page.text
    assert [each.status_code for each in taken] == [403, 403]
    assert as_book.status_code == 200
    assert [client.get(address_of(copied, form)).status_code for form in Form] == [403] * 3


@pytest.mark.parametrize("access", ["lent", "on_site", "staff"])
def test_what_is_closed_gives_no_copy_to_a_reader(
    reader_client: Client, copied: DigitalObject, access: str
) -> None:
    DigitalObject.objects.filter(pk=copied.pk).update(access=access)

    answers = [reader_client.get(address_of(copied, form)).status_code for form in Form]

    assert set(answers) <= {403, 404}
