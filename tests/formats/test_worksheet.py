"""The form of a dozen fields: into a record, out of it, and around what it does not know."""

from __future__ import annotations

import io
from dataclasses import fields, replace
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.formats.marc.build import Worksheet, cleaned, from_marc, to_marc
from tangthu.formats.marc.materials import MaterialType
from tangthu.formats.marc.outcome import Read
from tangthu.formats.marc.reader import read
from tangthu.formats.marc.record import ControlField, MarcRecord
from tangthu.formats.marc.writer import write_iso2709
from tests.formats.records import KIEU, VIETNAMESE, data, record

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"

EPIC = Worksheet(
    title="Trường ca Đam San",
    subtitle="sử thi Ê Đê",
    responsibility="Nguyễn Hữu Thấu sưu tầm, dịch",
    author="Nguyễn Hữu Thấu",
    other_authors=("Y Wang Mlô (kể)", "Phan Đăng Nhật"),
    edition="Tái bản lần 2",
    place="H.",
    publisher="Văn hoá dân tộc",
    year="2003",
    extent="245 tr. : minh hoạ ; 21 cm + 1 CD",
    series="Sử thi Tây Nguyên ; T. 5",
    language="rad",
    class_number="398.209597",
    book_number="TR561C",
    subjects=("Văn học dân gian--Ê Đê",),
    keywords=("Sử thi", "Đắk Lắk"),
    isbn="978-604-999-999-4",
    price="45.000đ",
    summary="Kể về tù trưởng Đam San.",
    note="Song ngữ",
)
TEXTS = st.one_of(VIETNAMESE, st.text(max_size=15))
LISTS = st.lists(TEXTS, max_size=4).map(tuple)


def worksheets() -> st.SearchStrategy[Worksheet]:
    values: dict[str, st.SearchStrategy[object]] = {
        field.name: LISTS if field.type == "tuple[str, ...]" else TEXTS
        for field in fields(Worksheet)
    }
    values["material"] = st.sampled_from(MaterialType)
    values["language"] = st.sampled_from(["", "vie", "rad", "jra", "eng", "und", "VIE", "?"])
    values["year"] = st.sampled_from(["", "2003", "c1998-", "[199-]", "Đinh Mùi"])
    values["class_number"] = st.sampled_from(["", "895.922", "V23", "ĐV13", "3K5H", "512"])
    return st.builds(Worksheet, **values)


def test_a_filled_form_becomes_a_record() -> None:
    made = to_marc(EPIC, entered_on=date(2026, 11, 22))

    assert made == record(
        ControlField("008", "261122s2003    vm            000 0 map d"),
        data("020", "  ", "a 978-604-999-999-4 :", "c 45.000đ"),
        data("041", " 7", "a rad", "2 iso639-3"),
        data("082", "04", "a 398.209597", "b TR561C", "2 23"),
        data("100", "0 ", "a Nguyễn Hữu Thấu"),
        data(
            "245",
            "10",
            "a Trường ca Đam San :",
            "b sử thi Ê Đê /",
            "c Nguyễn Hữu Thấu sưu tầm, dịch",
        ),
        data("250", "  ", "a Tái bản lần 2"),
        data("260", "  ", "a H. :", "b Văn hoá dân tộc,", "c 2003"),
        data("300", "  ", "a 245 tr. :", "b minh hoạ ;", "c 21 cm +", "e 1 CD"),
        data("490", "  ", "a Sử thi Tây Nguyên ;", "v T. 5"),
        data("500", "  ", "a Song ngữ"),
        data("520", "  ", "a Kể về tù trưởng Đam San."),
        data("650", " 4", "a Văn học dân gian", "x Ê Đê"),
        data("653", "  ", "a Sử thi"),
        data("653", "  ", "a Đắk Lắk"),
        data("700", "0 ", "a Y Wang Mlô", "e kể"),
        data("700", "0 ", "a Phan Đăng Nhật"),
    )


@given(worksheets())
def test_what_goes_into_a_record_comes_out_of_it(worksheet: Worksheet) -> None:
    made = to_marc(worksheet)

    assert from_marc(made) == cleaned(worksheet)
    assert cleaned(cleaned(worksheet)) == cleaned(worksheet)
    assert to_marc(from_marc(made), made) == made


@given(worksheets(), worksheets())
def test_a_form_can_be_changed_into_any_other(before: Worksheet, after: Worksheet) -> None:
    changed = to_marc(after, to_marc(before))

    assert from_marc(changed) == cleaned(after)
    (again,) = read(io.BytesIO(write_iso2709(changed)))
    assert isinstance(again, Read)
    assert again.record == changed


# Which tags of the record may differ when the line changes.
LINES: dict[str, tuple[object, set[str]]] = {
    "title": ("Kim Vân Kiều", {"245"}),
    "subtitle": ("khảo đính và chú giải", {"245"}),
    "responsibility": ("Nguyễn Du", {"245"}),
    "author": ("Tố Như", {"100"}),
    "other_authors": (("Đào Duy Anh (khảo đính)", "Bùi Kỷ"), {"700"}),
    "edition": ("In lần 3", {"250"}),
    "place": ("Tp. Hồ Chí Minh", {"260"}),
    "publisher": ("Trẻ", {"260"}),
    "year": ("2010", {"008", "260"}),
    "extent": ("300 tr. ; 19 cm", {"300"}),
    "series": ("Kiệt tác ; 2", {"490"}),
    "language": ("eng", {"008", "041"}),
    "class_number": ("895.922", {"082"}),
    "book_number": ("K", {"082"}),
    "subjects": (("Văn học cận đại--Việt Nam", "Thơ"), {"650"}),
    "keywords": (("Truyện thơ",), {"653"}),
    "isbn": ("9780306406157", {"020"}),
    "price": ("50.000đ", {"020"}),
    "summary": ("Khác", {"520"}),
    "note": ("Khác", {"500"}),
    "material": (MaterialType.SOUND, set()),
}


@pytest.mark.parametrize(("line", "value", "tags"), [(k, *v) for k, v in LINES.items()])
def test_changing_one_line_leaves_every_other_field(
    line: str, value: object, tags: set[str]
) -> None:
    wanted = replace(from_marc(KIEU), **{line: value})  # type: ignore[arg-type]

    changed = to_marc(wanted, KIEU)

    before = [field for field in KIEU.fields if field.tag not in tags]
    assert [field for field in changed.fields if field.tag not in tags] == before
    assert from_marc(changed) == wanted
    assert changed != KIEU


def test_every_line_of_the_form_is_tried() -> None:
    assert list(LINES) == [field.name for field in fields(Worksheet)]


def test_a_changed_line_keeps_the_punctuation_around_it() -> None:
    changed = to_marc(replace(from_marc(KIEU), subtitle="", publisher="Trẻ"), KIEU)

    assert changed.first("245") == data("245", "10", "a Truyện Kiều /", "c Nguyễn Du ; Đào Duy Anh")
    assert changed.first("260") == data("260", "  ", "a H. :", "b Trẻ,", "c 2003")


def test_a_changed_list_keeps_the_fields_that_stay() -> None:
    wanted = replace(from_marc(KIEU), subjects=("Thơ", "Văn học cận đại--Việt Nam"))

    changed = to_marc(wanted, KIEU)

    assert list(changed.data("650")) == [
        data("650", " 4", "a Thơ"),
        data("650", " 7", "a Văn học cận đại", "z Việt Nam", "2 Bộ TK TVQG"),
    ]


def test_a_class_of_the_19_stands_in_084() -> None:
    changed = to_marc(replace(from_marc(KIEU), class_number="V21"), KIEU)

    assert changed.first("082") is None
    assert changed.first("084") == data("084", "  ", "a V21", "b TR527K", "2 bbk")


def test_rda_records_keep_their_264() -> None:
    rda = record(data("264", " 1", "a H. :", "b Trẻ,", "c 2020"), data("264", " 4", "c ©2020"))

    changed = to_marc(replace(from_marc(rda), publisher="Văn học"), rda)

    assert changed.fields == (
        data("264", " 1", "a H. :", "b Văn học,", "c 2020"),
        data("264", " 4", "c ©2020"),
    )


@pytest.mark.parametrize(
    ("title", "language", "ind2"),
    [("The cat", "eng", "4"), ("L'été", "fre", "2"), ("The cat", "vie", "0"), ("Mèo", "vie", "0")],
)
def test_articles_are_not_sorted_by(title: str, language: str, ind2: str) -> None:
    field = to_marc(Worksheet(title=title, language=language)).first("245")

    assert field is not None
    assert field.ind2 == ind2


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real records are not here")
@pytest.mark.parametrize("name", ["marc/gpo_10k.mrc", "vietnam/library_49733.mrc"])
def test_a_form_that_nobody_changed_changes_no_real_record(name: str) -> None:
    with (SHARED / name).open("rb") as stream:
        found = [o.record for o in islice(read(stream), 0, 10_000, 50) if isinstance(o, Read)]

    assert len(found) == 200
    for original in found:
        assert to_marc(from_marc(original), original) == original
        assert_title_can_be_changed(original)


def assert_title_can_be_changed(original: MarcRecord) -> None:
    wanted = replace(from_marc(original), title="Đổi nhan đề")

    changed = to_marc(wanted, original)

    assert from_marc(changed) == wanted
    assert changed.without_tags("245") == original.without_tags("245")
