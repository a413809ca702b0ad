"""No text makes any of it raise, and none takes long."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu import text
from tangthu.text import folding, sorting, words
from tangthu.text.memory import LONGEST_REMEMBERED

DEEDS: dict[str, Callable[[str], object]] = {
    "normalise": text.normalise,
    "clean": text.clean,
    "fold": text.fold,
    "fold_token": text.fold_token,
    "search_key": text.search_key,
    "match_key": text.match_key,
    "prefix_forms": text.prefix_forms,
    "tokens": text.tokens,
    "word_spans": lambda s: list(text.word_spans(s)),
    "sort_key": text.sort_key,
    "sort_key in Ê Đê": lambda s: text.sort_key(s, "rad"),
    "sort_name": text.sort_name,
    "given_name": text.given_name,
    "direct_heading": text.direct_heading,
    "valid_name": text.valid_name,
    "repair": text.repair,
    "detect": text.detect,
    "normalise_phone": text.normalise_phone,
    "read_citizen_number": text.read_citizen_number,
    "place_variants": text.place_variants,
}
anything = st.text(alphabet=st.characters(exclude_categories=()), max_size=30)


@pytest.mark.parametrize("deed", DEEDS)
@given(hostile=anything)
def test_no_text_is_too_strange(deed: str, hostile: str) -> None:
    DEEDS[deed](hostile)


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 30_000,
        "a\u0302\u0301" * 10_000,
        "\u0301" * 30_000,
        "'" * 30_000,
        "h' " * 30_000,
        "l'a" * 30_000,
        "1.000" * 20_000,
        "(" * 15_000 + ")" * 15_000,
        "A, " * 30_000,
        "H’" * 15_000,
        "aê" * 15_000,
        "oû" * 15_000,
        "\u2212" * 30_000,
        "Ã©" * 15_000,
        "漢" * 30_000,
        "|" * 30_000,
    ],
    ids=lambda hostile: ascii(hostile[:6]),
)
def test_long_text_takes_time_in_proportion(deed: str, hostile: str) -> None:
    began = time.process_time()

    DEEDS[deed](hostile)

    assert time.process_time() - began < 5


def test_long_words_are_not_remembered_and_their_tokens_are_cut() -> None:
    long_word = "ă" * 10_000

    text.fold(long_word)
    text.search_key(long_word)
    text.sort_key(long_word)
    text.normalise(long_word)

    assert text.tokens(long_word) == ["ă" * words.LONGEST_WORD]
    for memory in (folding._FOLDED_WORDS, folding._KEY_WORDS, sorting._VIETNAMESE_WORDS):
        assert max(map(len, memory)) <= LONGEST_REMEMBERED
