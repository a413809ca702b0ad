"""What a phone must fetch before the first page of a book is seen: a second is 150 kilobytes.

On a line of 1.6 Mbit/s with 150 ms to and fro, two journeys take a third of a second, and what is
fetched in them the rest.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.repository.models import DigitalFile, DigitalObject, Page
from tests.conftest import client_of_reader
from tests.protocols.making import keep_object, page_picture
from tests.reading.test_reading import read

pytestmark = pytest.mark.django_db

PAGES = 500
HEAD_MOST, PAGE_MOST = 4_000, 18_000


@pytest.fixture
def thick(province: Library) -> DigitalObject:
    """A book of 500 pages, of which the first alone has a picture, which is looked at."""
    found = keep_object(province, images=[page_picture(1, size=(1400, 2000))])
    told = {"role": "delivery", "media_type": "image/tiff", "size": 1, "created_at": timezone.now()}
    files = DigitalFile.objects.bulk_create(
        DigitalFile(
            object=found, name=f"{n}.tif", path=f"delivery/{n}.tif", sha256="0" * 64, **told
        )
        for n in range(2, PAGES + 1)
    )
    Page.objects.bulk_create(
        Page(object=found, position=n, width=1400, height=2000, delivery=file)
        for n, file in enumerate(files, 2)
    )
    return found


def zipped(text: str) -> int:
    return len(gzip.compress(text.encode(), 6))


@pytest.mark.parametrize("page", [0, 1, 250, 500])
def test_the_picture_is_named_early_in_a_short_page(
    client: Client, thick: DigitalObject, page: int
) -> None:
    text = read(client, thick, page=page)

    before, found, _after = text.partition('class="reading-first"')
    assert found
    assert zipped(before) < HEAD_MOST
    assert zipped(text) < PAGE_MOST
    assert text.count("<option ") == PAGES


def test_nothing_but_styles_and_the_picture_comes_before_it(
    client: Client, thick: DigitalObject
) -> None:
    text = read(client, thick)

    head = text.partition("</head>")[0]
    assert re.findall(r'rel="(?:preload|stylesheet)"\s+href="/static/ui/([\w./-]+)"', head) == [
        "ui.css",
        "reader.css",
    ]
    scripts = re.findall(r'<script src="/static/ui/([\w.-]+)"( defer)?', text)
    assert [name for name, later in scripts if not later] == ["theme.js"]


def test_a_phone_is_shown_a_small_picture_in_its_place(
    client: Client, thick: DigitalObject
) -> None:
    name = thick.pages.get(position=1).identifier

    text = read(client, thick)

    small = f"/iiif/image/{name}/full/360,/0/default.webp"
    [source] = re.findall(r'<source media="\(max-width: 719px\)"\s[^>]*>', text)
    assert f'srcset="{small}"' in source
    assert 'width="1400"' in text
    assert 'height="2000"' in text
    assert 'alt="Trang 1 của Khan Đăm Săn"' in text
    answer = client.get(small)
    assert answer["Content-Type"] == "image/webp"
    assert "public" in answer["Cache-Control"]
    assert len(answer.content) < 35_000


def test_the_sharp_picture_is_for_who_has_no_script(client: Client, thick: DigitalObject) -> None:
    text = read(client, thick)

    for_all, plain = re.split("<noscript>", text, maxsplit=1)
    assert "full/1280,/0/default.jpg" not in for_all
    assert "full/1280,/0/default.jpg" in plain.partition("</noscript>")[0]


def test_a_restricted_page_is_seen_first_by_its_reader_alone(
    client: Client, patron: Patron, new_object: Callable[..., DigitalObject]
) -> None:
    closed = new_object(access="cardholders")
    reader = client_of_reader(patron)

    found = re.search(r'srcset="(/iiif/image/[^"]+\.webp)"', read(reader, closed))

    assert found
    address = found.group(1)
    bare = re.sub("~[^/]+", "", address)
    assert bare != address
    assert client.get(address).status_code == 200
    assert "public" not in client.get(address)["Cache-Control"]
    assert client.get(bare).status_code == 403
    assert "/iiif/image/" not in read(client, closed)


def test_a_thick_book_is_asked_for_in_as_many_questions_as_a_thin_one(
    client: Client, thick: DigitalObject, province: Library
) -> None:
    thin = keep_object(province, images=[page_picture(1)])
    # What a process asks once for all is asked before.
    read(client, thin)

    asked = []
    for each in (thin, thick):
        with CaptureQueriesContext(connection) as questions:
            read(client, each)
        asked.append(len(questions))

    assert asked[1] == asked[0]
    assert asked[1] < 15
