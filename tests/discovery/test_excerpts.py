"""The piece of a page that shows what was asked for."""

from __future__ import annotations

import pytest

from tangthu.discovery.excerpts import LENGTH, excerpt, runs_of
from tangthu.discovery.highlight import Highlighter
from tangthu.discovery.language import parse

PAGE = "Mở đầu. " * 60 + "Vùng đất đỏ,\nbazan màu mỡ. " + "Kết thúc. " * 60


def mark(question: str) -> Highlighter:
    return Highlighter(parse(question).tree)


def marked(text: str, question: str) -> list[str]:
    return [piece for piece, hit in excerpt(text, mark(question)) if hit]


def test_an_excerpt_shows_the_words_with_something_around_them() -> None:
    segments = excerpt(PAGE, mark('"dat do"'))

    shown = "".join(piece for piece, _ in segments)
    assert ("đất đỏ", True) in segments
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "Vùng đất đỏ, bazan màu mỡ." in shown
    assert len(shown) < LENGTH + 30


def test_a_short_text_is_shown_whole() -> None:
    assert excerpt("Đất đỏ bazan", mark("bazan")) == [("Đất đỏ ", False), ("bazan", True)]


def test_the_piece_with_most_of_the_words_is_shown() -> None:
    text = "đất " + "xa xôi " * 80 + "đất đỏ " + "gần đây " * 80

    assert marked(text, "dat do") == ["đất đỏ"]


def test_where_nothing_answers_the_beginning_is_shown() -> None:
    segments = excerpt(PAGE, mark("rừng"))

    assert len(segments) == 1
    assert segments[0][0].startswith("Mở đầu. Mở đầu.")
    assert not segments[0][1]


def test_an_empty_text_has_an_empty_excerpt() -> None:
    assert excerpt("", mark("rừng")) == []


@pytest.mark.parametrize(
    ("words", "question", "runs"),
    [
        ("Vùng đất đỏ, bazan", '"dat do"', [(1, 3)]),
        ("đất, đỏ đất", "dat do", [(0, 1), (1, 2), (2, 3)]),
        ("má mạ ma", "má", [(0, 1)]),
        ("mạ ma", "má", [(0, 1), (1, 2)]),
        ("chị H’ Hen Niê kể", "h'hen", [(1, 3)]),
        ("Ban-mê-thuột và", '"me thuot"', [(0, 1)]),
        ("đất đai", "đai*", [(1, 2)]),
        ("đất", "đất đỏ bazan", [(0, 1)]),
        ("", "đất", []),
    ],
)
def test_runs_are_told_by_the_places_of_words(
    words: str, question: str, runs: list[tuple[int, int]]
) -> None:
    assert runs_of(words.split(), mark(question)) == runs
