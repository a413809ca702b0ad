from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from tangthu.text.folding import fold, fold_token, match_key, prefix_forms, search_key
from tests.text.strings import any_text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Đắk Lắk", "dak lak"),
        ("Ƀuôn Êđê", "buon ede"),
        ("Y Ƀlŭl Niê Blô", "y blul nie blo"),
        ("Ê̆p", "ep"),
        ("Cư M’gar", "cu m'gar"),
        ("Cư M'gar", "cu m'gar"),
        ("ÑĂM Č̆", "nam c"),
        ("ơ̆ ư̆ ô̆", "o u o"),
        ("ĐƯỜNG  HỒ CHÍ\u00a0MINH", "duong ho chi minh"),
        ("Straße", "strasse"),
        ("Ærø, Łódź", "aero, lodz"),
        ("café – «Été»", 'cafe - "ete"'),
        ("ﬁn ２", "fin 2"),
        ("ôᵉ", "oe"),
        ("", ""),
    ],
)
def test_folding_leaves_plain_lower_case_letters(typed: str, expected: str) -> None:
    assert fold(typed) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà bình", "hòa bình"),
        ("thuý", "thúy"),
        ("khoẻ", "khỏe"),
        ("HOÀ", "hòa"),
        ("hòang", "hoàng"),
        ("thuỷ lợi", "thủy lợi"),
        ("kĩ thuật", "kỹ thuật"),
        ("vật lí", "vật lý"),
        ("mĩ", "mỹ"),
        ("quí", "quý"),
        ("bác sĩ", "bác sỹ"),
        ("tỉ", "tỷ"),
        ("hi vọng", "hy vọng"),
        ("quít", "quýt"),
        ("Cư M’gar", "cư m'gar"),
        ("e\u0306\u0302", "ê\u0306"),
        ("“hoà”", "“hòa”"),
    ],
)
def test_spellings_of_one_word_have_one_search_key(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("đạo", "dạo"),
        ("má", "mà"),
        ("thi", "thy"),
        ("ƀuôn", "buôn"),
        ("ñ", "n"),
        ("tuy", "tui"),
        ("thuý", "thuí"),
        ("résumé", "resume"),
        ("của", "cuả rồi"),
        ("ai", "ay"),
    ],
)
def test_different_words_have_different_search_keys(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@pytest.mark.parametrize(
    "word", ["hoà", "quý", "giếng", "gì", "nghiêng", "khuỷu", "quốc", "nguyễn", "được", "thuở"]
)
def test_a_search_key_keeps_the_tone(word: str) -> None:
    assert fold(search_key(word)) != search_key(word)


@pytest.mark.parametrize("typed", ["mgar", "m'gar", "M’gar", "Mʼgar", "M`GAR"])
def test_one_folded_token_for_all_apostrophes_and_none(typed: str) -> None:
    assert fold_token(typed) == "mgar"


def test_a_prefix_reaches_both_spellings() -> None:
    assert prefix_forms("Quy") == ("quy", "qui")
    assert prefix_forms("Đắ") == ("da",)


def test_a_match_key_has_no_punctuation() -> None:
    assert match_key("Kĩ thuật: lập-trình [tập 2] /") == "ki thuat lap trinh tap 2"


@given(any_text)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text)

    assert fold(once) == once


@given(any_text)
def test_a_search_key_is_its_own_key(text: str) -> None:
    once = search_key(text)

    assert search_key(once) == once


@given(any_text)
def test_a_search_key_folds_like_its_text(text: str) -> None:
    assert match_key(search_key(text)) == match_key(text)


@given(any_text)
def test_keys_do_not_tell_composed_from_decomposed(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    apart = unicodedata.normalize("NFD", text)

    assert fold(composed) == fold(apart)
    assert search_key(composed) == search_key(apart)


@given(any_text)
def test_case_does_not_matter(text: str) -> None:
    assert fold(text.upper()) == fold(text.upper().lower())
    assert search_key(text.upper()) == search_key(text.upper().casefold())
