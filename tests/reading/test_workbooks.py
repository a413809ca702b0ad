"""A workbook is read as tables, one for each of its sheets; what it hides or does is left out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from tangthu.patrons.models import Patron
from tangthu.reading import workbooks
from tangthu.reading.policy.tables import MOST_ROWS
from tangthu.reading.policy.workbooks import said, sheet_table
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.content import DOCX, XLSX, ZIP, media_type_of
from tests.conftest import client_of_reader
from tests.reading.making import docx_with, epub_with, keep_file

NewObject = Callable[..., DigitalObject]


def bytes_of(book: Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def coffee() -> Workbook:
    """Make a workbook as offices send them: a title above the head, two sheets, one hidden."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("Diện tích")
    sheet.append(["NIÊN VỤ 2026"])
    sheet.append([])
    sheet.append(["Huyện", "Hecta", "Thu hoạch"])
    sheet.append(["Cư M'gar", 36120, date(2026, 10, 28)])
    sheet.append(["Đắk Song", 9000, date(2026, 11, 9)])
    sheet.append(["Krông Pắc", 17560, date(2026, 1, 30)])
    for (cell,) in sheet["B4:B6"]:
        cell.number_format = "#,##0"
    prices = book.create_sheet("Giá")
    prices.append(["Ngày", "Đồng"])
    prices.append([date(2026, 11, 1), 101750])
    secret = book.create_sheet("Lương")
    secret.append(["Tên", "Lương"])
    secret.append(["Bí mật", 1])
    secret.sheet_state = "hidden"
    return book


def address_of(obj: DigitalObject) -> str:
    return reverse("reading:object", args=[obj.identifier])


@pytest.fixture
def shelved(new_object: NewObject) -> Callable[..., DigitalObject]:
    def make(content: bytes, **values: object) -> DigitalObject:
        obj = new_object(pages=0, kind="data", title="Cà phê", **values)
        keep_file(obj, content, name="ca-phe.xlsx", media_type=XLSX)
        return obj

    return make


@pytest.mark.django_db
def test_a_workbook_is_read_sheet_by_sheet_and_turned_once(
    client: Client, shelved: Callable[..., DigitalObject], monkeypatch: pytest.MonkeyPatch
) -> None:
    obj = shelved(bytes_of(coffee()))
    first = client.get(address_of(obj)).content.decode()
    monkeypatch.setattr(workbooks, "_turned", lambda file: None)

    second = client.get(address_of(obj), {"sheet": "2"}).content.decode()

    assert "NIÊN VỤ 2026" in first
    assert '<td class="end num">36.120</td>' in first
    assert "<td>28/10/2026</td>" in first
    assert "101750" not in first
    assert "101750" in second
    assert "01/11/2026" in second
    assert "Lương" not in first + second
    assert "Bí mật" not in first + second


@pytest.mark.django_db
def test_words_are_found_and_counted_in_every_sheet(
    client: Client, shelved: Callable[..., DigitalObject]
) -> None:
    obj = shelved(bytes_of(coffee()))

    found = client.get(address_of(obj), {"q": "dak song"}).content.decode()
    elsewhere = client.get(address_of(obj), {"q": "01/11", "sheet": "1"}).content.decode()

    assert "Đắk Song" in found
    assert "Krông Pắc" not in found
    assert 'Diện tích <span class="faint">0</span>' in elsewhere
    assert 'Giá <span class="faint">1</span>' in elsewhere
    assert "?sheet=2&amp;q=01%2F11" in elsewhere


@pytest.mark.django_db
def test_days_and_numbers_are_ordered_by_what_they_mean(
    client: Client, shelved: Callable[..., DigitalObject]
) -> None:
    obj = shelved(bytes_of(coffee()))

    by_day = client.get(address_of(obj), {"sort": "2"}).content.decode()
    by_size = client.get(address_of(obj), {"sort": "-1"}).content.decode()

    assert by_day.index("30/01/2026") < by_day.index("28/10/2026") < by_day.index("09/11/2026")
    assert by_size.index("36.120") < by_size.index("17.560") < by_size.index("9.000")


@pytest.mark.django_db
@pytest.mark.parametrize("query", [{"sheet": "x"}, {"sheet": "99"}, {"sheet": "-1"}])
def test_an_address_of_no_sheet_shows_one(
    client: Client, shelved: Callable[..., DigitalObject], query: dict[str, str]
) -> None:
    assert client.get(address_of(shelved(bytes_of(coffee()))), query).status_code == 200


def without(book: bytes, entry: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(packed, "w") as new:
        for info in old.infolist():
            if info.filename != entry:
                new.writestr(info, old.read(info))
    return packed.getvalue()


def unpacking_to_more_than_is_read() -> bytes:
    packed = io.BytesIO(bytes_of(coffee()))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(9):
            archive.writestr(f"xl/more{number}.xml", bytes(60 << 20))
    return packed.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        b"no zip at all",
        bytes_of(coffee())[:-300],
        without(bytes_of(coffee()), "xl/workbook.xml"),
        unpacking_to_more_than_is_read(),
    ],
    ids=["junk", "cut off", "without its list of sheets", "a bomb"],
)
def test_a_damaged_workbook_says_so(
    client: Client, shelved: Callable[..., DigitalObject], content: bytes
) -> None:
    answer = client.get(address_of(shelved(content)))

    assert answer.status_code == 422
    assert "tệp bị hỏng" in answer.content.decode()


@pytest.mark.django_db
def test_a_workbook_for_cardholders_is_shown_to_them_alone(
    client: Client, patron: Patron, shelved: Callable[..., DigitalObject]
) -> None:
    obj = shelved(bytes_of(coffee()), access="cardholders")

    stranger = client.get(address_of(obj))
    reader = client_of_reader(patron).get(address_of(obj)).content.decode()

    assert stranger.status_code == 403
    assert "Đắk Song" in reader
    assert "Lưu tệp" not in reader


def test_a_sheet_without_end_is_cut_and_says_so() -> None:
    table = sheet_table((number, ["Lắk", str(number)]) for number in range(1, MOST_ROWS + 20))

    assert table.is_cut
    assert len(table.rows) == MOST_ROWS
    assert table.rows[0][0] == 2


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (None, "General", ""),
        (31000, "#,##0", "31.000"),
        (31000, "General", "31000"),
        (1234.5, "General", "1234,5"),
        (1234.5, "#,##0.00", "1.234,50"),
        (0.125, "0.0%", "12,5%"),
        (0.1 + 0.2, "General", "0,3"),
        (98_000, '#,##0\\ "đ";[Red]-#,##0', "98.000"),
        (True, "General", "TRUE"),
        (datetime.fromisoformat("2026-11-23"), "dd/mm/yyyy", "23/11/2026"),
        (datetime.fromisoformat("2026-11-23T07:05"), "General", "23/11/2026 07:05"),
        (time(7, 5), "h:mm", "07:05"),
        (timedelta(hours=26, minutes=3), "[h]:mm", "26:03"),
        ("  Cư M'gar ", "@", "Cư M'gar"),
        ("#DIV/0!", "General", "#DIV/0!"),
    ],
)
def test_a_cell_says_its_value_as_it_is_written_here(
    value: object, form: str, written: str
) -> None:
    assert said(value, form) == written


def test_the_head_is_the_first_row_that_is_as_full_as_the_others() -> None:
    rows = [
        (1, ["UBND TỈNH", "", "", ""]),
        (3, ["STT", "Huyện", "Xã", "Ghi chú"]),
        (4, ["1", "Lắk", "", ""]),
    ]

    table = sheet_table(rows)

    assert list(table.notes) == ["UBND TỈNH"]
    assert list(table.columns) == ["STT", "Huyện", "Xã", "Ghi chú"]
    assert list(table.rows) == [(4, ["1", "Lắk", "", ""])]


def test_a_sheet_of_one_column_is_read_as_lines() -> None:
    table = sheet_table([(1, ["", "Một"]), (2, ["", "Hai"])])

    assert table.columns == ()
    assert [cells[0] for _, cells in table.rows] == ["Một", "Hai"]


def test_a_workbook_is_told_from_other_files_in_a_zip() -> None:
    found = {}
    books = {"xlsx": bytes_of(coffee()), "docx": docx_with("<w:p/>"), "epub": epub_with()}
    for name, content in books.items():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found[name] = media_type_of(content[:4096], archive.namelist())

    assert found == {"xlsx": XLSX, "docx": DOCX, "epub": "application/epub+zip"}
    assert media_type_of(books["xlsx"][:4096], ["ppt/presentation.xml"]) == ZIP
