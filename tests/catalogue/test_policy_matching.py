from __future__ import annotations

import pytest

from tangthu.catalogue.policy import Choice, Judgement, MatchKind, choose, identity_of, judge_match
from tangthu.formats.marc.record import MarcRecord
from tests.catalogue.marc import book, field, marc

ISBN = field("020", "a", "9786042088183")


def judge(kind: MatchKind, incoming: MarcRecord, existing: MarcRecord) -> Judgement:
    return judge_match(kind, identity_of(incoming), identity_of(existing))


@pytest.mark.parametrize("kind", list(MatchKind))
def test_a_record_is_the_same_as_itself(kind):
    serial = marc(
        field("003", "DLK"),
        field("022", "a", "0378-5955"),
        field("245", "a", "Văn nghệ"),
        leader="00000nas a2200000 a 4500",
    )

    assert judge(kind, serial, serial) is Judgement.SAME


def test_one_isbn_on_two_titles_is_two_documents():
    one, other = book("Dế mèn phiêu lưu ký", ISBN), book("Đất rừng phương Nam", ISBN)

    assert judge(MatchKind.ISBN, one, other) is Judgement.OTHER_TITLE


@pytest.mark.parametrize(
    ("one", "other"),
    [("Tập 1", "Tập 2"), ("T.01", "T.02"), ("Quyển I", "Quyển II"), ("Tập 1", "")],
)
def test_one_isbn_on_the_volumes_of_a_set_is_several_documents(one, other):
    first = book("Lịch sử Việt Nam", ISBN).replace(
        field("245", "a", "Lịch sử Việt Nam", ind1="1", ind2="0"),
        field("245", "a", "Lịch sử Việt Nam", "n", one),
    )
    second = book("Lịch sử Việt Nam", ISBN).replace(
        field("245", "a", "Lịch sử Việt Nam", ind1="1", ind2="0"),
        field("245", "a", "Lịch sử Việt Nam", "n", other)
        if other
        else field("245", "a", "Lịch sử Việt Nam"),
    )

    assert judge(MatchKind.ISBN, first, second) is Judgement.OTHER_VOLUME


@pytest.mark.parametrize(
    ("one", "other"), [("Tập 1", "T. 01"), ("Tập I", "tập 1"), ("Q.2", "Quyển 2")]
)
def test_a_volume_may_be_written_in_several_ways(one, other):
    first = marc(field("245", "a", "Lịch sử", "n", one))
    second = marc(field("245", "a", "Lịch sử", "n", other))

    assert judge(MatchKind.TITLE, first, second) is Judgement.SAME


def test_a_volume_number_alone_in_490_counts():
    first = book("The Encyclopedia Americana", field("490", "v", "T.01"))
    second = book("The Encyclopedia Americana", field("490", "v", "T.02"))

    assert judge(MatchKind.TITLE, first, second) is Judgement.OTHER_VOLUME


def test_a_number_within_a_series_does_not_part_one_document():
    first = book("Truyện Kiều", field("490", "a", "Tủ sách vàng", "v", "12"))
    second = book("Truyện Kiều")

    assert judge(MatchKind.TITLE, first, second) is Judgement.SAME


@pytest.mark.parametrize(("one", "other"), [("Toán 10", "Toán 11"), ("Bulletin 1998", "Bulletin")])
def test_numbers_in_titles_part_documents_of_one_isbn(one, other):
    assert judge(MatchKind.ISBN, book(one, ISBN), book(other, ISBN)) is Judgement.OTHER_TITLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Truyện Kiều", "Truyện kiều :"),
        ("Hoà bình", "Hòa bình"),
        ("Vật lí đại cương", "Vật lý đại cương"),
        ("Kỹ thuật trồng cà phê", "Kĩ thuật trồng cà phê ở Tây Nguyên"),
    ],
)
def test_spellings_and_longer_titles_do_not_part_documents_of_one_isbn(one, other):
    assert judge(MatchKind.ISBN, book(one, ISBN), book(other, ISBN)) is Judgement.SAME


def test_a_control_number_holds_while_the_titles_share_a_word():
    first = marc(field("001", "7"), field("003", "OSt"), field("245", "a", "Cây cà phê"))
    corrected = marc(field("001", "7"), field("003", "OSt"), field("245", "a", "Trồng cà phê"))
    stranger = marc(field("001", "7"), field("003", "OSt"), field("245", "a", "Nghề mộc"))

    assert judge(MatchKind.CONTROL, corrected, first) is Judgement.SAME
    assert judge(MatchKind.CONTROL, stranger, first) is Judgement.OTHER_TITLE


def test_a_control_number_without_an_agency_needs_the_title_alike():
    first = marc(field("001", "7"), field("245", "a", "Cây cà phê"))
    other = marc(field("001", "7"), field("245", "a", "Trồng cà phê"))

    assert judge(MatchKind.CONTROL, other, first) is Judgement.OTHER_TITLE
    assert judge(MatchKind.CONTROL, first, first) is Judgement.SAME


def test_one_issn_on_a_book_of_the_series_is_not_the_serial():
    serial = marc(field("245", "a", "Văn nghệ"), leader="00000nas a2200000 a 4500")

    assert judge(MatchKind.ISSN, marc(field("245", "a", "Văn nghệ")), serial) is (
        Judgement.OTHER_MEDIUM
    )


@pytest.mark.parametrize(
    ("change", "judgement"),
    [
        (field("250", "a", "Tái bản lần thứ 2"), Judgement.OTHER_EDITION),
        (field("020", "a", "9786042088190"), Judgement.OTHER_NUMBER),
        (field("086", "a", "I 19.81:44072"), Judgement.OTHER_NUMBER),
        (field("035", "a", "(OCoLC)22"), Judgement.OTHER_NUMBER),
        (field("007", "cr |||"), Judgement.OTHER_MEDIUM),
    ],
)
def test_title_author_and_year_give_way_to_what_tells_documents_apart(change, judgement):
    known = book(
        "Truyện Kiều",
        ISBN,
        field("035", "a", "(OCoLC)11"),
        field("086", "a", "I 19.81:44071"),
        field("250", "a", "Tái bản lần thứ 1"),
    )

    assert judge(MatchKind.TITLE, book("Truyện Kiều", change), known) is judgement
    assert judge(MatchKind.TITLE, book("Truyện Kiều"), known) is Judgement.SAME


def test_numbers_that_are_no_isbn_tell_nothing_apart():
    one, other = (
        book("Truyện Kiều", field("020", "a", "4269")),
        book("Truyện Kiều", field("020", "a", "4270")),
    )

    assert judge(MatchKind.TITLE, one, other) is Judgement.SAME


def test_the_first_candidate_that_is_the_same_is_chosen():
    incoming = identity_of(book("Truyện Kiều", ISBN))
    stranger, same = identity_of(book("Nghề mộc", ISBN)), identity_of(book("Truyện Kiều"))

    choice = choose([(MatchKind.ISBN, 1, stranger), (MatchKind.TITLE, 2, same)], incoming)

    assert choice == Choice(2, MatchKind.TITLE)


def test_a_number_shared_with_another_document_is_a_doubt():
    incoming = identity_of(book("Truyện Kiều", ISBN))

    choice = choose([(MatchKind.ISBN, 1, identity_of(book("Nghề mộc", ISBN)))], incoming)

    assert choice == Choice(doubt=Judgement.OTHER_TITLE, doubted=1)
