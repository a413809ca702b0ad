"""Files of data as tables: what parts their values, what is found in them, how they are ordered."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tangthu.reading.policy.tables import MOST_ROWS, matching, ordered, table_of

DISTRICTS = "Huyện;Dân số\nCư M'gar;173.024\nBuôn Đôn;65.000\nEa Súp;9.000\n"


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def test_values_are_parted_by_the_sign_that_the_lines_agree_on() -> None:
    for sign in (";", ",", "\t", "|"):
        table = table_of(lines(DISTRICTS.replace(".", "").replace(";", sign)))

        assert list(table.columns) == ["Huyện", "Dân số"]
        assert list(table.rows[0][1]) == ["Cư M'gar", "173024"]


def test_a_value_in_quotes_holds_signs_and_lines() -> None:
    table = table_of(lines('Tên,Ghi chú\n"Ea H\'leo","xa,\nmà đẹp"\n'))

    assert [list(cells) for _, cells in table.rows] == [["Ea H'leo", "xa,\nmà đẹp"]]


def test_a_text_has_lines_and_no_columns() -> None:
    table = table_of(lines("Dòng một, dài\nDòng hai\n"))

    assert table.columns == ()
    assert [cells[0] for _, cells in table.rows] == ["Dòng một, dài", "Dòng hai"]


def test_objects_of_json_are_rows() -> None:
    told = {"buôn": [{"tên": "Akŏ Dhông", "nhà": 40}, {"tên": "Đôn", "voi": ["Kham Bun"]}]}

    table = table_of([json.dumps(told, ensure_ascii=False)], is_json=True)

    assert list(table.columns) == ["tên", "nhà", "voi"]
    assert [list(cells) for _, cells in table.rows] == [
        ["Akŏ Dhông", "40", ""],
        ["Đôn", "", '["Kham Bun"]'],
    ]


def test_json_too_deep_to_be_read_is_shown_as_text() -> None:
    table = table_of(["[" * 200_000], is_json=True)

    assert table.columns == ()
    assert len(table.rows[0][1][0]) == 500


def test_words_are_found_without_their_marks() -> None:
    table = table_of(lines(DISTRICTS))

    found = matching(table.rows, "don buon")

    assert [cells[0] for _, cells in found] == ["Buôn Đôn"]


def test_numbers_are_ordered_by_their_size() -> None:
    table = table_of(lines(DISTRICTS))

    rising = ordered(table.rows, 1, falling=False)
    falling = ordered(table.rows, 1, falling=True)

    assert [cells[0] for _, cells in rising] == ["Ea Súp", "Buôn Đôn", "Cư M'gar"]
    assert [number for number, _ in falling] == [1, 2, 3]


def test_a_long_file_is_cut_and_says_so() -> None:
    table = table_of(f"{number},x\n" for number in range(MOST_ROWS + 10))

    assert table.is_cut
    assert len(table.rows) == MOST_ROWS


@given(st.text(max_size=400), st.booleans(), st.text(max_size=10))
def test_whatever_a_file_says_it_is_read(text: str, is_json: bool, asked: str) -> None:
    table = table_of(text.splitlines(keepends=True), is_json=is_json)

    found = matching(table.rows, asked)

    assert set(map(id, found)) <= set(map(id, table.rows))
    assert len(ordered(found, 0, falling=True)) == len(found)
