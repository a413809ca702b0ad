"""OPDS asks the real index: with tones, without, by author; it finds only what can be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from lxml import etree
from pytest_django import Settings

from tangthu.catalogue.models import Record
from tangthu.discovery import indexer, search
from tangthu.libraries.models import Library
from tangthu.repository.models import DigitalObject, ObjectRecord
from tests.factories import RecordFactory
from tests.protocols.making import keep_object

pytestmark = pytest.mark.django_db
TITLE = "{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title"


@pytest.fixture
def shelf_of_books(province: Library, tmp_path: Path, settings: Settings) -> None:
    """Three scans with their records, one record without, and one scan that staff alone see."""
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'index'}"
    scan(province, "Đất đỏ ba dan", "Lê Thị Mai")
    scan(province, "Dắt dò qua suối", "Trần Văn Nam")
    scan(province, "Cồng chiêng Tây Nguyên", "Đỗ Thị Đào")
    RecordFactory(title="Đất đỏ in trên giấy", author="Lê Thị Mai", library=province)
    scan(province, "Đất đỏ nội bộ", "Lê Thị Mai", access="staff")
    indexer.catch_up(search.shelf())


def scan(library: Library, title: str, author: str, **values: object) -> DigitalObject:
    record: Record = RecordFactory(title=title, author=author, library=library)
    obj = keep_object(library, pages=1, title=title, **values)
    ObjectRecord.objects.create(object=obj, record=record)
    return obj


def found(client: Client, q: str) -> list[str]:
    """Return the titles that both versions of the catalogue find, which are the same."""
    one = etree.fromstring(client.get("/opds/publications", {"q": q}).content)
    two = client.get("/opds/v2/publications", {"q": q}).json()
    titles = [str(title.text) for title in one.findall(TITLE)]
    assert [each["metadata"]["title"] for each in two.get("publications", [])] == titles
    return titles


@pytest.mark.usefixtures("shelf_of_books")
def test_words_without_tones_find_every_spelling(client: Client) -> None:
    assert sorted(found(client, "dat do")) == ["Dắt dò qua suối", "Đất đỏ ba dan"]
    assert found(client, "CONG CHIENG") == ["Cồng chiêng Tây Nguyên"]


@pytest.mark.usefixtures("shelf_of_books")
def test_words_with_tones_bring_their_own_spelling_first(client: Client) -> None:
    assert found(client, "đất đỏ")[0] == "Đất đỏ ba dan"
    assert found(client, "dắt dò")[0] == "Dắt dò qua suối"


@pytest.mark.usefixtures("shelf_of_books")
def test_an_author_is_found_whom_no_title_names(client: Client) -> None:
    assert found(client, "do thi dao") == ["Cồng chiêng Tây Nguyên"]
    assert found(client, "Lê Thị Mai") == ["Đất đỏ ba dan"]
    assert found(client, "không có ai") == []
