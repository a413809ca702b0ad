from __future__ import annotations

import pytest
from hypothesis import given

from tangthu.text.names import direct_heading, given_name, sort_name, valid_name
from tangthu.text.sorting import sort_key
from tests.text.strings import any_text


@pytest.mark.parametrize(
    ("full_name", "given", "sorted_as"),
    [
        ("Nguyễn Văn An", "An", "An | Nguyễn | Văn"),
        ("Lê Thị Hồng Ánh", "Ánh", "Ánh | Lê | Thị Hồng"),
        ("Y Ƀlŭl Niê Blô", "Ƀlŭl", "Ƀlŭl | Niê Blô | Y"),
        ("H’Hen Niê", "Hen", "Hen | Niê | H’"),
        ("H' Hen Niê", "Hen", "Hen | Niê | H'"),
        ("H Hen Niê", "Hen", "Hen | Niê | H"),
        ("Điểu Kré", "Kré", "Kré | Điểu"),
        ("Nguyễn  Y ", "Y", "Y | Nguyễn"),
        ("Hồ Y", "Y", "Y | Hồ"),
        ("Bình", "Bình", "Bình"),
        ("Y", "Y", "Y"),
        ("", "", ""),
    ],
)
def test_a_name_is_sorted_by_what_the_person_is_called(
    full_name: str, given: str, sorted_as: str
) -> None:
    assert given_name(full_name) == given
    assert sort_name(full_name) == sorted_as


def test_patrons_are_listed_by_ten_then_ho_then_dem() -> None:
    listed = [
        "Lê An",
        "Nguyễn Thị An",
        "Nguyễn Văn An",
        "Lê Thị Hồng Ánh",
        "Trần Ân",
        "Y Ƀlŭl Niê Blô",
        "Nguyễn Hà",
        "Lê Hạ",
        "H’Hen Niê",
    ]
    shuffled = listed[::-2] + listed[-2::-2]

    assert sorted(shuffled, key=lambda name: sort_key(sort_name(name))) == listed


@pytest.mark.parametrize(
    ("heading", "direct"),
    [
        ("Nguyễn, Du, 1765-1820", "Nguyễn Du, 1765-1820"),
        ("Phụng, Vũ Trọng", "Vũ Trọng Phụng"),
        ("Hồ, Chí Minh, 1890-1969.", "Hồ Chí Minh, 1890-1969."),
        ("Nhất Hạnh, Thích.", "Thích Nhất Hạnh."),
        ("Nguyen, Viet Thanh, 1971- author", "Nguyen Viet Thanh, 1971- author"),
        ("Niê Blô, Y Ƀlŭl", "Y Ƀlŭl Niê Blô"),
        ("Niê, H’Hen, 1992-", "H’Hen Niê, 1992-"),
    ],
)
def test_vietnamese_headings_are_put_in_the_order_of_speech(heading: str, direct: str) -> None:
    assert direct_heading(heading) == direct


@pytest.mark.parametrize(
    "heading",
    [
        "Austen, Jane, 1775-1817",
        "Nguyễn Du, 1765-1820",
        "Nguyễn Nhật Ánh",
        "Tố Hữu, 1920-2002",
        "Nguyen, Mary",
        "Chu, Steven",
        "Lang, Andrew, 1844-1912",
        "Phan, Robert (Robert T.)",
        "Mao, Zedong, 1893-1976",
        "Do, Jane",
        "Việt Nam, Bộ Văn hóa",
        "Thomas, Aquinas, Saint",
        "Hugo, Victor",
        "",
        ",",
        ", ",
    ],
)
def test_other_headings_stay_as_they_came(heading: str) -> None:
    assert direct_heading(heading) == heading


@given(any_text)
def test_a_direct_heading_stays_direct(heading: str) -> None:
    once = direct_heading(heading)

    assert direct_heading(once) == once or once.count(",") < heading.count(",")


@given(any_text)
def test_sorting_a_name_loses_no_letter(name: str) -> None:
    def letters(s: str) -> list[str]:
        return sorted(c for c in s if c.isalpha())

    assert letters(sort_name(name)) == letters(" ".join(sort_name(name).split("|")))


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Văn An", "Y Ƀlŭl Niê Blô", "H’Hen Niê", "H'Hen", "Ê̆p", "O'Brien-Smith Jr.", "李白"],
)
def test_letters_of_every_script_make_a_name(name: str) -> None:
    assert valid_name(name)


@pytest.mark.parametrize("name", ["", "  ", "...", "An 2", "<b>An</b>", "An_", "an@x", "'-'"])
def test_what_has_signs_or_figures_is_no_name(name: str) -> None:
    assert not valid_name(name)
