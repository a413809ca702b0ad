from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tangthu.discovery.engine import MOST_NODES
from tangthu.discovery.language import MAX_WORDS, Note, parse
from tangthu.discovery.query import (
    And,
    Everything,
    Field,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    YearRange,
    walk,
)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        ("  \t ", Everything()),
        ("mắt biếc", And((Term("mắt"), Term("biếc")))),
        ('"mắt biếc"', Phrase("mắt biếc")),
        ("“mắt biếc”", Phrase("mắt biếc")),
        ("toán*", Prefix("toán")),
        ("thơ -tuyển", And((Term("thơ"), Not(Term("tuyển"))))),
        ("thơ NOT tuyển", And((Term("thơ"), Not(Term("tuyển"))))),
        ('-"thơ tuyển"', Not(Phrase("thơ tuyển"))),
        ("thơ OR truyện", Or((Term("thơ"), Term("truyện")))),
        ("thơ hoặc truyện", Or((Term("thơ"), Term("truyện")))),
        ("thơ | truyện", Or((Term("thơ"), Term("truyện")))),
        ("to be or not", And((Term("to"), Term("be"), Term("or"), Term("not")))),
        ("a (b OR c)", And((Term("a"), Or((Term("b"), Term("c")))))),
        ("-(b OR c) a", And((Not(Or((Term("b"), Term("c")))), Term("a")))),
        (
            "tác giả: nam cao",
            And((Term("nam", Field.AUTHOR), Term("cao", Field.AUTHOR))),
        ),
        ("tac gia : cao", Term("cao", Field.AUTHOR)),
        ("AUTHOR:cao", Term("cao", Field.AUTHOR)),
        (
            "thơ tác giả: cao nhan đề: ao",
            And((Term("thơ"), Term("cao", Field.AUTHOR), Term("ao", Field.TITLE))),
        ),
        ("-tác giả: cao", Not(Term("cao", Field.AUTHOR))),
        ("isbn: 604-1", Term("604-1", Field.IDENTIFIER)),
        ("978 604 1 01234 5", Term("9786041012345")),
        ("ký hiệu xếp giá: 895", Term("895", Field.CALL_NUMBER)),
        ("http://x.vn", Term("http://x.vn")),
        ("năm: 1990-2000", YearRange(1990, 2000)),
        ("năm: 2000-1990", YearRange(1990, 2000)),
        ("year:2005", YearRange(2005, 2005)),
        ("năm: -1975", YearRange(None, 1975)),
        ("năm: 1990-", YearRange(1990, None)),
        ("1990-", YearRange(1990, None)),
        ("1990-2000", Or((YearRange(1990, 2000), Phrase("1990-2000")))),
        ("1990", Term("1990")),
        ("nhan đề: 1990-2000", Term("1990-2000", Field.TITLE)),
        ("cà phê | ", And((Term("cà"), Term("phê")))),
    ],
)
def test_what_is_typed_has_one_meaning(text: str, tree: Node) -> None:
    assert parse(text).tree == tree


def test_a_place_may_be_written_in_its_other_ways() -> None:
    tree = parse("pleiku xưa").tree

    assert isinstance(tree, And)
    places, word = tree.parts
    assert word == Term("xưa")
    assert isinstance(places, Or)
    assert places.parts[:2] == (Term("pleiku"), Phrase("plei ku"))


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ('thơ "chưa hết', Note.UNBALANCED_QUOTE),
        ("t*", Note.PREFIX_TOO_SHORT),
        ("(" * 20 + "a" + ")" * 20, Note.TOO_DEEP),
        ("từ " * 60, Note.TOO_MANY_WORDS),
        ("a" * 10_000, Note.SHORTENED),
    ],
)
def test_what_was_left_out_is_said(text: str, note: Note) -> None:
    assert note in parse(text).notes


def test_control_characters_part_words() -> None:
    assert parse("mắt\x00\x1bbiếc\ud800").tree == And((Term("mắt"), Term("biếc")))


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_question(text: str) -> None:
    tree = parse(text).tree

    assert sum(1 for _ in walk(tree)) <= MOST_NODES


_SIGNS = st.sampled_from(
    ['"', "(", ")", "-", "|", "*", ":", " ", "OR", " NOT ", "hoặc", "tác giả:", "-năm:", "1990-",
     "-2000", "đắk lắk", "x", "isbn:", "\x00", "“", "́"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_SIGNS, max_size=120).map("".join))
def test_any_heap_of_signs_is_a_question(text: str) -> None:
    tree = parse(text).tree

    words = [node for node in walk(tree) if isinstance(node, Term | Phrase | Prefix)]
    assert sum(1 for _ in walk(tree)) <= MOST_NODES
    assert len(words) <= MAX_WORDS * 10


@pytest.mark.parametrize("text", ["a " * 5000, '"' * 10_001, "(" * 10_000, "x:" * 5000, "-" * 9999])
def test_ten_thousand_characters_are_read_at_once(text: str) -> None:
    began = time.perf_counter()

    parse(text)

    assert time.perf_counter() - began < 0.5
