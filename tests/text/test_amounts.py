from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.text.amounts import LARGEST, dong_in_words, format_dong, in_words

FIGURES = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5,
    "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "linh": 0,
}  # fmt: skip


def read_back(words: str) -> int:
    """A reader of its own: adds up what each word says."""
    total = part = unit = 0
    for word in words.split():
        if word in FIGURES:
            unit = FIGURES[word]
        elif word == "mười":
            part, unit = part + 10, 0
        elif word == "mươi":
            part, unit = part + 10 * unit, 0
        elif word == "trăm":
            part, unit = part + 100 * unit, 0
        elif word == "tỷ":
            total, part, unit = (total + part + unit) * 10**9, 0, 0
        else:
            size = {"nghìn": 10**3, "triệu": 10**6}[word]
            total, part, unit = total + (part + unit) * size, 0, 0
    return total + part + unit


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "không"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (104, "một trăm linh bốn"),
        (110, "một trăm mười"),
        (555, "năm trăm năm mươi lăm"),
        (1_000, "một nghìn"),
        (1_005, "một nghìn không trăm linh năm"),
        (25_000, "hai mươi lăm nghìn"),
        (1_000_000, "một triệu"),
        (1_021_005, "một triệu không trăm hai mươi mốt nghìn không trăm linh năm"),
        (2_000_000_000, "hai tỷ"),
        (1_000_000_000_005, "một nghìn tỷ không trăm linh năm"),
    ],
)
def test_amounts_are_read_as_on_official_papers(amount: int, words: str) -> None:
    assert in_words(amount) == words


def test_dong_begin_with_a_capital_and_end_with_the_currency() -> None:
    assert dong_in_words(25_000) == "Hai mươi lăm nghìn đồng"
    assert dong_in_words(0) == "Không đồng"


@pytest.mark.parametrize(
    ("amount", "figures"),
    [
        (0, "0 đ"),
        (500, "500 đ"),
        (25_000, "25.000 đ"),
        (1_234_567, "1.234.567 đ"),
        (-5000, "-5.000 đ"),
    ],
)
def test_figures_are_grouped_by_dots(amount: int, figures: str) -> None:
    assert format_dong(amount) == figures


@pytest.mark.parametrize("amount", [-1, -25_000, LARGEST + 1])
def test_what_has_no_words_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match=str(amount)):
        in_words(amount)


@given(st.integers(0, LARGEST) | st.integers(0, 10**7))
def test_words_read_back_give_the_amount(amount: int) -> None:
    assert read_back(in_words(amount)) == amount
