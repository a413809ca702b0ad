from __future__ import annotations

import pytest

from tangthu.discovery import language
from tangthu.discovery.embedded import spelling
from tangthu.discovery.embedded.engine import TantivyEngine
from tangthu.discovery.engine import Query, Suggestion, SuggestionKind
from tests.discovery.conftest import book, engine_of


@pytest.fixture(scope="module")
def shelf() -> TantivyEngine:
    return engine_of(
        [
            book(1, "Mắt biếc", authors=("Nguyễn Nhật Ánh",), subjects=("Văn học",)),
            book(2, "Kính vạn hoa", authors=("Nguyễn Nhật Ánh",), subjects=("Văn học",)),
            book(3, "Quyển sách của tôi", authors=("Nguyễn Du",), subjects=("Đắk Lắk",)),
            book(4, "Mắt thần", authors=("Ẩn Danh",), public=False),
            book(5, "Lịch sử Đắk Lắk", subjects=("Lịch sử",), contents=("Mùa rẫy",)),
        ]
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ng", [Suggestion(SuggestionKind.AUTHOR, "Nguyễn Nhật Ánh", 2),
                Suggestion(SuggestionKind.AUTHOR, "Nguyễn Du", 1)]),
        ("NGUYỄN D", [Suggestion(SuggestionKind.AUTHOR, "Nguyễn Du", 1)]),
        ("nhat a", [Suggestion(SuggestionKind.AUTHOR, "Nguyễn Nhật Ánh", 2)]),
        ("mắt ", [Suggestion(SuggestionKind.TITLE, "Mắt biếc", 1)]),
        ("dak", [Suggestion(SuggestionKind.SUBJECT, "Đắk Lắk", 1)]),
        ("quy", [Suggestion(SuggestionKind.TITLE, "Quyển sách của tôi", 1)]),
        ("lịch s", [Suggestion(SuggestionKind.TITLE, "Lịch sử Đắk Lắk", 1),
                    Suggestion(SuggestionKind.SUBJECT, "Lịch sử", 1)]),
        ("m", []),
        ("", []),
        ("?!", []),
    ],
)  # fmt: skip
def test_headings_that_begin_so_are_suggested(
    shelf: TantivyEngine, typed: str, expected: list[Suggestion]
) -> None:
    assert list(shelf.suggest(typed)) == expected


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("mat bíecc", "mắt biếc"),
        ("lihc su", "lịch sử"),
        ("nguyenn nhat anh", "nguyen nhat anh"),
        ("quynr sach", "quyển sách"),
        ("kinhvan hoa", "kính vạn hoa"),
        ("mat biec", ""),
        ("zzzzzzzz", ""),
        ("tác giả: nguyenn", ""),
        ("mua ray lihc", "mua ray lich"),
        ("mùa rẫy lihc", "mùa rẫy lịch"),
    ],
)
def test_a_mistyped_question_gets_a_better_one(
    shelf: TantivyEngine, typed: str, better: str
) -> None:
    assert shelf.search(Query(tree=language.parse(typed).tree)).did_you_mean == better


def test_hostile_words_cost_little(shelf: TantivyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(spelling, "_far", lambda _searcher, word: read.append(word) or "")
    unknown = ["qzxwvkjf", "wzxqvkjf", "vzxwqkjf", "kzxwvqjf", "jzxwvkqf", "q" * 900]

    found = shelf.search(Query(tree=language.parse(" ".join(unknown)).tree))

    assert found.did_you_mean == ""
    assert read == unknown[:2]
