"""The one search: what the description says and what the pages say, in one list."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tangthu.catalogue.actions import suppress
from tangthu.core.actor import Actor
from tangthu.discovery import indexer, search
from tangthu.discovery.pages.content import PAGES
from tangthu.repository.actions.texts import Unit, keep_text
from tangthu.repository.policy.texts import TextOrigin
from tests.conftest import client_of_reader
from tests.factories import PatronFactory
from tests.support.documents import document, layout_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def index_all(index):
    """Bring both indexes up to date."""

    def run() -> None:
        index()
        indexer.catch_up(search.page_shelf(), PAGES)

    return run


def page(client, q: str = "", **more: object) -> str:
    response = client.get("/search", {"q": q, **more})
    assert response.status_code == 200
    return response.content.decode()


def titles(text: str) -> list[str]:
    return re.findall(r'<h2[^>]*><a href="[^"]*">(.*?)</a></h2>', text)


def test_a_record_tells_on_which_pages_its_scan_has_the_words(client, book, province, index_all):
    record = book("Lịch sử đất đỏ")
    obj = document(province, "rừng", "Vùng đất đỏ bazan", "đất đỏ", records=[record])
    index_all()

    found = page(client, "dat do")

    assert "2 trang có các từ này" in found
    assert re.search(rf'href="/read/{obj.identifier}/\w+/\?q=dat\+do"', found)
    assert found.count("<mark>đất đỏ</mark>") == 2


def test_a_result_leads_to_the_page_of_a_pdf(client, book, province, index_all):
    record = book("Sách rừng khộp")
    obj = document(province, records=[record], kind="pdf")
    keep_text(
        Unit(obj, 7, "7"),
        layout_of("Vùng đất đỏ bazan"),
        origin=TextOrigin.BORN_DIGITAL,
        engine="test",
        by=Actor.machine("test"),
    )
    index_all()

    found = page(client, "dat do")

    assert "1 trang có các từ này · trang 7" in found
    assert f'href="/read/{obj.identifier}/?page=7&amp;q=dat+do"' in found


def test_what_only_the_pages_say_comes_after_what_the_description_says(
    client, book, province, index_all
):
    within = book("Địa chí tỉnh")
    document(province, "Vùng đất đỏ bazan", records=[within])
    book("Đất đỏ miền Đông")
    document(province, "Truyện kể trên đất đỏ", title="Truyện không có biểu ghi")
    index_all()

    found = page(client, "dat do")

    shown = [re.sub("<[^>]*>", "", title) for title in titles(found)]
    assert shown[0] == "Đất đỏ miền Đông"
    assert sorted(shown[1:]) == ["Truyện không có biểu ghi", "Địa chí tỉnh"]
    assert "3 tài liệu" in found
    assert "Trong tài liệu số" in found


@pytest.mark.parametrize(
    ("text", "is_proposed"),
    [("Mùa rẫy lihc của người M'Nông", False), ("Mùa này đi rẫy, xem lihc", True)],
    ids=["side by side", "here and there"],
)
def test_what_a_document_says_word_for_word_is_no_slip(
    client, book, province, index_all, text, is_proposed
):
    for number in range(3):
        book(f"Mùa rẫy lịch tập {number}")
    document(province, text, title="Sổ tay")
    index_all()

    found = page(client, "mua ray lihc")

    assert "Sổ tay" in found
    assert ("Có phải bạn muốn tìm" in found) is is_proposed


def test_a_page_full_of_descriptions_says_where_the_pages_follow(client, book, province, index_all):
    for number in range(20):
        book(f"Đất đỏ tập {number}")
    document(province, "Vùng đất đỏ", title="Tập ảnh")
    index_all()

    first, second = page(client, "dat do"), page(client, "dat do", page=2)

    assert len(titles(first)) == 20
    assert "1 tài liệu nữa có các từ này trong nội dung" in first
    assert titles(second) == ["Tập ảnh"]


def test_filters_hold_for_what_the_pages_say(client, book, province, index_all):
    vietnamese, french = book("Một", language="vie"), book("Deux", language="fre")
    document(province, "đất đỏ", records=[vietnamese])
    document(province, "đất đỏ", records=[french])
    document(province, "đất đỏ", title="Không biểu ghi")
    index_all()

    assert titles(page(client, "đất đỏ", language="fre")) == ["Deux"]
    assert titles(page(client, "đất đỏ ngôn ngữ: fre")) == ["Deux"]
    assert len(titles(page(client, "đất đỏ", online="yes"))) == 3


def test_what_can_be_read_online_can_be_chosen(client, book, province, index_all):
    online, closed = book("Sách đọc được"), book("Sách chưa đọc được")
    book("Sách in")
    document(province, "chữ", records=[online])
    document(province, "chữ", records=[closed], embargo_until=date(2999, 1, 1))
    index_all()

    found = page(client, "sach")
    chosen = page(client, "sach", online="yes")

    assert "Đọc được trực tuyến" in found
    assert len(titles(found)) == 3
    assert [re.sub("<[^>]*>", "", title) for title in titles(chosen)] == ["Sách đọc được"]
    assert 'class="chip"' in chosen


def test_of_what_does_not_open_no_word_is_shown(client, book, province, index_all):
    record = book("Hồ sơ")
    document(province, "Vùng đất đỏ bazan", records=[record], access="cardholders")
    index_all()

    stranger = page(client, "dat do")
    reader = page(client_of_reader(PatronFactory(library=province)), "dat do")

    assert "1 trang có các từ này" in stranger
    assert "bazan" not in stranger
    assert "<mark>đất đỏ</mark> bazan" in reader


@pytest.mark.parametrize(
    "values",
    [
        {"state": "draft"},
        {"restriction": "community"},
        {"access": "staff"},
        {"embargo_until": date(2999, 1, 1)},
    ],
)
def test_what_is_closed_is_not_found_by_its_words(client, book, province, index_all, values):
    record = book("Hồ sơ")
    document(province, "Vùng đất đỏ bazan", records=[record], **values)
    index_all()

    assert "Hồ sơ" not in page(client, "dat do")


def test_a_record_hidden_from_the_public_is_not_shown_for_its_pages(
    client, book, province, index_all, machine
):
    record = book("Bí mật")
    document(province, "đất đỏ", records=[record])
    suppress(record, by=machine)
    index_all()

    assert titles(page(client, "dat do")) == []


def test_what_the_text_does_not_know_is_left_to_the_description(client, book, province, index_all):
    mine, other = book("Một", author="Nguyễn Văn An"), book("Hai", author="Trần Văn Bình")
    document(province, "đất đỏ", records=[mine])
    document(province, "đất đỏ", records=[other])
    index_all()

    assert titles(page(client, "đất đỏ tác giả: An")) == ["Một"]


def test_without_an_index_of_pages_the_catalogue_answers(client, book, index):
    book("Đất đỏ")
    index()

    assert len(titles(page(client, "dat do"))) == 1


def test_the_page_asks_the_database_once_more_for_what_the_pages_say(
    client, book, province, index_all, django_assert_num_queries
):
    for number in range(5):
        document(province, "Vùng đất đỏ", records=[book(f"Đất đỏ {number}")])
    book("Rừng")
    index_all()
    page(client, "rung")

    with django_assert_num_queries(_queries(client, "rung") + 1):
        page(client, "dat do")


def _queries(client, q: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        page(client, q)
    return len(asked)


def test_a_document_without_a_record_is_found_by_its_title(client, province, index_all):
    obj = document(
        province, title="Kể khan bên bếp lửa", kind="audio", description="Người già buôn Kao kể."
    )
    document(province, title="Bản nháp bếp lửa", state="draft")
    index_all()

    found = page(client, "bep lua")

    assert titles(found) == ["Kể khan bên <mark>bếp lửa</mark>"]
    assert f'href="/read/{obj.identifier}/"' in found
    assert "Người già buôn Kao kể." in found
    assert "trang có các từ này" not in found
