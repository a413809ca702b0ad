"""Documents in fonts from before Unicode: sent in, read, found, opened at the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tangthu.core.actor import Actor
from tangthu.digitisation.actions.ocr import Wish, ask_for_text
from tangthu.digitisation.recognition import Recogniser
from tangthu.digitisation.worker import read_next
from tangthu.discovery import indexer, search
from tangthu.discovery.pages.content import PAGES
from tangthu.repository.actions import Incoming, add_file, make_ready, publish
from tangthu.repository.models import DigitalObject, PageText
from tangthu.text.legacy import Encoding, encode
from tests.digitisation.ocr.writing import docx_of, printed_pdf

pytestmark = pytest.mark.django_db

FIRST = "Địa chí tỉnh Đắk Lắk"
SECOND = "Nước non ngàn dặm, người về dưới núi"


@pytest.fixture
def open_to_readers(
    new_object: Callable[..., DigitalObject], keeper: Actor, tmp_path: Path, settings: Settings
) -> Callable[[str, Incoming], DigitalObject]:
    """Take a file in, have its text read, publish it, and bring the index up to date."""
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'index'}"

    def run(kind: str, file: Incoming) -> DigitalObject:
        obj = new_object("Tư liệu cũ", kind=kind)
        add_file(obj, file, by=keeper)
        make_ready(obj, by=keeper)
        ask_for_text(obj, Wish(), by=keeper)
        with Recogniser() as recogniser:
            while read_next("test-1", recogniser):
                pass
        publish(obj, by=keeper)
        indexer.catch_up(search.shelf())
        indexer.catch_up(search.page_shelf(), PAGES)
        return obj

    return run


def hits(client: Client, words: str) -> list[str]:
    """Return where the results of a search lead to within documents."""
    shown = client.get("/search", {"q": words}).content.decode()
    return re.findall(r'href="(/read/[^"]*)"', shown)


@pytest.mark.parametrize(
    ("font", "encoding"), [(".VnTime", Encoding.TCVN3), ("VNI-Times", Encoding.VNI)]
)
def test_a_page_of_an_old_pdf_is_found_by_words_without_tones(
    client: Client, open_to_readers, tmp_path: Path, font: str, encoding: Encoding
) -> None:
    pdf = printed_pdf(tmp_path, font, encoding, [[FIRST], [SECOND]])

    obj = open_to_readers("pdf", pdf)

    plain = PageText.objects.of_object(obj).order_by("number").values_list("plain", flat=True)
    assert list(plain) == [FIRST, SECOND]
    assert f"/read/{obj.identifier}/?page=2&amp;q=ngan+dam" in hits(client, "ngan dam")
    assert f"/read/{obj.identifier}/?page=1&amp;q=dia+chi+dak+lak" in hits(
        client, "dia chi dak lak"
    )


def test_an_old_word_document_is_found_by_words_without_tones(
    client: Client, open_to_readers, tmp_path: Path
) -> None:
    old = encode(SECOND, Encoding.TCVN3).decode("cp1252")
    document = docx_of(tmp_path, [("Heading1", "", FIRST), ("", ".VnTime", old)])

    obj = open_to_readers("docx", document)

    found = hits(client, "ngan dam")
    assert PageText.objects.of_object(obj).get().plain == f"{FIRST}\n\n{SECOND}"
    assert any(each.startswith(f"/read/{obj.identifier}/") for each in found)
