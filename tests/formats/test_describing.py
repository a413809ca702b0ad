"""What lists, facets, search and duplicates take from a record."""

from __future__ import annotations

from dataclasses import replace
from unicodedata import normalize

import pytest
from hypothesis import given

from tangthu.formats.marc.bibliographic import MaterialType, describe
from tangthu.formats.marc.identifiers import isbn10, isbn13, isbn_key, issn
from tangthu.formats.marc.isbd import isbd
from tangthu.formats.marc.matching import match_keys
from tangthu.formats.marc.record import (
    DEFAULT_LEADER,
    ControlField,
    DataField,
    MarcRecord,
    Subfield,
)
from tangthu.formats.marc.responsibility import Contributor, Kind, persons
from tests.formats.records import KIEU, data, record, records

BRIEF = record(
    ControlField("008", "181222s9999||||xx |||||||||||||| ||und||"),
    data("020", "  ", "a 20006"),
    data("082", "  ", "a 621.312 5 KA-J"),
    data("100", "  ", "a Peter Pham; Vũ Thái Hà, Lê Hoài Ân dịch; Phạm Uyên Nguyên hiệu đính."),
    data("245", " 0", normalize("NFD", "a Giao dịch lớn :  Những chiến lược ")),
    data("260", "  ", "c 2016"),
    data("490", "  ", "v T.02"),
    data("952", "  ", "p 0000016640", "c Sách Nội văn H1"),
)


def test_a_full_record_is_described() -> None:
    found = describe(KIEU)

    assert (found.control_number, found.control_agency) == ("vtls000012345", "VN-HaTVQ")
    assert (found.title, found.subtitle) == ("Truyện Kiều", "Đoạn trường tân thanh")
    assert found.full_title == "Truyện Kiều : Đoạn trường tân thanh"
    assert found.responsibility == "Nguyễn Du ; Đào Duy Anh"
    assert found.main_author == "Nguyễn Du"
    assert found.authors == (
        Contributor("Nguyễn Du"),
        Contributor("Đào Duy Anh", "khảo đính", Kind.PERSON),
    )
    assert found.corporate == ()
    assert (found.edition, found.place, found.publisher) == ("Tái bản lần 2", "H.", "Văn học")
    assert (found.year, found.extent) == (2003, "245 tr. : minh hoạ ; 21 cm")
    assert (found.language, found.languages) == ("vie", ("vie",))
    assert found.material_type is MaterialType.BOOK
    assert (found.isbns, found.issns, found.price) == (("9786049999994",), (), "45.000đ")
    assert (found.call_number, found.ddc) == ("895.92212 TR527K", "895.92212")
    assert found.series == ("Văn học cổ điển ; T. 5",)
    assert found.subjects == ("Văn học cận đại--Việt Nam",)
    assert found.keywords == ("Truyện thơ", "Thơ lục bát")
    assert found.notes == ("Chính văn bằng chữ Nôm và quốc ngữ",)
    assert found.summary == "Cuộc đời mười lăm năm lưu lạc của Thuý Kiều"
    assert found.nonfiling == 0


def test_a_brief_record_of_a_converted_register_is_described() -> None:
    found = describe(BRIEF)

    assert found.title == "Giao dịch lớn : Những chiến lược"
    assert [(author.name, author.relator) for author in found.authors] == [
        ("Peter Pham", ""),
        ("Vũ Thái Hà", "dịch"),
        ("Lê Hoài Ân", "dịch"),
        ("Phạm Uyên Nguyên", "hiệu đính"),
    ]
    assert (found.year, found.language, found.isbns) == (2016, "", ())
    assert (found.ddc, found.call_number) == ("621.3125", "621.312 5 KA-J")
    assert (found.volume, found.series) == ("T.02", ())


def test_an_empty_record_says_nothing() -> None:
    found = describe(record())

    assert (found.title, found.year, found.authors, found.subjects) == ("", None, (), ())
    assert match_keys(found) == ()
    assert isbd(record()) == []


@given(records())
def test_any_record_can_be_described(invented: MarcRecord) -> None:
    found = describe(invented)

    assert match_keys(found) is not None
    assert all(isbd(invented))
    assert found.title == normalize("NFC", found.title)


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("Nguyễn Du", [("Nguyễn Du", "")]),
        ("Anton, Howard", [("Anton, Howard", "")]),
        ("Howard Anton, Chris Rorres", [("Howard Anton", ""), ("Chris Rorres", "")]),
        ("Samuel J. Mantel, Jr", [("Samuel J. Mantel, Jr", "")]),
        (
            "D. A. Benton; người dịch, Lê Thị Cẩm",
            [("D. A. Benton", ""), ("Lê Thị Cẩm", "người dịch")],
        ),
        ("Blair Singer; Thiên Kim, dịch", [("Blair Singer", ""), ("Thiên Kim", "dịch")]),
        ("Bộ Giáo dục và Đào tạo", [("Bộ Giáo dục và Đào tạo", "")]),
        (
            "Jeanne W. Ross, Peter Weill và David C. Robertson; Phạm Tâm dịch.",
            [
                ("Jeanne W. Ross", ""),
                ("Peter Weill", ""),
                ("David C. Robertson", ""),
                ("Phạm Tâm", "dịch"),
            ],
        ),
        (
            "Trần Lê Sáng chủ trì;  Phạm Đức Duật,... [và những người khác]",
            [("Trần Lê Sáng", "chủ trì"), ("Phạm Đức Duật", "")],
        ),
        (
            "Tadao Ichikawa; translated by Murray McDonald",
            [("Tadao Ichikawa", ""), ("Murray McDonald", "translated")],
        ),
        ("Võ Xuân Đàn sưu tầm và giới thiệu", [("Võ Xuân Đàn", "sưu tầm và giới thiệu")]),
        (
            "Y Wang Mlô kể; Nguyễn Hữu Thấu sưu tầm",
            [("Y Wang Mlô", "kể"), ("Nguyễn Hữu Thấu", "sưu tầm")],
        ),
    ],
)
def test_persons_are_found_in_a_statement(statement: str, names: list[tuple[str, str]]) -> None:
    assert [(person.name, person.relator) for person in persons(statement)] == names


def test_inverted_vietnamese_headings_are_turned_and_others_are_not() -> None:
    found = describe(
        record(
            data("100", "1 ", "a Nguyễn, Du,", "d 1765-1820."),
            data("700", "1 ", "a García Márquez, Gabriel José,", "e trl."),
            data("710", "2 ", "a Viện Sử học (Hà Nội).", "b Phòng Tư liệu."),
        )
    )

    assert found.authors == (
        Contributor("Nguyễn Du"),
        Contributor("García Márquez, Gabriel José", "trl"),
        Contributor("Viện Sử học (Hà Nội). Phòng Tư liệu", "", Kind.CORPORATE),
    )
    assert found.corporate == ("Viện Sử học (Hà Nội). Phòng Tư liệu",)


@pytest.mark.parametrize(
    ("fixed", "stated", "year"),
    [
        ("s2003    ", "1999", 2003),
        ("suuuu    ", "[1999?]", 1999),
        ("s19uu    ", "c1987.", 1987),
        ("s9999    ", "199", None),
        ("s    1998", "Đinh Mùi [1967]", 1967),
        ("", "", None),
    ],
)
def test_the_year_is_that_of_008_else_the_stated(fixed: str, stated: str, year: int | None) -> None:
    coded = ControlField("008", f"000000{fixed}")

    assert describe(record(coded, data("260", "  ", f"c {stated}"))).year == year


@pytest.mark.parametrize(
    ("leader", "form", "kind"),
    [
        ("am", " ", "book"),
        ("am", "o", "electronic"),
        ("as", "o", "serial"),
        ("aa", " ", "article"),
        ("ab", " ", "article"),
        ("em", " ", "map"),
        ("cm", " ", "music"),
        ("jm", " ", "sound"),
        ("gm", " ", "video"),
        ("km", " ", "picture"),
        ("mm", " ", "electronic"),
        ("tm", " ", "manuscript"),
        ("om", " ", "kit"),
        ("rm", " ", "object"),
        ("  ", " ", "other"),
    ],
)
def test_the_kind_of_material_is_in_leader_and_008(leader: str, form: str, kind: str) -> None:
    leader = DEFAULT_LEADER[:6] + leader + DEFAULT_LEADER[8:]
    found = describe(record(ControlField("008", " " * 23 + form), leader=leader))

    assert found.material_type == kind


@pytest.mark.parametrize(
    ("fields", "languages"),
    [
        ([data("041", "1 ", "a vie", "h eng")], ("vie", "fre")),
        ([data("041", "0 ", "a engvie")], ("eng", "vie", "fre")),
        ([data("041", " 7", "a rad", "2 iso639-3")], ("rad", "fre")),
        ([data("041", "0 ", "a und")], ("fre",)),
        ([], ("fre",)),
    ],
)
def test_languages_are_those_of_the_text(
    fields: list[DataField], languages: tuple[str, ...]
) -> None:
    assert describe(record(ControlField("008", " " * 35 + "fre d"), *fields)).languages == languages


@pytest.mark.parametrize(
    ("stated", "ddc"),
    [
        ("895.92212", "895.92212"),
        ("813/.54", "813.54"),
        ("660.284 248 03 SM-I", "660.28424803"),
        ("001 DY-V", "001"),
        ("624(1)", "624"),
        ("512.5 2005", "512.5"),
        ("V23", ""),
        ("[Fic]", ""),
    ],
)
def test_the_class_number_is_taken_out_of_082(stated: str, ddc: str) -> None:
    assert describe(record(data("082", "04", f"a {stated}"))).ddc == ddc


@pytest.mark.parametrize(
    ("title", "ind2", "skipped"), [("The cat", "4", 4), ("Theca", "4", 0), ("L'été", "2", 2)]
)
def test_nonfiling_characters_end_in_no_letter(title: str, ind2: str, skipped: int) -> None:
    assert describe(record(data("245", "1" + ind2, f"a {title}"))).nonfiling == skipped


def test_titles_with_parts_read_as_isbd_has_them() -> None:
    parts = data(
        "245", "10", "a Lịch sử Đắk Lắk.", "n T. 2,", "p 1945-1975 :", "b sơ thảo /", "c X."
    )

    found = describe(record(parts))

    assert found.title == "Lịch sử Đắk Lắk. T. 2, 1945-1975"
    assert (found.subtitle, found.volume) == ("sơ thảo", "T. 2")
    assert found.responsibility == "X."


@pytest.mark.parametrize(
    ("text", "isbn", "key"),
    [
        ("978-604-999-999-4 (bìa cứng)", "9786049999994", "9786049999994"),
        ("0-306-40615-2", "9780306406157", "9780306406157"),
        ("043942089X : 25000đ", "9780439420891", "9780439420891"),
        ("ISBN 978 604 999 999 4", "9786049999994", "9786049999994"),
        ("9786049999995", None, "9786049999995"),
        ("0-306-40615-3 (pbk.)", None, "0306406153"),
        ("15474", None, ""),
        ("", None, ""),
        ("1234567890123456", None, ""),
    ],
)
def test_isbns_are_checked_and_made_13_digits(text: str, isbn: str | None, key: str) -> None:
    assert isbn13(text) == isbn
    assert isbn_key(text) == key


def test_isbn_10_is_given_back_where_there_is_one() -> None:
    assert isbn10("978-0-439-42089-1") == "043942089X"
    assert isbn10("9791032305690") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0866-7853", "0866-7853"),
        ("1859 000x", None),
        ("ISSN 2434-561X (online)", "2434-561X"),
        ("03178471", "0317-8471"),
        ("0317-8472", None),
    ],
)
def test_issns_are_checked(text: str, number: str | None) -> None:
    assert issn(text) == number


def test_duplicates_are_known_by_number_isbn_and_title() -> None:
    assert match_keys(describe(KIEU)) == (
        ("control", "VN-HaTVQ|vtls000012345"),
        ("isbn", "9786049999994"),
        ("title", "truyen kieu doan truong tan thanh||du nguyen|2003|book"),
    )
    assert match_keys(describe(BRIEF)) == (
        ("title", "giao dich lon nhung chien luoc|t 02|peter pham|2016|book"),
    )


def test_spelling_and_order_of_names_do_not_hide_a_duplicate() -> None:
    one = record(data("100", "1 ", "a Vũ, Trọng Phụng"), data("245", "10", "a Kĩ nghệ lấy Tây"))
    other = record(data("100", "0 ", "a Vũ Trọng Phụng"), data("245", "10", "a Kỹ nghệ lấy tây."))

    assert match_keys(describe(one)) == match_keys(describe(other))
    assert len(match_keys(describe(one))) == 1


def test_parts_and_kinds_are_no_duplicates_of_each_other() -> None:
    keys = {
        match_keys(replace(describe(BRIEF), **change))
        for change in (
            {},
            {"volume": "T.03"},
            {"material_type": MaterialType.SOUND},
            {"year": 2017},
        )
    }

    assert len(keys) == 4


def test_a_title_alone_is_no_key() -> None:
    assert match_keys(describe(record(data("245", "00", "a Toán")))) == ()


def test_the_isbd_of_a_book_stands_in_paragraphs() -> None:
    assert isbd(KIEU) == [
        "Truyện Kiều : Đoạn trường tân thanh / Nguyễn Du ; Đào Duy Anh. - Tái bản lần 2. - "
        "H. : Văn học, 2003. - 245 tr. : minh hoạ ; 21 cm. - (Văn học cổ điển ; T. 5)",
        "Chính văn bằng chữ Nôm và quốc ngữ",
        "Tóm tắt: Cuộc đời mười lăm năm lưu lạc của Thuý Kiều",
        "ISBN 9786049999994 : 45.000đ",
    ]


def test_the_isbd_of_other_things_has_their_areas() -> None:
    serial = record(
        data("245", "00", "a Tây Nguyên", "h [tài nguyên điện tử] :", "b tạp chí"),
        data("362", "0 ", "a Số 1 (1998)-"),
        data("264", " 1", "a Buôn Ma Thuột :", "b Hội Văn nghệ,", "c 1998-"),
        data("264", " 4", "c ©1998"),
        data("022", "  ", "a 0866-7853"),
        DataField("505", "0", " ", (Subfield("a", "Thơ. - Truyện"),)),
        data("541", "  ", "a mua của X"),
    )

    assert isbd(serial) == [
        "Tây Nguyên [tài nguyên điện tử] : tạp chí. - Số 1 (1998)-. - "
        "Buôn Ma Thuột : Hội Văn nghệ, 1998-",
        "Mục lục: Thơ. - Truyện",
        "ISSN 0866-7853",
    ]
