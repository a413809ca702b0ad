from __future__ import annotations

import pytest
from hypothesis import given

from tangthu.text.folding import fold_token
from tangthu.text.words import tokens, word_spans
from tests.text.strings import any_text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Những kỹ năng: mềm & cứng", ["Những", "kỹ", "năng", "mềm", "cứng"]),
        ("Cư M’gar", ["Cư", "Mgar"]),
        ("H’Hen Niê", ["HHen", "Niê"]),
        ("H’ Hen Niê", ["HHen", "Niê"]),
        ("M'Đrăk, K'Ho, S'tiêng", ["MĐrăk", "KHo", "Stiêng"]),
        ("l'enfant d’Ivoire qu'il", ["l", "enfant", "d", "Ivoire", "qu", "il"]),
        ("women's don't O'Brien", ["women", "dont", "OBrien"]),
        ("25.000 đ, 1.001 đêm", ["25000", "đ", "1001", "đêm"]),
        ("3.1, 895.9223; 2.000.", ["3", "1", "895", "9223", "2000"]),
        ("C++, C# và C", ["C++", "C#", "và", "C"]),
        ("Ban-mê-thuột / CD-ROM", ["Ban", "mê", "thuột", "CD", "ROM"]),
        ("漢字 chữ Nôm 𡨸喃", ["漢", "字", "chữ", "Nôm", "𡨸", "喃"]),
        ("a_b", ["a", "b"]),
        ("e\u0306\u0302p", ["ê̆p"]),
        ("thư\u00adviện", ["thưviện"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("''' ... --", []),
        ("", []),
    ],
)
def test_text_is_cut_into_words(text: str, words: list[str]) -> None:
    assert tokens(text) == words


def test_spans_point_at_what_was_typed() -> None:
    text = "Cư M’gar: l'enfant"

    assert [(text[w.start : w.end], w.text) for w in word_spans(text)] == [
        ("Cư", "Cư"),
        ("M’gar", "Mgar"),
        ("l", "l"),
        ("enfant", "enfant"),
    ]


@given(any_text)
def test_spans_and_tokens_see_the_same_words(text: str) -> None:
    text = " ".join(text.split())

    assert [word.text for word in word_spans(text)] == tokens(text)


@given(any_text)
def test_no_word_holds_a_space_or_an_apostrophe(text: str) -> None:
    for word in tokens(text):
        assert word
        assert not set(word) & set(" '’ʼ‘´`")
        assert " " not in fold_token(word)
