from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.formats.alto import Block, Layout, Line, Word
from tangthu.formats.flow import flow, goes_on, joined, language_of, running_heads

HEIGHT = 20


def line(text: str, *, top: int, left: int = 100) -> Line:
    words, x = [], left
    for word in text.split():
        words.append(Word(word, (x, top, 10 * len(word), HEIGHT)))
        x += 10 * (len(word) + 1)
    return Line(tuple(words))


def page(*blocks: list[Line]) -> Layout:
    return Layout(800, 1000, tuple(Block(tuple(lines)) for lines in blocks))


def book_page(number: int, *texts: str) -> Layout:
    body = [line(text, top=300 + 30 * at) for at, text in enumerate(texts)]
    return page([line("ĐỊA CHÍ ĐẮK LẮK", top=20)], body, [line(f"— {number} —", top=960)])


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["Tỉnh Đắk Lắk", "ở cao nguyên."], "Tỉnh Đắk Lắk ở cao nguyên."),
        (["nền độc-", "lập"], "nền độc-lập"),
        (["le gouverne-", "ment général"], "le gouvernement général"),
        (["gouverne\u00ad", "ment"], "gouvernement"),
        (["Xuân-", "Lộc"], "Xuân-Lộc"),
        (["năm 1945 -", "1954"], "năm 1945 - 1954"),
        (["gạch –", "nối"], "gạch – nối"),
        (["", "  ", "một"], "một"),
        (["-", "hai"], "- hai"),
    ],
)
def test_lines_are_joined_and_parted_words_made_whole(lines: list[str], text: str) -> None:
    assert joined(lines) == text


@given(st.lists(st.text(st.characters(exclude_characters="-\u2010\u00ad¬")), max_size=5))
def test_joining_loses_no_letter_where_there_is_no_hyphen(lines: list[str]) -> None:
    assert "".join(joined(lines).split()) == "".join("".join(lines).split())


def test_running_heads_and_the_page_number_are_left_out_when_they_are_sure() -> None:
    pages = [book_page(n, f"Đoạn văn của trang {n}.") for n in range(1, 6)]
    heads = running_heads(pages)

    assert flow(pages[2], label="3", heads=heads).paragraphs == ("Đoạn văn của trang 3.",)


def test_a_number_that_is_not_the_pages_and_a_head_that_stands_once_are_kept() -> None:
    alone = book_page(7, "Đoạn văn.")
    heads = running_heads([alone])

    assert flow(alone, label="3", heads=heads).paragraphs == (
        "ĐỊA CHÍ ĐẮK LẮK",
        "Đoạn văn.",
        "— 7 —",
    )


def test_the_number_in_the_midst_of_a_page_is_text() -> None:
    layout = page([line("Bảng", top=400), line("3", top=430)])

    assert flow(layout, label="3").paragraphs == ("Bảng 3",)


def test_an_indented_line_after_a_full_stop_begins_a_paragraph() -> None:
    layout = page(
        [
            line("Câu thứ nhất của đoạn văn này dài bằng cả dòng.", top=300),
            line("Đoạn thứ hai bắt đầu thụt vào trong dòng này", top=330, left=140),
            line("và tiếp tục ở đây.", top=360),
        ]
    )

    assert flow(layout).paragraphs == (
        "Câu thứ nhất của đoạn văn này dài bằng cả dòng.",
        "Đoạn thứ hai bắt đầu thụt vào trong dòng này và tiếp tục ở đây.",
    )


def test_a_sentence_goes_on_over_blocks_and_pages() -> None:
    first = page([line("Người ta đi từ", top=300)], [line("buôn này", top=500)])
    second = page([line("sang buôn kia.", top=300)])

    above = flow(first)
    below = flow(second, before=above.paragraphs[-1])

    assert above.paragraphs == ("Người ta đi từ buôn này",)
    assert below.continues
    assert not flow(second, before="Hết câu.").continues
    assert not goes_on("một", "Hai")


@pytest.mark.parametrize(
    ("text", "languages", "language"),
    [
        ("Ƀuôn sang kơ drei čiăng", ("vie", "rad"), "rad"),
        ("Người Ê Đê gọi làng là ƀuôn và ở trong nhà dài", ("vie", "rad"), "vie"),
        ("Người Kinh", ("vie", "rad"), "vie"),
        ("Le gouvernement", ("fre",), "fre"),
        ("Chữ", (), ""),
    ],
)
def test_a_paragraph_of_a_highland_language_is_told_by_its_letters(
    text: str, languages: tuple[str, ...], language: str
) -> None:
    assert language_of(text, languages) == language
