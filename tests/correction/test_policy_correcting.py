"""The laws of keeping boxes, of bringing edits together, and of undoing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.digitisation.policy.aligning import aligned_lines, aligned_text
from tangthu.digitisation.policy.changes import Change, changes_between, undone
from tangthu.digitisation.policy.merging import EditsClash, merged
from tangthu.formats.alto import Block, Layout, Line, Word

WORDS = st.sampled_from(["đất", "đỏ", "buôn", "Ƀuôn", "nhà", "dài", "1932", "cà", "phê"])
RUNS = st.lists(WORDS, max_size=8)


def line_of(texts: list[str], top: int) -> Line:
    found, left = [], 50
    for text in texts:
        found.append(Word(text, (left, top, 12 * len(text), 30), 0.5))
        left += 12 * len(text) + 10
    return Line(tuple(found))


def page_of(*lines: list[str]) -> Layout:
    rows = [line_of(texts, 100 + 50 * at) for at, texts in enumerate(lines) if texts]
    return Layout(800, 1200, (Block(tuple(rows)),) if rows else ())


def texts(layout: Layout) -> list[str]:
    return [word.text for word in layout.words()]


PAGES = st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=4).map(
    lambda lines: page_of(*lines)
)


@given(PAGES, st.lists(RUNS, max_size=5))
def test_the_result_has_the_typed_words_in_their_order(
    page: Layout, typed: list[list[str]]
) -> None:
    after = aligned_text(page, "\n".join(" ".join(words) for words in typed))

    assert texts(after) == [word for words in typed for word in words]


@given(PAGES)
def test_what_is_not_changed_stays_as_it_is(page: Layout) -> None:
    text = "\n".join(line.text for line in page.lines())

    assert aligned_text(page, text) == page
    assert changes_between(page, page) == []


@given(PAGES, st.data())
def test_no_box_leaves_the_line_that_it_came_from(page: Layout, data: st.DataObject) -> None:
    lines = list(page.lines())
    typed = [data.draw(st.lists(WORDS, min_size=1, max_size=8)) for _ in lines]

    after = aligned_lines(page, [" ".join(words) for words in typed])

    for old, new in zip(lines, after.lines(), strict=True):
        left, top, width, height = old.box
        for word in new.words:
            assert left <= word.box[0]
            assert word.box[0] + word.box[2] <= left + width
            assert (word.box[1], word.box[3]) == (top, height)


@given(PAGES, st.data())
def test_boxes_stand_in_the_order_of_the_words(page: Layout, data: st.DataObject) -> None:
    typed = [data.draw(st.lists(WORDS, min_size=1, max_size=8)) for _ in page.lines()]

    after = aligned_lines(page, [" ".join(words) for words in typed])

    for line in after.lines():
        lefts = [word.box[0] for word in line.words]
        assert lefts == sorted(lefts)


def test_a_word_that_replaces_one_takes_its_box() -> None:
    page = page_of(["Buôn", "Ma", "Thuột"])

    after = aligned_text(page, "Ƀuôn Ma Thuột")

    assert [word.box for word in after.words()] == [word.box for word in page.words()]
    assert [word.corrected for word in after.words()] == [True, False, False]


def test_two_words_share_the_box_of_one_by_their_length() -> None:
    page = Layout(800, 1200, (Block((Line((Word("đấtđỏ", (100, 20, 600, 30)),)),)),))

    after = aligned_text(page, "đất đỏ")

    assert [word.box for word in after.words()] == [(100, 20, 300, 30), (500, 20, 200, 30)]


def test_a_page_without_words_gets_lines_over_all_of_it() -> None:
    after = aligned_text(Layout(1000, 1000), "một hai\nba")

    assert [line.text for line in after.lines()] == ["một hai", "ba"]
    assert all(0 < word.box[1] < 1000 and word.corrected for word in after.words())


def test_another_number_of_lines_is_refused_where_each_is_named() -> None:
    with pytest.raises(ValueError, match="more"):
        aligned_lines(page_of(["một"]), ["một", "hai"])
    with pytest.raises(ValueError, match="fewer"):
        aligned_lines(page_of(["một"], ["hai"]), ["một"])


@given(RUNS, RUNS)
def test_the_edits_of_one_alone_are_taken_whole(base: list[str], mine: list[str]) -> None:
    assert merged(base, mine, base) == mine
    assert merged(base, base, mine) == mine
    assert merged(base, mine, mine) == mine


@given(RUNS, RUNS, RUNS)
def test_who_comes_second_changes_nothing_in_the_result(
    base: list[str], mine: list[str], theirs: list[str]
) -> None:
    def outcome(one: list[str], other: list[str]) -> list[str] | None:
        try:
            return merged(base, one, other)
        except EditsClash:
            return None

    assert outcome(mine, theirs) == outcome(theirs, mine)


def test_edits_of_different_words_come_together() -> None:
    base = ["một", "hai", "ba", "bốn", "năm"]

    assert merged(
        base, ["MỘT", "hai", "ba", "bốn", "năm"], ["một", "hai", "bốn", "năm", "sáu"]
    ) == (["MỘT", "hai", "bốn", "năm", "sáu"])


def test_edits_of_the_same_word_clash_and_say_how() -> None:
    with pytest.raises(EditsClash) as clash:
        merged(["một", "hai"], ["một", "HAI"], ["một", "hài"])

    assert (clash.value.mine, clash.value.theirs) == ("HAI", "hài")


@given(PAGES, st.data())
def test_undoing_all_changes_from_the_last_gives_the_page_as_it_was(
    page: Layout, data: st.DataObject
) -> None:
    typed = [data.draw(st.lists(WORDS, min_size=1, max_size=6)) for _ in page.lines()]
    after = aligned_lines(page, [" ".join(words) for words in typed])

    back = after
    for change in reversed(changes_between(page, after)):
        found = undone(back, change)
        assert found is not None
        back = found

    assert [line.words for line in back.lines()] == [line.words for line in page.lines()]


def test_what_was_changed_again_is_not_undone() -> None:
    page = page_of(["Buôn", "Đôn"])
    first = aligned_text(page, "Ƀuôn Đôn")
    second = aligned_text(first, "Bản Đôn")

    (change,) = changes_between(page, first)

    assert undone(second, change) is None


def test_a_line_that_was_taken_out_comes_back_where_it_was() -> None:
    page = page_of(["một", "hai"], ["ba"], ["bốn"])
    after = aligned_lines(page, ["một hai", "", "bốn"])

    (change,) = changes_between(page, after)
    back = undone(after, change)

    assert change == Change(tuple(page.lines())[1].words, ())
    assert back is not None
    assert sorted(texts(back)) == sorted(texts(page))
