from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tangthu.catalogue.policy import merge, replace
from tangthu.formats.marc.record import DEFAULT_LEADER, MarcRecord
from tests.catalogue.marc import book, field, marc

TAGS = ["001", "003", "008", "020", "100", "110", "245", "260", "300", "500", "650", "700", "952"]
values = st.sampled_from(["Hà Nội", "hà nội.", "Cà phê", "2020", "Nguyễn Du", ""])


@st.composite
def fields(draw):
    tag = draw(st.sampled_from(TAGS))
    if tag < "010":
        return field(tag, draw(values))
    pairs = draw(st.lists(st.tuples(st.sampled_from("abcp6"), values), min_size=1, max_size=3))
    return field(tag, *(part for pair in pairs for part in pair))


records = st.lists(fields(), max_size=8).map(
    lambda found: MarcRecord(DEFAULT_LEADER, tuple(sorted(found, key=lambda f: f.tag)))
)


@given(records)
def test_merging_a_record_into_itself_changes_nothing(record):
    assert merge(record, record) == record


@given(records, records)
def test_merging_twice_is_merging_once(existing, incoming):
    once = merge(existing, incoming)

    assert merge(once, incoming) == once


@given(records, records)
def test_merging_never_drops_a_field(existing, incoming):
    merged = merge(existing, incoming)

    before = Counter(f.tag for f in existing.fields if f.tag >= "010")
    after = Counter(f.tag for f in merged.fields)
    assert before <= after


def test_missing_fields_are_filled():
    brief = marc(field("245", "a", "Truyện Kiều"))
    full = book("Truyện Kiều", field("300", "a", "200 tr."), field("650", "a", "Thơ"))

    merged = merge(brief, full)

    assert [f.tag for f in merged.fields] == ["008", "100", "245", "260", "300", "650"]


def test_what_is_there_is_not_contradicted():
    existing = book("Truyện Kiều", field("300", "a", "200 tr."), field("500", "a", "Bìa cứng"))
    incoming = marc(
        field("110", "a", "Hội Nhà văn"),
        field("245", "a", "Kim Vân Kiều"),
        field("264", "b", "Trẻ"),
        field("300", "a", "199 tr."),
        field("500", "a", "Sách giấy"),
    )

    assert merge(existing, incoming) == existing


def test_headings_and_numbers_of_both_are_kept():
    existing = book("Truyện Kiều", field("650", "a", "Thơ"), field("020", "a", "9786042088183"))
    incoming = book(
        "Truyện Kiều",
        field("650", "a", "thơ."),
        field("650", "a", "Văn học trung đại"),
        field("020", "a", "9786042088190"),
    )

    merged = merge(existing, incoming)

    assert [f.get("a") for f in merged.data("650")] == ["Thơ", "Văn học trung đại"]
    assert [f.get("a") for f in merged.data("020")] == ["9786042088183", "9786042088190"]


def test_a_field_that_says_the_same_and_more_takes_the_place():
    existing = marc(field("245", "a", "Truyện Kiều"))
    incoming = marc(field("245", "a", "Truyện Kiều /", "c", "Nguyễn Du"))

    assert merge(existing, incoming) == incoming
    assert merge(incoming, existing) == incoming


def test_the_incoming_control_number_becomes_a_system_number():
    existing = marc(field("001", "1"), field("003", "DLK"), field("245", "a", "Truyện Kiều"))
    incoming = marc(field("001", "99"), field("003", "NLV"), field("245", "a", "Truyện Kiều"))

    merged = merge(existing, incoming)

    assert (merged.control("003"), merged.control("001")) == ("DLK", "1")
    assert merged.value("035", "a") == "(NLV)99"


def test_new_copies_in_the_record_are_added_once():
    existing = book("Truyện Kiều", field("952", "p", "A1"))
    incoming = book("Truyện Kiều", field("952", "p", "A1"), field("952", "p", "A2"))

    assert [f.get("p") for f in merge(existing, incoming).data("952")] == ["A1", "A2"]


def test_replacing_keeps_the_control_number_and_the_copies():
    existing = marc(
        field("001", "1"),
        field("003", "DLK"),
        field("245", "a", "Truyện Kiêu"),
        field("500", "a", "Bìa cứng"),
        field("952", "p", "A1"),
    )
    incoming = marc(field("001", "99"), field("003", "NLV"), field("245", "a", "Truyện Kiều"))

    replaced = replace(existing, incoming)

    assert replaced == marc(
        field("001", "1"),
        field("003", "DLK"),
        field("035", "a", "(NLV)99"),
        field("245", "a", "Truyện Kiều"),
        field("952", "p", "A1"),
    )


@given(records, records)
def test_replacing_twice_is_replacing_once(existing, incoming):
    once = replace(existing, incoming)

    assert replace(once, incoming) == once
