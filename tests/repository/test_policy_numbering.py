"""How pages are numbered, and a table of contents as it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.repository.policy.numbering import (
    Line,
    Numbering,
    after_the_word,
    labels_of_run,
    lines_of,
    place_of,
    word_for,
)


@pytest.mark.parametrize(
    ("numbering", "first", "written"),
    [
        (Numbering.ROMAN, 1, ["i", "ii", "iii", "iv"]),
        (Numbering.CAPITAL_ROMAN, 9, ["IX", "X", "XI", "XII"]),
        (Numbering.ARABIC, 98, ["98", "99", "100", "101"]),
        (Numbering.NONE, 1, ["", "", "", ""]),
    ],
)
def test_a_run_of_pages_is_numbered(numbering: Numbering, first: int, written: list[str]) -> None:
    assert labels_of_run(numbering, 4, first=first) == written


def test_a_prefix_stands_before_each_number() -> None:
    assert labels_of_run(Numbering.ARABIC, 2, prefix="A-") == ["A-1", "A-2"]


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Trang nhất", "nhất"),
        ("trang bìa", "bìa"),
        ("Tr. 12", "12"),
        ("Tr.12", "12"),
        ("P", "P"),
        ("Bìa", "Bìa"),
        ("12", "12"),
        ("Trang", "Trang"),
        ("Trang trí", "trí"),
        ("tranh 4", "tranh 4"),
    ],
)
def test_a_label_is_not_said_with_the_word_for_page_twice(label: str, said: str) -> None:
    assert after_the_word(label) == said


@given(st.text())
def test_what_is_said_of_a_label_is_its_end_and_never_nothing(label: str) -> None:
    said = after_the_word(label)

    assert label.endswith(said)
    assert bool(said) == bool(label)


def test_a_copied_table_of_contents_is_read() -> None:
    text = (
        "Lời nói đầu ........ iii\n"
        "Phần một: Đất\tvà người   1\n"
        "  Chương 1. Vùng đất đỏ … 3\n"
        "\tChương 2. Buôn làng\n"
        "\t ở cao nguyên 25\n"
        "\n"
        "Mục lục #120\n"
    )

    assert lines_of(text) == [
        Line("Lời nói đầu", "iii"),
        Line("Phần một: Đất\tvà người", "1"),
        Line("Chương 1. Vùng đất đỏ", "3", 2),
        Line("Chương 2. Buôn làng ở cao nguyên", "25", 2),
        Line("Mục lục", "#120"),
    ]


@given(st.lists(st.sampled_from(["", "i", "ii", "1", "2", "3", "#2", "Bìa"]), min_size=1))
def test_the_word_for_a_page_finds_it_again(labels: list[str]) -> None:
    for place in range(1, len(labels) + 1):
        found = place_of(word_for(place, labels), labels)
        assert found == place or labels[place - 1].startswith("#") or f"#{place}" in labels


@pytest.mark.parametrize("word", ["", "0", "4", "#4", "-1", "x", "1.5", "9" * 40, "１"])
def test_what_names_no_page_is_none(word: str) -> None:
    assert place_of(word, ["", "", ""]) is None
