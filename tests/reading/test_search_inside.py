"""The search inside an object: in the viewer, and for viewers of others (Content Search 2.0)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tangthu.core.actor import Actor
from tangthu.discovery import indexer, search
from tangthu.discovery.pages.content import PAGES
from tangthu.repository.actions.texts import Unit, keep_text
from tangthu.repository.models import DigitalObject, Page, PageText
from tangthu.repository.policy.texts import TextOrigin
from tests.support.documents import HEIGHT, WIDTH, layout_of, write_on

pytestmark = pytest.mark.django_db

NewObject = Callable[..., DigitalObject]
Read = Callable[..., DigitalObject]
WIDE, HIGH = 700, 1000


@pytest.fixture(autouse=True)
def index_folder(tmp_path: Path, settings: Settings) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'index'}"


@pytest.fixture
def read(new_object: NewObject) -> Read:
    """Keep an object whose pages say these texts, and index them."""

    def keep(*texts: str, **values: object) -> DigitalObject:
        obj = new_object(pages=len(texts), **values)
        for page, text in zip(obj.pages.order_by("position"), texts, strict=True):
            write_on(page, text)
        indexer.catch_up(search.page_shelf(), PAGES)
        return obj

    return keep


def asked(client: Client, obj: DigitalObject, q: str, **more: object) -> dict[str, Any]:
    answer = client.get(f"/iiif/search/{obj.identifier}", {"q": q, **more})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def test_words_are_told_with_their_box_on_the_canvas(client: Client, read: Read) -> None:
    obj = read("Vùng đất đỏ bazan", "rừng")
    page = obj.pages.get(position=1)

    told = asked(client, obj, "dat do")

    (item,) = told["items"]
    canvas = f"http://testserver/iiif/manifest/{obj.identifier}/canvas/{page.identifier}"
    # Read from a picture of 1,000 by 1,400 pixels, shown in one of 700 by 1,000.
    box = (150 * WIDE // WIDTH, round(100 * HIGH / HEIGHT), 42, round(30 * HIGH / HEIGHT))
    assert item["target"] == f"{canvas}#xywh={','.join(map(str, box))}"
    assert item["body"]["value"] == "đất đỏ"
    (around,) = told["annotations"][0]["items"]
    (selector,) = around["target"]["selector"]
    assert (selector["prefix"], selector["suffix"]) == ("Vùng", "bazan")
    assert told["@context"] == "http://iiif.io/api/search/2/context.json"
    assert "partOf" not in told


def test_words_that_go_on_in_the_next_line_have_a_box_on_each(client: Client, read: Read) -> None:
    obj = read("Vùng đất\nđỏ bazan")

    (item,) = asked(client, obj, "đất đỏ")["items"]

    assert len(item["target"]) == 2
    assert item["body"]["value"] == "đất đỏ"


def test_a_long_answer_comes_in_parts(client: Client, read: Read) -> None:
    obj = read(*(f"đất đỏ trang {number}" for number in range(23)))

    first = asked(client, obj, "đất đỏ")
    second = client.get(first["next"]["id"]).json()

    assert len(first["items"]) == 20
    assert len(second["items"]) == 3
    assert first["partOf"]["type"] == "AnnotationCollection"
    assert first["partOf"]["last"] == first["next"]
    assert second["prev"]["id"] == first["partOf"]["first"]["id"]
    assert "next" not in second


def test_what_is_not_obeyed_is_named(client: Client, read: Read) -> None:
    obj = read("đất đỏ")

    assert asked(client, obj, "đất", user="x", motivation="painting")["ignored"] == [
        "motivation",
        "user",
    ]


@pytest.mark.parametrize(
    "q", ["", "   ", "tác giả: ai", "((((", "*", "-", "\x00", "🙂", "x" * 5000]
)
def test_whatever_is_asked_gets_an_answer(client: Client, read: Read, q: str) -> None:
    obj = read("đất đỏ")

    assert asked(client, obj, q)["items"] == []


def test_the_manifest_offers_the_search_where_there_is_text(
    client: Client, read: Read, new_object: NewObject
) -> None:
    obj, silent = read("đất đỏ"), new_object()

    told = client.get(f"/iiif/manifest/{obj.identifier}").json()

    assert told["service"] == [
        {"id": f"http://testserver/iiif/search/{obj.identifier}", "type": "SearchService2"}
    ]
    assert "service" not in client.get(f"/iiif/manifest/{silent.identifier}").json()


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"access": "cardholders"}, 403),
        ({"access": "on_request"}, 403),
        ({"access": "staff"}, 404),
        ({"state": "draft"}, 404),
        ({"restriction": "community"}, 403),
    ],
)
def test_words_of_what_does_not_open_are_not_told(
    client: Client, read: Read, values: dict[str, object], status: int
) -> None:
    obj = read("đất đỏ", **values)
    page = obj.pages.get()

    assert client.get(f"/iiif/search/{obj.identifier}?q=dat").status_code == status
    assert client.get(f"/read/{obj.identifier}/search?q=dat").status_code == status
    assert client.get(f"/read/{obj.identifier}/text/{page.identifier}").status_code == status


def test_a_keeper_searches_in_a_draft(administrator_client: Client, read: Read) -> None:
    obj = read("đất đỏ", state="draft")

    assert len(asked(administrator_client, obj, "dat do")["items"]) == 1


def test_the_search_of_a_restricted_manifest_goes_with_its_ticket(
    client: Client, administrator_client: Client, read: Read
) -> None:
    obj = read("đất đỏ", access="staff")

    address = administrator_client.get(f"/iiif/manifest/{obj.identifier}").json()["service"][0][
        "id"
    ]

    assert len(client.get(address, {"q": "dat do"}).json()["items"]) == 1


def test_inside_five_hundred_pages_no_more_is_read_than_is_told(
    client: Client, read: Read, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    obj = read(*["đất đỏ"] * 22)

    with django_assert_num_queries(2):
        asked(client, obj, "dat do")


def test_the_viewer_lists_the_pages_with_the_words_without_a_script(
    client: Client, read: Read
) -> None:
    obj = read("rừng", "Vùng đất đỏ bazan")
    page = obj.pages.get(position=2)

    shown = client.get(f"/read/{obj.identifier}/?q=dat+do").content.decode()

    assert f'href="/read/{obj.identifier}/{page.identifier}/?q=dat+do"' in shown
    assert "<mark>đất đỏ</mark>" in shown
    assert "1 trang có các từ này" in shown


def test_the_viewer_of_an_object_without_text_offers_no_search(
    client: Client, new_object: NewObject
) -> None:
    shown = client.get(f"/read/{new_object().identifier}/").content.decode()

    assert 'data-reading="search"' not in shown
    assert 'data-reading="words"' not in shown


def test_the_text_of_the_open_page_can_be_read_without_its_picture(
    client: Client, read: Read
) -> None:
    obj = read("Vùng <b>đất đỏ</b>")

    assert (
        "Vùng &lt;b&gt;đất đỏ&lt;/b&gt;" in client.get(f"/read/{obj.identifier}/").content.decode()
    )


def test_the_words_of_a_page_are_told_with_boxes_and_marks(client: Client, read: Read) -> None:
    obj = read("Vùng đất\nđỏ")
    page = obj.pages.get()

    told = client.get(f"/read/{obj.identifier}/text/{page.identifier}?q={quote('dat do')}").json()

    assert told["lines"] == [
        [["Vùng", 70, 71, 28, 21], ["đất", 105, 71, 21, 21]],
        [["đỏ", 70, 100, 14, 21]],
    ]
    assert told["marks"] == [[1, 3]]


def test_boxes_of_another_picture_are_not_told(client: Client, read: Read) -> None:
    obj = read("Vùng đất đỏ")
    page = obj.pages.get()
    Page.objects.filter(pk=page.pk).update(rotation=90)

    told = client.get(f"/read/{obj.identifier}/text/{page.identifier}?q=dat").json()
    (item,) = asked(client, obj, "dat")["items"]

    assert told["lines"][0][0] == ["Vùng", 0, 0, 0, 0]
    assert item["target"].endswith(f"#xywh=0,0,{WIDE},{HIGH}")


def test_a_page_without_words_is_told_as_empty(client: Client, new_object: NewObject) -> None:
    obj = new_object(pages=1)

    told = client.get(f"/read/{obj.identifier}/text/{obj.pages.get().identifier}").json()

    assert told == {"lines": [], "marks": []}


def test_while_there_is_no_index_the_viewer_stands(client: Client, new_object: NewObject) -> None:
    obj = new_object(pages=1)
    write_on(obj.pages.get(), "đất đỏ")

    shown = client.get(f"/read/{obj.identifier}/?q=dat")

    assert shown.status_code == 200
    assert client.get(f"/iiif/search/{obj.identifier}?q=dat").status_code == 503
    assert PageText.objects.get().layout() == layout_of("đất đỏ")


def test_the_words_of_a_unit_are_told_to_whom_the_document_opens(
    client: Client, new_object: NewObject
) -> None:
    obj = new_object(pages=0, kind="pdf")
    closed = new_object(pages=0, kind="pdf", access="cardholders")
    for each in (obj, closed):
        words = layout_of("Vùng đất đỏ")
        keep_text(Unit(each, 2), words, origin=TextOrigin.MACHINE, by=Actor.machine("test"))

    told = [client.get(f"/read/{obj.identifier}/units/{number}") for number in (1, 2, 10**9)]

    assert [each.json() for each in told] == [{"text": ""}, {"text": "Vùng đất đỏ"}, {"text": ""}]
    assert client.get(f"/read/{closed.identifier}/units/2").status_code == 403
