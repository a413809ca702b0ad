from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.text.folding import search_key
from tangthu.text.sorting import LONGEST_KEY, sort_key
from tests.text.strings import any_text

VIETNAMESE = "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y"
EDE = "a ă â b ƀ č d đ e ĕ ê ê̆ g h i ĭ j k l m n ñ o ŏ ô ô̆ ơ ơ̆ p r s t u ŭ ư ư̆ w y"
ALPHABET = VIETNAMESE.split()
EDE_ALPHABET = EDE.split()
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]


def shuffled(words: list[str]) -> list[str]:
    return random.Random(1).sample(words, len(words))


@pytest.mark.parametrize(
    "ordered",
    [
        ["ma", "mà", "mả", "mã", "má", "mạ", "man"],
        ["da", "dạ", "de", "dỵ", "đa", "đá", "đe", "e"],
        ["Tập 1", "Tập 2", "Tập 9", "Tập 10", "Tập 10a", "Tập 011", "Tập 100"],
        ["Ba na", "Ba vì", "Ban", "Ban mê", "Bang"],
        ["12 con giáp", "1000 câu hỏi", "1.001 đêm", "An", "Ăn", "Ân", "Bình"],
        ["hoa bình", "hoà bình", "hỏa bình", "hoạ bình", "hoàn"],
        ["cam", "chanh", "cỏ", "giá", "gò", "nga", "nho", "ta", "thanh", "tranh", "tu"],
        ["fa", "ga", "ia", "ja", "ka", "va", "wa", "xa", "ya", "za", "жа", "漢"],
    ],
)
def test_words_stand_in_dictionary_order(ordered: list[str]) -> None:
    assert sorted(shuffled(ordered), key=sort_key) == ordered


def test_the_vietnamese_alphabet_is_in_order() -> None:
    assert sorted(shuffled(ALPHABET), key=sort_key) == ALPHABET


def test_the_ede_alphabet_is_in_order() -> None:
    assert sorted(shuffled(EDE_ALPHABET), key=lambda s: sort_key(s, "rad")) == EDE_ALPHABET


def test_ede_words_follow_the_ede_alphabet_only_in_ede() -> None:
    words = ["ƀuôn", "buôt", "bŭ"]

    assert sorted(words, key=lambda s: sort_key(s, "rad")) == ["buôt", "bŭ", "ƀuôn"]
    assert sorted(words, key=sort_key) == ["bŭ", "ƀuôn", "buôt"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà bình", "hòa bình"),
        ("thuý", "thúy"),
        ("“Đất nước”", "Đất nước"),
        ("Ban-mê-thuột", "Ban Mê Thuột"),
        ("Cư M’gar", "Cư M'gar"),
        ("Tập 2", "Tập 02"),
        ("ĐẤT", "đất"),
    ],
)
def test_what_is_ignored_only_breaks_ties(one: str, other: str) -> None:
    assert sort_key(one)[:-4] == sort_key(other)[:-4]
    assert sort_key(one) != sort_key(other)


def test_a_later_letter_outweighs_an_earlier_tone() -> None:
    assert sort_key("mạ an") < sort_key("ma ăn")
    assert sort_key("hoà") < sort_key("hoả") < sort_key("hòan")


def test_fields_are_compared_one_after_the_other() -> None:
    assert sort_key("Hà | Nguyễn") < sort_key("Hạ | Lê")
    assert sort_key("Hà Nguyễn") > sort_key("Hạ Lê")


@given(st.text(max_size=2000) | any_text, st.sampled_from(["vi", "rad"]))
def test_a_key_is_bounded(text: str, language: str) -> None:
    assert len(sort_key(text, language)) <= LONGEST_KEY


@given(any_text)
def test_composed_and_decomposed_text_have_one_key(text: str) -> None:
    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(
        unicodedata.normalize("NFC", text)
    )


@given(
    st.lists(st.sampled_from(ALPHABET), max_size=8), st.lists(st.sampled_from(ALPHABET), max_size=8)
)
def test_toneless_words_sort_letter_by_letter(one: list[str], other: list[str]) -> None:
    by_letters = [ALPHABET.index(c) for c in one] < [ALPHABET.index(c) for c in other]

    assert (sort_key("".join(one))[:-4] < sort_key("".join(other))[:-4]) == by_letters


@given(st.sampled_from(["ma", "hoang", "quy", "giêng", "đươc", "khuya"]), st.data())
def test_tones_rank_ngang_huyen_hoi_nga_sac_nang(letters: str, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([i for i, c in enumerate(letters) if c in "aăâeêioôơuưy"]))
    toned = [unicodedata.normalize("NFC", letters[: at + 1] + t + letters[at + 1 :]) for t in TONES]

    assert sorted(shuffled(toned), key=sort_key) == toned


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_sort_by_value(one: int, other: int) -> None:
    assert (sort_key(f"Tập {one}")[:-4] < sort_key(f"Tập {other}")[:-4]) == (one < other)


@given(any_text)
def test_one_spelling_with_the_tone_moved_sorts_beside_the_other(text: str) -> None:
    old = unicodedata.normalize("NFC", "ho\u0300a " + text)
    new = unicodedata.normalize("NFC", "hoa\u0300 " + text)

    assert search_key(old) == search_key(new)
    assert sort_key(old)[:-4] == sort_key(new)[:-4]
