from __future__ import annotations

import pytest
from django.test import Client

from tangthu.catalogue.actions import add_record, suppress
from tangthu.formats.citations import Work, bibtex
from tangthu.formats.marc.reader import read
from tangthu.formats.marc.record import ControlField, DataField, MarcRecord, Subfield
from tests.factories import marc_of

pytestmark = pytest.mark.django_db


def test_a_record_shows_what_it_is_where_it_is_and_its_other_views(client, book, province):
    record = book(
        "Đất rừng phương Nam",
        copies=2,
        author="Đoàn Giỏi",
        publisher="Nxb. Kim Đồng",
        place="Hà Nội",
        year="2020",
        subjects=("Văn học thiếu nhi",),
        summary="Chuyện cậu bé An.",
    )

    page = client.get(f"/record/{record.pk}").content.decode()

    assert "Đoàn Giỏi" in page
    assert province.name in page
    assert "còn 2/2 bản" in page
    assert "Chuyện cậu bé An." in page
    assert "Hà Nội : Nxb. Kim Đồng, 2020" in page
    assert ">245<" in page
    assert "Văn học thiếu nhi" in page
    assert page.count("<h1") == 1


def test_what_a_record_says_is_never_taken_for_html(client, province, machine):
    record = add_record(marc_of('<script>alert("x")</script>'), library=province, by=machine)

    page = client.get(f"/record/{record.pk}").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_link_of_a_record_leads_to_the_web_or_nowhere(client, province, machine):
    marc = marc_of("Sách số")
    links = [("http://example.org/a", True), ("javascript:alert(1)", False), ("/desk/", False)]
    fields = [DataField("856", "4", "0", (Subfield("u", url),)) for url, _ in links]
    record = add_record(
        MarcRecord(marc.leader, (*marc.fields, *fields)), library=province, by=machine
    )

    page = client.get(f"/record/{record.pk}").content.decode()

    assert 'href="http://example.org/a"' in page
    assert 'href="javascript' not in page


def test_a_hidden_record_is_missing_for_readers_and_marked_for_staff(
    client, cataloguer_client, book, machine
):
    record = book("Tài liệu mật")
    suppress(record, by=machine)

    assert client.get(f"/record/{record.pk}").status_code == 404
    assert "Đang ẩn với bạn đọc" in cataloguer_client.get(f"/record/{record.pk}").content.decode()


@pytest.mark.parametrize("address", ["/record/999999", "/record/0", "/record/9999999999999999999"])
def test_a_record_that_is_not_there_is_missing(client, address, db):
    assert client.get(address).status_code == 404


def test_a_record_is_handed_out_as_marc_that_reads_back(client, book):
    record = book("Mắt biếc", author="Nguyễn Nhật Ánh")

    for form in ("mrc", "xml", "json"):
        response = client.get(f"/record/{record.pk}.{form}")
        (outcome,) = list(read_bytes(response.content))
        assert outcome.record.value("245", "a").rstrip(" /:") == "Mắt biếc"


def test_a_record_is_cited_for_people_and_for_programs(client, book):
    record = book(
        "Mắt biếc", author="Nguyễn Nhật Ánh", publisher="Nxb. Trẻ", place="TP. HCM", year="1990"
    )

    page = client.get(f"/record/{record.pk}").content.decode()
    ris = client.get(f"/record/{record.pk}.ris").content.decode()
    bibtex = client.get(f"/record/{record.pk}.bib").content.decode()

    assert "Nguyễn Nhật Ánh. Mắt biếc. TP. HCM: Nxb. Trẻ, 1990." in page
    assert ris.startswith("TY  - BOOK\r\nTI  - Mắt biếc\r\nAU  - Nguyễn Nhật Ánh\r\n")
    assert ris.endswith("ER  - \r\n")
    assert bibtex.startswith("@book{nguyennhatanh1990")


def test_a_record_too_large_for_iso_2709_comes_as_xml_alone(client, province, machine):
    contents = DataField("505", "0", " ", (Subfield("a", "Chương một. " * 1000),))
    title = DataField("245", "0", "0", (Subfield("a", "Mục lục dài"),))
    marc = MarcRecord("00000nam a2200000 a 4500", (title, contents))
    record = add_record(marc, library=province, by=machine)

    refused, xml = client.get(f"/record/{record.pk}.mrc"), client.get(f"/record/{record.pk}.xml")

    assert refused.status_code == 406
    assert "MARCXML" in refused.content.decode()
    assert xml.status_code == 200


def test_a_brace_in_a_name_does_not_break_bibtex():
    work = Work(key="1", title="T", authors=("Nhóm {A", "B}"), kind="book")

    assert r"author = {{Nhóm \{A} and {B\}}}" in bibtex(work)


def test_a_form_that_does_not_exist_is_missing(client, book):
    assert client.get(f"/record/{book('Mắt biếc').pk}.exe").status_code == 404


def test_a_record_with_next_to_nothing_in_it_still_has_a_page(client, province, machine):
    marc = MarcRecord(
        "00000nam a2200000 a 4500",
        (ControlField("001", "x"), DataField("245", "0", "0", (Subfield("a", "T"),))),
    )
    record = add_record(marc, library=province, by=machine)

    assert client.get(f"/record/{record.pk}").status_code == 200


def test_a_record_page_costs_few_queries(client: Client, book, django_assert_max_num_queries):
    record = book("Mắt biếc", copies=5)
    client.get(f"/record/{record.pk}")

    with django_assert_max_num_queries(4):
        client.get(f"/record/{record.pk}")


def read_bytes(content: bytes):
    from io import BytesIO

    return read(BytesIO(content))
