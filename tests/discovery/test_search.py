from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tangthu.discovery import language
from tangthu.discovery.embedded.engine import TantivyEngine
from tangthu.discovery.engine import DEEPEST_HIT, Count, Facet, Query, Results, Sort
from tangthu.discovery.errors import PageTooDeep, QueryTooLarge
from tangthu.discovery.query import (
    And,
    Everything,
    Field,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Whole,
    YearRange,
)
from tests.discovery.conftest import book, engine_of


def ids(engine: TantivyEngine, text: str, **more: object) -> list[int]:
    return ids_of(engine, language.parse(text).tree, **more)


def ids_of(engine: TantivyEngine, tree: Node, **more: object) -> list[int]:
    return [hit.id for hit in engine.search(Query(tree=tree, **more)).hits]  # type: ignore[arg-type]


BOOKS = [
    book(
        1,
        "Mắt biếc",
        authors=("Nguyễn Nhật Ánh",),
        subjects=("Văn học Việt Nam",),
        publishers=("Nxb. Trẻ",),
        languages=("vie",),
        material_type="book",
        year=2005,
        libraries=("DL",),
        locations=("1",),
        identifiers=("978-604-1-00001-8", "VV.001234"),
        call_numbers=("895.9223 NH105A",),
    ),
    book(
        2,
        "Tuyển tập thơ Đắk Lắk",
        authors=("H’Hen Niê",),
        subjects=("Thơ", "Đắk Lắk"),
        series=("Tủ sách Tây Nguyên",),
        notes=("In lần thứ hai",),
        languages=("vie", "rad"),
        material_type="book",
        year=1999,
        libraries=("DL", "BMT"),
        locations=("1", "2"),
    ),
    book(
        3,
        "Lịch sử Việt Nam 1930-1945",
        authors=("Trần Văn Giàu",),
        subjects=("Lịch sử",),
        contents=("Cao trào cách mạng",),
        languages=("vie",),
        material_type="book",
        year=2011,
        libraries=("BMT",),
    ),
    book(
        4,
        "Coffee of the highlands",
        authors=("Smith, John",),
        subjects=("Coffee",),
        languages=("eng",),
        material_type="serial",
        year=1945,
        libraries=("DL",),
        public=False,
    ),
]


@pytest.fixture(scope="module")
def shelf() -> TantivyEngine:
    return engine_of(BOOKS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mat biec", [1]),
        ("MẮT BIẾC", [1]),
        ('"nhật ánh"', [1]),
        ('"ánh nhật"', []),
        ("tac gia: nguyen nhat anh", [1]),
        ("nhan đề: ánh", []),
        ("dak lak", [2]),
        ("daklak", [2]),
        ("Đăk Lăk", [2]),
        ("hhen", [2]),
        ("H'Hen", [2]),
        ("tùng thư: tây nguyên", [2]),
        ("phụ chú: lần thứ hai", [2]),
        ("mục lục: cách mạng", [3]),
        ("nxb: trẻ", [1]),
        ("9786041000018", [1]),
        ("isbn: 978-604-1-00001-8", [1]),
        ("isbn: 6041000019", [1]),
        ("vv001234", [1]),
        ("VV.001234", [1]),
        ("ký hiệu: 895.9223", [1]),
        ("895.92*", [1]),
        ("lich su 1930-1945", [3]),
        ("văn hoc -ánh", []),
        ("bi*", [1]),
        ('việt nam -"lịch sử"', [1]),
        ("năm: 2011", [3]),
        ("2011-", [3]),
        ("năm: -2000", [2]),
        ("coffee", []),
    ],
)
def test_the_box_finds_what_was_meant(shelf: TantivyEngine, text: str, found: list[int]) -> None:
    assert ids(shelf, text) == found


def test_staff_find_hidden_records(shelf: TantivyEngine) -> None:
    assert ids(shelf, "coffee", hidden=True) == [4]


def test_nothing_typed_finds_every_public_record(shelf: TantivyEngine) -> None:
    results = shelf.search(Query())

    assert results.total == 3
    assert {hit.id for hit in results.hits} == {1, 2, 3}


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoà bình", "Hòa bình"), ("kĩ thuật", "Kỹ thuật"), ("vật lí", "Vật lý"), ("thuý", "Thúy")],
)
def test_two_spellings_of_a_word_find_the_same(one: str, other: str) -> None:
    engine = engine_of([book(1, one), book(2, other), book(3, "khác")])

    assert set(ids(engine, one)) == set(ids(engine, other)) == {1, 2}
    scores = {hit.score for hit in engine.search(Query(tree=language.parse(one).tree)).hits}
    assert len(scores) == 1


def test_the_spelling_with_its_marks_ranks_first() -> None:
    engine = engine_of(
        [
            book(1, "Mạ mạ mạ", subjects=("Mạ",)),
            book(2, "Ma ma ma"),
            book(3, "Quê hương", notes=("Chuyện của một gia đình và người má ở xa",)),
            book(4, "Mà"),
        ]
    )

    assert ids(engine, "má")[0] == 3
    assert set(ids(engine, "má")) == {1, 2, 3, 4}


def test_more_words_as_typed_rank_above_fewer() -> None:
    engine = engine_of([book(1, "Lich sử"), book(2, "Lịch sử"), book(3, "Lịch sự")])

    assert ids(engine, "lịch sử")[0] == 2


def test_a_book_with_just_this_title_comes_first() -> None:
    engine = engine_of(
        [
            book(1, "Toán toán toán và toán học", subjects=("Toán",)),
            book(2, "Toán", notes=("một quyển sách dài " * 20,)),
        ]
    )

    assert ids(engine, "toan") == [2, 1]


def test_a_word_in_the_title_weighs_more_than_in_a_note() -> None:
    engine = engine_of([book(1, "Rừng", notes=("cà phê ở xa",)), book(2, "Cà phê và rừng xa")])

    assert ids(engine, "ca phe") == [2, 1]


def test_a_whole_heading_is_not_a_part_of_one(shelf: TantivyEngine) -> None:
    assert ids_of(shelf, Whole("Lich su", Field.SUBJECT)) == [3]
    assert ids_of(shelf, Whole("Nhật Ánh", Field.AUTHOR)) == []
    assert ids_of(shelf, Whole("Nguyễn Nhật Ánh", Field.AUTHOR)) == [1]


def test_codes_are_compared_whole(shelf: TantivyEngine) -> None:
    assert ids_of(shelf, Term("rad", Field.LANGUAGE)) == [2]
    assert ids_of(shelf, Term("ra", Field.LANGUAGE)) == []


def test_of_no_parts_and_is_everything_and_or_is_nothing(shelf: TantivyEngine) -> None:
    assert len(ids_of(shelf, And())) == 3
    assert ids_of(shelf, Or()) == []
    assert ids_of(shelf, Not(Everything())) == []


def test_lists_stand_in_vietnamese_order() -> None:
    titles = ["Đất", "Dao", "Ăn", "An", "Ân", "Tập 10", "Tập 2", "Ma", "Má", "Mà"]
    engine = engine_of(book(number, title) for number, title in enumerate(titles, 1))

    listed = ids(engine, "", sort=Sort.TITLE)

    assert [titles[number - 1] for number in listed] == [
        "An", "Ăn", "Ân", "Dao", "Đất", "Ma", "Mà", "Má", "Tập 2", "Tập 10",
    ]  # fmt: skip


def test_records_without_author_or_year_stand_last() -> None:
    engine = engine_of(
        [book(1, "Một"), book(2, "Hai", authors=("An",), year=2001), book(3, "Ba", year=1990)]
    )

    assert ids(engine, "", sort=Sort.AUTHOR)[0] == 2
    assert ids(engine, "", sort=Sort.YEAR_DESC) == [2, 3, 1]
    assert ids(engine, "", sort=Sort.YEAR_ASC) == [3, 2, 1]


def test_facets_count_the_hits(shelf: TantivyEngine) -> None:
    results = shelf.search(Query(facets=(Facet.LANGUAGE, Facet.LIBRARY, Facet.YEAR)))

    assert results.facets[Facet.LANGUAGE] == (Count("vie", 3), Count("rad", 1))
    assert set(results.facets[Facet.LIBRARY]) == {Count("DL", 2), Count("BMT", 2)}
    assert set(results.facets[Facet.YEAR]) == {
        Count("2005", 1),
        Count("1999", 1),
        Count("2011", 1),
    }


def test_values_of_one_facet_widen_and_facets_narrow(shelf: TantivyEngine) -> None:
    one = {Facet.YEAR: ("2005", "1999")}

    assert set(ids(shelf, "", filters=one)) == {1, 2}
    assert ids(shelf, "", filters={**one, Facet.LIBRARY: ("BMT",)}) == [2]


def test_a_chosen_facet_counts_what_its_other_values_would_find(shelf: TantivyEngine) -> None:
    results = shelf.search(
        Query(filters={Facet.LIBRARY: ("BMT",)}, facets=(Facet.LIBRARY, Facet.LANGUAGE))
    )

    assert results.total == 2
    assert set(results.facets[Facet.LIBRARY]) == {Count("DL", 2), Count("BMT", 2)}
    assert results.facets[Facet.LANGUAGE] == (Count("vie", 2), Count("rad", 1))


def test_a_chosen_value_is_counted_even_where_it_finds_nothing(shelf: TantivyEngine) -> None:
    results = shelf.search(
        Query(filters={Facet.AUTHOR: ("Nam Cao",)}, facets=(Facet.AUTHOR,), facet_size=1)
    )

    assert results.total == 0
    assert results.facets[Facet.AUTHOR][-1] == Count("Nam Cao", 0)


def test_a_crowd_finds_what_one_finds_who_asks_alone(shelf: TantivyEngine) -> None:
    wanted = tuple(Facet)
    queries = [
        Query(facets=wanted),
        Query(tree=language.parse("tho").tree, facets=wanted),
        Query(filters={Facet.LIBRARY: ("BMT",)}, facets=wanted),
        Query(filters={Facet.LIBRARY: ("DL",), Facet.YEAR: ("1999",)}, facets=wanted),
    ]
    alone = [answer_of(shelf.search(query)) for query in queries]
    together = threading.Barrier(len(queries))
    crowded = engine_of(BOOKS)

    def ask(query: Query) -> object:
        together.wait(timeout=30)
        return answer_of(crowded.search(query))

    with ThreadPoolExecutor(len(queries)) as crowd:
        assert list(crowd.map(ask, queries)) == alone


def answer_of(results: Results) -> object:
    """Return what was found, whatever the order of values that are found as often."""
    return (
        results.total,
        [hit.id for hit in results.hits],
        {facet: set(counts) for facet, counts in results.facets.items()},
    )


def test_a_year_that_is_no_number_filters_everything_out(shelf: TantivyEngine) -> None:
    assert ids(shelf, "", filters={Facet.YEAR: ("abc",)}) == []


@pytest.mark.parametrize(
    ("years", "found"),
    [("2000-2011", {1, 3}), ("2005-", {1, 3}), ("-1999", {2}), ("2005", {1}), ("-", set())],
)
def test_years_may_be_filtered_by_a_span(shelf: TantivyEngine, years: str, found: set[int]) -> None:
    assert set(ids(shelf, "", filters={Facet.YEAR: (years,)})) == found


_LEAVES = st.one_of(
    st.builds(kind, st.text(max_size=40), st.sampled_from(Field))
    for kind in (Term, Phrase, Prefix, Whole)
) | st.builds(YearRange, st.integers(-99999, 99999), st.none() | st.integers(0, 3000))
_TREES = st.recursive(
    _LEAVES,
    lambda parts: (
        st.builds(Not, parts)
        | st.builds(And, st.lists(parts, max_size=4).map(tuple))
        | st.builds(Or, st.lists(parts, max_size=4).map(tuple))
    ),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_TREES, st.sampled_from(Sort))
def test_every_tree_has_an_answer(shelf: TantivyEngine, tree: Node, sort: Sort) -> None:
    results = shelf.search(Query(tree=tree, sort=sort, facets=(Facet.AUTHOR, Facet.YEAR)))

    assert 0 <= len(results.hits) <= results.total <= 3


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
@example("x" * 1000 + "*")
@example("\U0003134b")
@example("C++* a.b* \\* [x]*")
@example("́ ̂*")
def test_every_text_has_an_answer(shelf: TantivyEngine, text: str) -> None:
    shelf.search(Query(tree=language.parse(text).tree))
    shelf.suggest(text)


def test_pages_part_the_hits() -> None:
    engine = engine_of(book(number, f"Sách {number}") for number in range(1, 26))

    pages = [ids(engine, "sach", offset=offset, limit=10) for offset in (0, 10, 20, 30)]

    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert sorted(number for page in pages for number in page) == list(range(1, 26))


@pytest.mark.parametrize("sort", list(Sort))
def test_a_page_too_deep_is_refused(shelf: TantivyEngine, sort: Sort) -> None:
    with pytest.raises(PageTooDeep) as refusal:
        shelf.search(Query(sort=sort, offset=20_000_000, limit=20))

    assert refusal.value.limit == DEEPEST_HIT


def test_a_query_of_a_thousand_parts_is_refused(shelf: TantivyEngine) -> None:
    with pytest.raises(QueryTooLarge):
        shelf.search(Query(tree=Or(tuple(Term(f"w{number}") for number in range(1000)))))


def test_a_very_deep_query_is_refused_too(shelf: TantivyEngine) -> None:
    tree: Node = Term("a")
    for _ in range(5000):
        tree = Not(tree)

    with pytest.raises(QueryTooLarge):
        shelf.search(Query(tree=tree))
