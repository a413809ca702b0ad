from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from tangthu.text.normal import clean, compose, match_apostrophes, normalise
from tests.text.strings import any_text, vietnamese_like


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("e\u0306\u0302", "\u00ea\u0306"),
        ("e\u0302\u0306", "\u00ea\u0306"),
        ("\u0115\u0302", "\u00ea\u0306"),
        ("o\u0306\u0302", "\u00f4\u0306"),
        ("O\u0306\u0302", "\u00d4\u0306"),
        ("o\u0306\u031b", "\u01a1\u0306"),
        ("u\u031b\u0306", "\u01b0\u0306"),
        ("e\u0301\u0302", "\u1ebf"),
        ("\u00e9\u0302", "\u1ebf"),
        ("a\u0323\u0302", "\u1ead"),
        ("a\u0302\u0323", "\u1ead"),
        ("u\u0301\u031b", "\u1ee9"),
    ],
)
def test_marks_typed_in_any_order_give_one_letter(typed: str, expected: str) -> None:
    assert normalise(typed) == expected


@pytest.mark.parametrize("letter", ["ǘ", "ė\u0301", "ṍ", "й", "ά", "が"])
def test_marks_of_other_languages_are_left_to_nfc(letter: str) -> None:
    assert normalise(letter) == unicodedata.normalize("NFC", letter)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  Đắk\u00a0 Lắk \n", "Đắk Lắk"),
        ("Phường  Tân An", "Phường Tân An"),
        ("thư\u200b viện\ufeff", "thư viện"),
        ("Buôn\u200d Hồ", "Buôn Hồ"),
        ("a\x00b\x1bc\x98", "abc"),
        ("kho\u3000sách", "kho sách"),
        ("tab\there", "tab here"),
        ("", ""),
        (" \u200b ", ""),
    ],
)
def test_spaces_collapse_and_invisible_characters_go(typed: str, expected: str) -> None:
    assert normalise(typed) == expected


def test_the_joiners_that_persian_needs_stay() -> None:
    assert normalise("می\u200cخواهم") == "می\u200cخواهم"


def test_the_soft_hyphen_stays_because_it_may_be_a_letter_of_tcvn3() -> None:
    assert normalise("Th\u00ad") == "Th\u00ad"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ðại học", "đại học"),
        ("Ðà Lạt", "Đà Lạt"),
        ("Ɖắk Lắk", "Đắk Lắk"),
        ("Êðê", "Êđê"),
        ("Ê Ðê", "Ê Đê"),
    ],
)
def test_look_alikes_of_d_with_stroke_become_it(typed: str, expected: str) -> None:
    assert normalise(typed) == expected


@pytest.mark.parametrize("name", ["Guðmundsdóttir", "Davíð", "Guðrún", "norðurljós"])
def test_icelandic_keeps_its_eth(name: str) -> None:
    assert normalise(name) == name


@pytest.mark.parametrize("title", ["hoà bình", "hòa bình", "kĩ thuật", "H’Hen", "M'gar", "“Sử”"])
def test_what_the_cataloguer_chose_is_kept(title: str) -> None:
    assert normalise(title) == title


@pytest.mark.parametrize("sign", list("’ʼ‘´`′ʻ'"))
def test_every_apostrophe_matches_the_plain_one(sign: str) -> None:
    assert match_apostrophes(f"H{sign}Hen") == "H'Hen"


def test_clean_keeps_lines() -> None:
    note = "\r\nKho  đọc \r\n\r\n\r\n\r\nTầng 2\u00a0\n"

    assert clean(note) == "Kho đọc\n\nTầng 2"


@given(any_text)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


@given(any_text)
def test_composed_and_decomposed_input_normalise_alike(text: str) -> None:
    assert normalise(unicodedata.normalize("NFD", text)) == normalise(
        unicodedata.normalize("NFC", text)
    )


@given(vietnamese_like)
def test_normal_form_is_nfc(text: str) -> None:
    assert unicodedata.is_normalized("NFC", normalise(text))


@given(any_text)
def test_composing_alone_keeps_spaces(text: str) -> None:
    assert [c.isspace() for c in unicodedata.normalize("NFC", text)].count(True) == [
        c.isspace() for c in compose(text)
    ].count(True)


@given(any_text)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)

    assert clean(once) == once
