"""The results page: what a reader types, narrows, orders, and what goes wrong."""

from __future__ import annotations

import shutil
from urllib.parse import quote

import pytest

from tangthu.catalogue.actions import suppress
from tangthu.circulation.actions import check_out
from tangthu.discovery import search as discovery
from tests.factories import PatronFactory

pytestmark = pytest.mark.django_db


def page(client, q: str = "", **more: object) -> str:
    response = client.get("/search", {"q": q, **more})
    assert response.status_code == 200
    return response.content.decode()


def test_words_without_marks_find_a_title_with_them(client, book, index):
    book("Lịch sử Đắk Lắk", author="Nguyễn Văn An", year="2019")
    book("Mắt biếc")
    index()

    found = page(client, "dak lak")

    assert "<mark>Đắk</mark>" in found or "<mark>Đắk Lắk</mark>" in found
    assert "Mắt biếc" not in found
    assert "Nguyễn Văn An" in found


def test_a_hit_says_where_it_is_and_whether_it_is_in(client, book, index, province, desk):
    record = book("Đất rừng phương Nam")
    index()
    before = page(client, "dat rung")

    check_out(record.items.get(), to=PatronFactory(library=province), by=desk)
    after = page(client, "dat rung")

    assert "badge-in" in before
    assert province.name in before
    assert "badge-due" in after


def test_a_facet_narrows_and_can_be_taken_away(client, book, index):
    book("Cà phê Việt", language="vie")
    book("Café français", language="fre")
    index()

    narrowed = page(client, "cafe OR ca phe", language="fre")

    assert "Café français" in narrowed
    assert "Cà phê Việt" not in narrowed
    assert 'class="chip"' in narrowed


def test_what_is_hidden_from_the_public_is_not_found(client, book, index, machine):
    suppress(book("Tài liệu mật"), by=machine)
    index()

    assert "Tài liệu mật" not in page(client, "tai lieu mat")


def test_a_misspelt_word_is_met_with_a_proposal(client, book, index):
    for number in range(3):
        book(f"Cồng chiêng Tây Nguyên {number}")
    index()

    assert "cồng chiêng" in page(client, "cong chieng tay nguyem").lower()


def test_nothing_found_says_what_to_try(client, book, index):
    book("Mắt biếc")
    index()

    found = page(client, "zzzz")

    assert "Không có tài liệu nào khớp" in found


@pytest.mark.parametrize(
    "q",
    [
        "x" * 10_000,
        '"chưa đóng',
        "\x00\x01\x1b",
        "((((",
        "*",
        "-",
        "tác giả:",
        "AND OR NOT",
        "🙂",
        "\ud800",
        "năm: 9999-0",
        "title:" * 200,
    ],
)
def test_whatever_is_typed_gets_an_answer(client, index, book, q):
    book("Mắt biếc")
    index()

    response = client.get("/search?q=" + quote(q, errors="surrogatepass"))

    assert response.status_code == 200


@pytest.mark.parametrize("number", ["1000000", "0", "-1", "abc", "9" * 50, "500"])
def test_a_page_far_down_is_refused_politely(client, index, book, number):
    book("Mắt biếc")
    index()

    response = client.get("/search", {"page": number})

    assert response.status_code in (200, 404)
    assert "Traceback" not in response.content.decode()


def test_an_order_that_does_not_exist_is_passed_over(client, index, book):
    book("Mắt biếc")
    index()

    assert "Mắt biếc" in page(client, "mat biec", sort="; drop", language="")


def test_titles_are_ordered_in_the_vietnamese_way(client, index, book):
    for title in ("Mạ", "Ma", "Đa", "Dê", "Da"):
        book(title)
    index()

    found = page(client, "", sort="title")

    places = [found.index(f">{title}</a>") for title in ("Da", "Dê", "Đa", "Ma", "Mạ")]
    assert places == sorted(places)


def test_while_there_is_no_index_the_site_is_up_and_says_so(client, index, book):
    book("Mắt biếc")
    index()
    shutil.rmtree(discovery.shelf().root)

    response = client.get("/search", {"q": "mat biec"})

    assert response.status_code == 503
    assert "Đang chuẩn bị phần tra cứu" in response.content.decode()
    assert client.get("/").status_code == 200


def test_a_results_page_costs_few_queries(client, index, book, django_assert_max_num_queries):
    for number in range(12):
        book(f"Cồng chiêng {number}", copies=2)
    index()
    page(client, "cong chieng")

    with django_assert_max_num_queries(5):
        page(client, "cong chieng")


def test_suggestions_come_as_a_list_of_options(client, index, book):
    book("Cồng chiêng Tây Nguyên", author="Trần Văn Khê")
    index()

    answer = client.get("/suggest", {"q": "cong ch"}).content.decode()

    assert 'role="option"' in answer
    assert "Cồng chiêng Tây Nguyên" in answer


@pytest.mark.parametrize("q", ["", " ", "x" * 5000, '"', "\x00"])
def test_suggestions_never_fail(client, index, book, q):
    book("Mắt biếc")
    index()

    assert client.get("/suggest", {"q": q}).status_code == 200


def test_the_language_is_chosen_and_remembered(client, index, book):
    book("Mắt biếc")
    index()

    response = client.post("/language", {"language": "en", "next": "/search?q=mat"})

    assert response["Location"] == "/search?q=mat"
    assert "1 document" in client.get("/search?q=mat").content.decode()


def test_a_language_switch_never_leads_to_another_site(client, db):
    response = client.post("/language", {"language": "vi", "next": "https://evil.example/"})

    assert response["Location"] == "/"
