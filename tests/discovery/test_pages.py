"""The text of documents: which pages have the words, and who finds them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from tangthu.discovery import indexer, search
from tangthu.discovery.embedded.shelf import Shelf
from tangthu.discovery.errors import IndexUnavailable
from tangthu.discovery.language import parse
from tangthu.discovery.pages.asking import Asked, asked_of
from tangthu.discovery.pages.content import PAGES, indexed
from tangthu.discovery.pages.engine import Eyes, Hits
from tangthu.discovery.query import Field, Term
from tangthu.discovery.rebuilding import rebuild
from tangthu.discovery.state import Readiness, state_of_pages
from tangthu.libraries.models import Library
from tangthu.repository.models import DigitalObject, ObjectRecord, Page, PageText
from tangthu.repository.news import tell
from tests.factories import RecordFactory
from tests.support.documents import document, write_on

# On PostgreSQL the feed shows a row only when its transaction is over.
COMMITTED = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 22)


@pytest.fixture
def shelf(tmp_path: Path, settings: Settings) -> Iterator[Shelf]:
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'index'}"
    yield search.page_shelf()


def ask(text: str) -> Asked:
    asked = asked_of(parse(text).tree)
    assert asked is not None
    return asked


def found(text: str, *, staff: bool = False, today: date = TODAY) -> list[tuple[int, int]]:
    hits = search.pages().find(ask(text), eyes=Eyes(today=today, staff=staff)).keys
    return [(hit.key, hit.pages) for hit in hits]


def inside(text: str, obj: DigitalObject) -> list[int]:
    units = search.pages().inside(ask(text), obj.pk, limit=100).units
    return [PageText.objects.get(pk=unit).page.position for unit in units]  # type: ignore[union-attr]


def catch_up(shelf: Shelf) -> int:
    return indexer.catch_up(shelf, PAGES)


@pytest.mark.django_db
def test_words_on_a_page_are_found_under_the_record_without_marks(
    shelf: Shelf, province: Library
) -> None:
    record = RecordFactory(title="Địa chí")
    document(province, "Vùng đất đỏ bazan", "Cây cà phê", "Đất đỏ và rừng", records=[record])

    catch_up(shelf)

    assert found("dat do") == [(record.pk, 2)]
    assert found("CÀ PHÊ") == [(record.pk, 1)]
    assert found("hồ tiêu") == []


@pytest.mark.django_db
def test_an_object_without_a_record_is_found_by_itself(shelf: Shelf, province: Library) -> None:
    obj = document(province, "Sử thi Đăm Săn")

    catch_up(shelf)

    assert found("dam san") == [(-obj.pk, 1)]


@pytest.mark.django_db
def test_an_object_without_a_record_is_found_by_its_title_and_description(
    shelf: Shelf, province: Library
) -> None:
    obj = document(province, "Cà phê và hồ tiêu")
    DigitalObject.objects.update(title="Kể khan bên bếp lửa", description="Người già kể về cà phê")

    catch_up(shelf)

    assert found("ke khan") == [(-obj.pk, 0)]
    assert found("ca phe") == [(-obj.pk, 1)]
    assert inside("ca phe", obj) == [1]
    hits = search.pages().of_keys(ask("ke khan").stages[0], [-obj.pk], eyes=Eyes(today=TODAY))
    assert hits[-obj.pk] == Hits(-obj.pk, 0, best=-obj.pk)


@COMMITTED
def test_what_describes_an_object_follows_its_title_and_gives_way_to_a_record(
    shelf: Shelf, province: Library
) -> None:
    obj = document(province, "Cà phê")
    catch_up(shelf)
    DigitalObject.objects.update(title="Kể khan bên bếp lửa")
    tell(obj)
    catch_up(shelf)
    assert found("bep lua") == [(-obj.pk, 0)]

    ObjectRecord.objects.create(object=obj, record=RecordFactory(title="Sử thi"))
    tell(obj)
    catch_up(shelf)

    assert found("bep lua") == []


@pytest.mark.django_db
def test_a_shelf_that_is_filled_anew_holds_what_describes_objects(
    shelf: Shelf, province: Library
) -> None:
    document(province, "Cà phê", records=[RecordFactory()])
    alone = document(province, "Cà phê")
    DigitalObject.objects.update(title="Kể khan bên bếp lửa")

    rebuild(shelf, content=PAGES, catch_up=lambda writer: 0, processes=2)

    assert found("bep lua") == [(-alone.pk, 0)]


@pytest.mark.django_db
def test_an_object_of_two_records_is_found_under_both(shelf: Shelf, province: Library) -> None:
    records = [RecordFactory(), RecordFactory()]
    document(province, "Sử thi Đăm Săn", records=records)

    catch_up(shelf)

    assert sorted(found("dam san")) == sorted((record.pk, 1) for record in records)


@pytest.mark.django_db
def test_words_side_by_side_go_before_words_apart(shelf: Shelf, province: Library) -> None:
    apart = document(province, "Đạt được kết quả do chăm chỉ")
    beside = document(province, "Vùng đất đỏ")

    catch_up(shelf)

    assert found("dat do") == [(-beside.pk, 1)]
    assert found("chăm đạt") == [(-apart.pk, 1)]


@pytest.mark.django_db
def test_the_exact_spelling_ranks_first(shelf: Shelf, province: Library) -> None:
    other = document(province, "Mả mà mạ má", "ma ma ma")
    exact = document(province, "Con ma trơi và bông mạ non trên đồng")

    catch_up(shelf)

    assert [key for key, _ in found("mạ non")] == [-exact.pk]
    assert found("trơi") == [(-exact.pk, 1)]
    assert {key for key, _ in found("ma")} == {-other.pk, -exact.pk}


@pytest.mark.django_db
def test_inside_an_object_pages_come_in_its_order(shelf: Shelf, province: Library) -> None:
    obj = document(province, "đất đỏ", "rừng", "đất đỏ đất đỏ", "Đất Đỏ")
    document(province, "đất đỏ")

    catch_up(shelf)

    assert inside("dat do", obj) == [1, 3, 4]
    assert search.pages().inside(ask("dat do"), obj.pk, offset=1, limit=1).total == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"state": "draft"},
        {"state": "withdrawn"},
        {"restriction": "community"},
        {"embargo_until": TODAY},
    ],
)
def test_what_is_closed_is_found_by_nobody(
    shelf: Shelf, province: Library, values: dict[str, object]
) -> None:
    obj = document(province, "đất đỏ")
    DigitalObject.objects.filter(pk=obj.pk).update(**values)

    catch_up(shelf)

    assert found("đất đỏ") == []
    assert found("đất đỏ", staff=True) == []
    assert inside("đất đỏ", obj) == [1]


@pytest.mark.django_db
def test_what_is_for_staff_is_found_by_staff(shelf: Shelf, province: Library) -> None:
    obj = document(province, "đất đỏ", access="staff")

    catch_up(shelf)

    assert found("đất đỏ") == []
    assert found("đất đỏ", staff=True) == [(-obj.pk, 1)]


@pytest.mark.django_db
def test_an_embargo_ends_by_itself(shelf: Shelf, province: Library) -> None:
    obj = document(province, "đất đỏ", embargo_until=TODAY)

    catch_up(shelf)

    assert found("đất đỏ", today=TODAY + timedelta(days=1)) == [(-obj.pk, 1)]


@COMMITTED
def test_a_corrected_page_is_found_at_once_and_the_others_stay(
    shelf: Shelf, province: Library
) -> None:
    record = RecordFactory()
    obj = document(province, "đat đo", "rừng", records=[record])
    catch_up(shelf)
    untouched = stamps(shelf, obj)

    write_on(Page.objects.get(object=obj, position=1), "đất vàng")
    take_in(shelf, 1)

    assert found("đat đo") == []
    assert found("dat vang") == [(record.pk, 1)]
    assert len(stamps(shelf, obj) & untouched) == 1


@COMMITTED
def test_what_is_withdrawn_or_taken_away_is_gone(shelf: Shelf, province: Library) -> None:
    kept, gone = document(province, "đất đỏ", "đất đỏ"), document(province, "đất đỏ")
    catch_up(shelf)

    DigitalObject.objects.filter(pk=gone.pk).update(state="withdrawn")
    tell(gone)
    Page.objects.get(object=kept, position=1).delete()
    tell(kept)
    take_in(shelf, 2)

    assert found("đất đỏ") == [(-kept.pk, 1)]


@COMMITTED
def test_an_object_moves_to_the_record_it_is_given(shelf: Shelf, province: Library) -> None:
    obj = document(province, "đất đỏ")
    catch_up(shelf)
    record = RecordFactory()

    obj.links.create(record=record)
    tell(obj)
    take_in(shelf, 1)

    assert found("đất đỏ") == [(record.pk, 1)]


@pytest.mark.django_db
def test_one_question_tells_what_the_shown_records_have(shelf: Shelf, province: Library) -> None:
    first, second = RecordFactory(), RecordFactory()
    document(province, "đất đỏ", "rừng đất đỏ đất đỏ", records=[first])
    document(province, "rừng", records=[second])
    catch_up(shelf)

    hits = search.pages().of_keys(
        ask("đất đỏ").stages[0], [first.pk, second.pk], eyes=Eyes(today=TODAY)
    )

    best = PageText.objects.get(pk=hits[first.pk].best)
    assert hits == {first.pk: Hits(first.pk, 2, best.pk)}
    assert best.page is not None
    assert best.page.position == 1


@pytest.mark.django_db
def test_a_rebuild_holds_all_that_the_feed_would_have_told(shelf: Shelf, province: Library) -> None:
    record = RecordFactory()
    document(province, *(f"trang đất đỏ {number}" for number in range(12)), records=[record])
    catch_up(shelf)
    before = shelf.live()

    rebuild(shelf, content=PAGES, catch_up=lambda writer: 0, processes=2)

    assert shelf.live() != before
    assert search.pages().count() == 12


@pytest.mark.django_db
def test_without_an_index_of_pages_the_state_says_so(shelf: Shelf) -> None:
    assert state_of_pages().readiness is Readiness.MISSING
    with pytest.raises(IndexUnavailable):
        found("đất đỏ")

    catch_up(shelf)

    assert state_of_pages().is_ready


@pytest.mark.django_db
def test_a_damaged_index_of_pages_is_built_anew(shelf: Shelf, province: Library) -> None:
    obj = document(province, "đất đỏ")
    catch_up(shelf)
    for file in shelf.live().glob("*.term"):
        file.write_bytes(b"noise")
    with pytest.raises(IndexUnavailable):
        found("đất đỏ")
    assert not state_of_pages().is_ready

    catch_up(shelf)

    assert found("đất đỏ") == [(-obj.pk, 1)]


@pytest.mark.parametrize("text", ["", "tác giả: nguyễn nhật ánh", "1990-2000", "-rừng"])
def test_what_only_a_description_knows_is_not_asked_of_the_text(text: str) -> None:
    assert asked_of(parse(text).tree) is None


def test_the_description_decides_what_the_text_does_not_know() -> None:
    asked = ask("đất tác giả: mười")

    assert asked.stages == (Term("đất"),)
    assert asked.rest == Term("mười", Field.AUTHOR)


@pytest.mark.parametrize(
    ("text", "count"),
    [("đất đỏ", 2), ("đất", 1), ('"đất đỏ"', 1), ("đất đa*", 2), ("đất | rừng", 1), ("1975", 1)],
)
def test_words_are_looked_for_side_by_side_first(text: str, count: int) -> None:
    assert len(ask(text).stages) == count


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "positions"),
    [
        ("đất đa*", [2]),
        ("qu*", [3]),
        ("đất -đỏ", [2]),
        ("bazan | quyển", [1, 3]),
        ("Đắk Lắk", [3]),
        ("dak lak", [3]),
        ("1975", [3]),
        ('"đỏ bazan"', [1]),
    ],
)
def test_the_language_of_the_search_box_is_understood(
    shelf: Shelf, province: Library, text: str, positions: list[int]
) -> None:
    obj = document(province, "Đất đỏ bazan", "Đất đai", "Một quyển về Daklak năm 1975")

    catch_up(shelf)

    assert inside(text, obj) == positions


def take_in(shelf: Shelf, news: int) -> None:
    """Bring in so many news: PostgreSQL shows them once no older transaction runs anywhere."""
    taken = 0
    for _ in range(200):
        taken += catch_up(shelf)
        if taken >= news:
            return
        time.sleep(0.1)
    raise AssertionError(f"only {taken} of {news} news came")


def stamps(shelf: Shelf, obj: DigitalObject) -> set[int]:
    with PAGES.writer(shelf.live()) as writer:
        return set(indexed(writer.searcher(), [obj.pk]).values())
