"""Manifests, answers of the search and content states, judged by iiif-prezi3's model."""

from __future__ import annotations

import json
import time

import iiif_prezi3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.formats.iiif.errors import StateUnreadable
from tangthu.formats.iiif.info import info
from tangthu.formats.iiif.manifest import Canvas, Heading, Work, manifest
from tangthu.formats.iiif.plan import Limits
from tangthu.formats.iiif.search import Match, matches_page
from tangthu.formats.iiif.state import State, decode, encode

SITE = "https://thuvien.example"
OBJECT = f"{SITE}/iiif/manifest/4kd0bz9wq2xm"


def canvases(count: int) -> list[Canvas]:
    return [
        Canvas(
            id=f"{OBJECT}/canvas/{number}",
            label=f"tr. {number}",
            width=2480,
            height=3508,
            image=f"{SITE}/iiif/image/{number}",
        )
        for number in range(1, count + 1)
    ]


@pytest.fixture
def work() -> Work:
    return Work(
        id=OBJECT,
        title="Khan Đăm Săn",
        homepage=f"{SITE}/read/4kd0bz9wq2xm/",
        language="vi",
        summary="Sử thi Ê Đê.",
        rights="http://creativecommons.org/publicdomain/mark/1.0/",
        statement="Thư viện tỉnh Đắk Lắk",
        statement_label={"vi": "Nơi giữ bản gốc", "en": "Held by"},
        provider="Thư viện tỉnh Đắk Lắk",
        provider_page=f"{SITE}/",
        record=f"{SITE}/record/12.xml",
        facts=[({"vi": "Năm xuất bản", "en": "Published"}, "1959")],
        contents_label={"vi": "Mục lục", "en": "Contents"},
    )


def test_a_manifest_is_one_to_a_foreign_reader(work: Work) -> None:
    headings = [Heading("Mở đầu", 0), Heading("Khan I", 1), Heading("Cảnh 1", 1, level=2)]

    found = manifest(work, canvases(4), headings)

    read = iiif_prezi3.Manifest(**json.loads(json.dumps(found)))
    assert read.label == {"vi": ["Khan Đăm Săn"]}
    assert [canvas.label["none"] for canvas in read.items] == [
        ["tr. 1"],
        ["tr. 2"],
        ["tr. 3"],
        ["tr. 4"],
    ]
    assert found["@context"] == "http://iiif.io/api/presentation/3/context.json"
    assert "service" not in found


def test_contents_stand_within_each_other(work: Work) -> None:
    headings = [
        Heading("Mở đầu", 0),
        Heading("Khan I", 1),
        Heading("Cảnh 1", 2, level=2),
        Heading("Phụ lục", 3),
    ]

    found = manifest(work, canvases(5), headings)

    def outline(part: dict) -> object:
        if part["type"] == "Canvas":
            return int(part["id"].rpartition("/")[2])
        return {part["label"]["vi"][0]: [outline(item) for item in part["items"]]}

    [root] = found["structures"]
    assert outline(root) == {
        "Mục lục": [
            {"Mở đầu": [1]},
            {"Khan I": [2, {"Cảnh 1": [3]}]},
            {"Phụ lục": [4, 5]},
        ]
    }


def test_an_object_with_text_names_its_search(work: Work) -> None:
    searchable = Work(
        id=OBJECT, title="Báo cũ", homepage=work.homepage, search=f"{SITE}/iiif/search/4kd0"
    )

    found = manifest(searchable, canvases(1))

    assert found["service"] == [{"id": f"{SITE}/iiif/search/4kd0", "type": "SearchService2"}]
    assert found["@context"] == [
        "http://iiif.io/api/search/2/context.json",
        "http://iiif.io/api/presentation/3/context.json",
    ]
    assert iiif_prezi3.Manifest(**found)


def test_a_book_of_five_hundred_pages_is_written_quickly(work: Work) -> None:
    pages = canvases(500)
    began = time.process_time()

    found = manifest(work, pages)

    assert time.process_time() - began < 0.2
    assert len(found["items"]) == 500


def test_the_description_of_an_image_lists_its_pyramid() -> None:
    levels = [(5000, 7000), (2500, 3500), (1250, 1750), (625, 875), (312, 437), (156, 218)]

    found = info(
        f"{SITE}/iiif/image/x",
        width=5000,
        height=7000,
        tile=256,
        levels=levels,
        limits=Limits(side=3000, area=9_000_000),
    )

    assert found["sizes"][0] == {"width": 156, "height": 218}
    assert found["sizes"][-1] == {"width": 1250, "height": 1750}
    assert found["tiles"] == [{"width": 256, "scaleFactors": [1, 2, 4, 8, 16, 32]}]
    assert found["profile"] == "level2"


def test_matches_point_to_their_place_on_the_page() -> None:
    match = Match(
        canvas=f"{OBJECT}/canvas/3",
        box=(100, 200, 300, 40),
        words="đất đỏ",
        before="vùng ",
        after=" bazan",
    )

    found = matches_page(f"{SITE}/iiif/search/x?q=dat+do", [match], ignored=["user"])

    [item] = found["items"]
    assert item["target"] == f"{OBJECT}/canvas/3#xywh=100,200,300,40"
    [around] = found["annotations"][0]["items"]
    assert around["target"]["source"] == item["id"]
    assert around["target"]["selector"] == [
        {
            "type": "TextQuoteSelector",
            "exact": "đất đỏ",
            "prefix": "vùng ",
            "suffix": " bazan",
        }
    ]
    assert found["ignored"] == ["user"]


def test_a_search_that_finds_nothing_says_so() -> None:
    found = matches_page(f"{SITE}/iiif/search/x?q=zzz", [])

    assert found == {
        "@context": "http://iiif.io/api/search/2/context.json",
        "id": f"{SITE}/iiif/search/x?q=zzz",
        "type": "AnnotationPage",
        "items": [],
    }


boxes = st.tuples(*[st.integers(0, 999_999_999)] * 4)


@given(st.builds(State, st.just(OBJECT), st.just(f"{OBJECT}/canvas/Đ"), st.none() | boxes))
def test_a_content_state_comes_back_as_it_went(state: State) -> None:
    assert decode(encode(state)) == state


def test_a_content_state_may_be_an_address_alone() -> None:
    assert decode(OBJECT) == State(OBJECT)
    assert decode(encode(State(OBJECT))) == State(OBJECT)


def test_a_state_made_by_another_program_is_read() -> None:
    # A canvas and its manifest, encoded as section 6 of Content State 1.0 prescribes.
    encoded = (
        "JTdCJTIyaWQlMjIlM0ElMjJodHRwcyUzQSUyRiUyRmV4YW1wbGUub3JnJTJGb2JqZWN0MSUyRmNhbnZhczclMjIl"
        "MkMlMjJ0eXBlJTIyJTNBJTIyQ2FudmFzJTIyJTJDJTIycGFydE9mJTIyJTNBJTVCJTdCJTIyaWQlMjIlM0ElMjJo"
        "dHRwcyUzQSUyRiUyRmV4YW1wbGUub3JnJTJGb2JqZWN0MSUyRm1hbmlmZXN0JTIyJTJDJTIydHlwZSUyMiUzQSUy"
        "Mk1hbmlmZXN0JTIyJTdEJTVEJTdE"
    )

    assert decode(encoded) == State(
        "https://example.org/object1/manifest", "https://example.org/object1/canvas7"
    )


@given(st.text(max_size=60))
def test_no_words_at_all_break_a_content_state(text: str) -> None:
    try:
        decode(text)
    except StateUnreadable:
        return
