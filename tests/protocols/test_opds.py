"""OPDS: what e-readers find in the digital library, borrow and give back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from tangthu.libraries.models import Library
from tangthu.patrons.models import LoginTry, Patron, ReaderAccount
from tangthu.reading.models import DigitalHold, DigitalLoan
from tangthu.repository.models import Collection, DigitalFile, DigitalObject, ObjectRecord
from tangthu.repository.policy.kinds import FileRole
from tests.factories import RecordFactory
from tests.protocols.opds import basic, program_of, read, with_password
from tests.reading.lending import ebook, licensed, readers
from tests.reading.making import epub_with, keep_file

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
EPUB = "application/epub+zip"


@pytest.fixture
def book(new_object: Callable[..., DigitalObject], province: Library) -> DigitalObject:
    """Three pages that are open to all, with a record and a collection."""
    obj = new_object(title="Khan Đăm Săn", folded_title="khan dam san")
    shelf = Collection.objects.create(code="su-thi", name="Sử thi", path="su-thi/")
    obj.collections.add(shelf)
    record = RecordFactory(title="Khan Đăm Săn", author="Y Điêng", library=province)
    ObjectRecord.objects.create(object=obj, record=record)
    return obj


@pytest.fixture
def novel(province: Library) -> DigitalObject:
    """An e-book that is lent to one reader at a time."""
    obj = ebook(province, title="Đất rừng phương Nam")
    keep_epub(obj)
    licensed(obj, province, at_once=1)
    return obj


@pytest.fixture
def reader(patron: Patron) -> Patron:
    return with_password(patron)


def keep_epub(obj: DigitalObject, role: FileRole = FileRole.ORIGINAL) -> DigitalFile:
    return keep_file(obj, epub_with(), name="sach.epub", media_type=EPUB, role=role)


def open_ebooks(library: Library, *, number: int, **values: object) -> None:
    """Keep e-books that are open to all."""
    for each in range(number):
        key = b"t%02d" % each
        told = {"title": f"Tờ {each}", "title_key": key, "access": "public", **values}
        keep_epub(ebook(library, **told))


def links_of(body: bytes) -> dict[str, list[tuple[str, str]]]:
    """Return the links of the first publication, by their relation."""
    tree = etree.fromstring(body)
    entry = tree if tree.tag.endswith("}entry") else tree.find("a:entry", ATOM)
    assert entry is not None
    found: dict[str, list[tuple[str, str]]] = {}
    for link in entry.findall("a:link", ATOM):
        rel = str(link.get("rel")).removeprefix("http://opds-spec.org/")
        found.setdefault(rel, []).append((str(link.get("type")), str(link.get("href"))))
    return found


def test_an_e_reader_reads_both_versions_alike(
    client: Client, book: DigitalObject, novel: DigitalObject, tmp_path: Path
) -> None:
    one, two, root, menu, login = read(
        tmp_path,
        ("opds1", client.get("/opds/publications").content),
        ("opds2", client.get("/opds/v2/publications").content),
        ("opds2", client.get("/opds/v2").content),
        ("opds1", client.get("/opds").content),
        ("auth", client.get("/opds/authentication").content),
    )

    assert two["errors"] == root["errors"] == []
    assert two["items"] == 2
    titles = [each["title"] for each in two["publications"]]
    assert titles == [each["title"] for each in one["publications"]]
    assert set(titles) == {"Khan Đăm Săn", "Đất rừng phương Nam"}
    khan = next(each for each in two["publications"] if each["title"] == "Khan Đăm Săn")
    assert (khan["authors"], khan["images"]) == (["Y Điêng"], 2)
    assert ["http://opds-spec.org/acquisition/open-access", "text/html"] in khan["links"]
    lent = next(each for each in two["publications"] if each["title"] != "Khan Đăm Săn")
    assert (lent["states"], lent["copies"]) == (["available"], [1])
    assert root["navigation"] == menu["navigation"]
    assert len(root["navigation"]) == 6
    assert login["errors"] == []
    assert login["ways"] == [
        {
            "type": "http://opds-spec.org/auth/oauth/password",
            "links": dict.fromkeys(("authenticate", "refresh"), "http://testserver/opds/token"),
            "labels": ["Thẻ thư viện", "Mật khẩu"],
        },
        {
            "type": "http://opds-spec.org/auth/basic",
            "links": {},
            "labels": ["Thẻ thư viện", "Mật khẩu"],
        },
    ]


def test_what_is_open_to_all_is_had_at_once(
    client: Client, book: DigitalObject, province: Library
) -> None:
    epub = keep_epub(book, role=FileRole.DELIVERY)

    links = links_of(client.get(f"/opds/objects/{book.identifier}").content)

    assert links["acquisition/open-access"][0] == (
        EPUB,
        f"http://testserver/read/{book.identifier}/file/{epub.identifier}",
    )
    assert client.get(links["acquisition/open-access"][0][1]).status_code == 200
    assert links["acquisition/open-access"][-1][0] == "text/html"
    ((kind, cover),) = links["image"]
    assert kind == "image/jpeg"
    assert client.get(cover).status_code == 200


def test_pages_are_streamed_one_by_one(client: Client, book: DigitalObject) -> None:
    ((_kind, template),) = links_of(client.get(f"/opds/objects/{book.identifier}").content)[
        "http://vaemendis.net/opds-pse/stream"
    ]
    address = template.replace("{pageNumber}", "2").replace("{maxWidth}", "300")

    shown = client.get(address, follow=True)
    beyond = client.get(template.replace("{pageNumber}", "3").replace("{maxWidth}", "300"))

    assert shown["Content-Type"] == "image/jpeg"
    assert beyond.status_code == 404


def test_lists_are_narrowed_and_turned(
    client: Client, book: DigitalObject, province: Library
) -> None:
    open_ebooks(province, number=26, languages="rad")

    first = client.get("/opds/v2/publications", {"language": "rad"}).json()
    second = client.get("/opds/v2/publications", {"language": "rad", "page": "2"}).json()
    shelf = client.get("/opds/v2/publications", {"collection": "su-thi"}).json()

    assert first["metadata"]["numberOfItems"] == 26
    assert len(first["publications"]) == 25
    assert [each["metadata"]["title"] for each in second["publications"]] == ["Tờ 25"]
    assert [each["metadata"]["title"] for each in shelf["publications"]] == ["Khan Đăm Săn"]
    rels = {link["rel"] for link in first["links"]}
    assert {"next", "first", "last", "self", "search"} <= rels


def test_words_are_found_without_their_marks(client: Client, book: DigitalObject) -> None:
    found = client.get("/opds/v2/publications", {"q": "dam san"}).json()
    missed = client.get("/opds/v2/publications", {"q": "khong co"}).json()

    assert [each["metadata"]["title"] for each in found["publications"]] == ["Khan Đăm Săn"]
    assert "publications" not in missed
    assert missed["navigation"][0]["rel"] == "start"


def test_a_client_is_told_how_to_search(client: Client, book: DigitalObject) -> None:
    tree = etree.fromstring(client.get("/opds/opensearch.xml").content)

    url = tree.find("{*}Url")
    assert url is not None
    template = str(url.get("template"))
    address = template.replace("{searchTerms}", "dam+san").replace("{startPage?}", "1")
    assert "Khan Đăm Săn".encode() in client.get(address).content


def test_what_readers_may_not_find_is_in_no_feed(
    client: Client, new_object: Callable[..., DigitalObject]
) -> None:
    hidden = new_object(title="Nội bộ", access="staff")
    draft = new_object(title="Bản nháp", state="draft")

    listed = client.get("/opds/publications").content.decode()

    assert "Nội bộ" not in listed
    assert "Bản nháp" not in listed
    for obj in (hidden, draft):
        assert client.get(f"/opds/objects/{obj.identifier}").status_code == 404
        assert client.get(f"/opds/page/{obj.identifier}").status_code == 404


def test_who_has_a_feed_already_is_not_sent_it_again(client: Client, book: DigitalObject) -> None:
    first = client.get("/opds/publications")

    again = client.get("/opds/publications", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "public, max-age=300"


def test_a_list_asks_as_often_for_many_as_for_one(
    client: Client,
    book: DigitalObject,
    province: Library,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    open_ebooks(province, number=5)
    client.get("/opds/publications")

    with django_assert_max_num_queries(20):
        client.get("/opds/publications")


def test_a_stranger_at_the_shelf_is_told_how_to_log_in(client: Client, reader: Patron) -> None:
    answer = client.get("/opds/v2/shelf")

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/opds-authentication+json"
    assert answer["WWW-Authenticate"] == (
        'Basic realm="OPDS", charset="UTF-8", Bearer realm="OPDS"'
    )
    assert [way["type"].rpartition("/")[2] for way in answer.json()["authentication"]] == [
        "password",
        "basic",
    ]


def test_a_reader_borrows_reads_and_gives_back(reader: Patron, novel: DigitalObject) -> None:
    program = program_of(reader)
    ((_kind, address),) = links_of(program.get(f"/opds/objects/{novel.identifier}").content)[
        "acquisition/borrow"
    ]

    borrowed = program.get(address)
    again = program.get(address)
    shelf = links_of(program.get("/opds/shelf").content)
    taken = program.get(shelf["acquisition"][0][1], follow=True)
    ((_kind, back),) = shelf["http://librarysimplified.org/terms/rel/revoke"]
    returned = program.get(back)

    assert (borrowed.status_code, again.status_code) == (201, 201)
    assert shelf["acquisition"][0][0] == EPUB
    assert b"".join(taken.streaming_content)[:2] == b"PK"
    assert "acquisition/borrow" in links_of(returned.content)
    assert list(DigitalLoan.objects.values_list("ending", flat=True)) == ["early"]


def test_where_nothing_is_free_the_reader_waits(
    reader: Patron, novel: DigitalObject, province: Library
) -> None:
    (other,) = readers(province, number=1)
    program_of(with_password(other)).get(f"/opds/borrow/{novel.identifier}")
    program = program_of(reader)

    told = program.get(f"/opds/v2/borrow/{novel.identifier}").json()
    shelf = program.get("/opds/v2/shelf").json()

    borrow = next(link for link in told["links"] if link["rel"].endswith("/borrow"))
    assert borrow["properties"]["availability"]["state"] == "reserved"
    assert borrow["properties"]["holds"] == {"total": 1, "position": 1}
    assert [each["metadata"]["title"] for each in shelf["publications"]] == [novel.title]
    revoke = next(link for link in told["links"] if link["rel"].endswith("/revoke"))
    assert program.delete(revoke["href"]).status_code == 200
    assert DigitalHold.objects.get().state == "cancelled"


def test_a_marked_copy_is_read_in_our_reader_alone(reader: Patron, province: Library) -> None:
    obj = ebook(province, title="Có đánh dấu")
    epub = keep_epub(obj)
    licensed(obj, province, at_once=1, protection="watermark")
    program = program_of(reader)

    program.get(f"/opds/borrow/{obj.identifier}")

    shelf = links_of(program.get("/opds/shelf").content)
    assert [kind for kind, _address in shelf["acquisition"]] == ["text/html"]
    assert program.get(f"/opds/file/{obj.identifier}/{epub.identifier}").status_code == 404


def test_a_file_that_is_not_borrowed_does_not_open(reader: Patron, novel: DigitalObject) -> None:
    epub = DigitalFile.objects.get(object=novel)

    refused = program_of(reader).get(f"/opds/file/{novel.identifier}/{epub.identifier}")

    assert refused.status_code == 404


def test_nobody_ends_the_loan_of_another(
    reader: Patron, novel: DigitalObject, province: Library
) -> None:
    (other,) = readers(province, number=1)
    program_of(reader).get(f"/opds/borrow/{novel.identifier}")
    loan = DigitalLoan.objects.get()

    refused = program_of(with_password(other)).get(f"/opds/return/{loan.pk}")

    assert refused.status_code == 404
    assert DigitalLoan.objects.get().returned_at is None


def test_wrong_passwords_are_counted_and_slowed_down(client: Client, reader: Patron) -> None:
    header = basic(reader.card, "sai-mat-khau")

    statuses = [client.get("/opds/shelf", HTTP_AUTHORIZATION=header).status_code for _ in range(7)]

    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert LoginTry.objects.filter(succeeded=False).count() >= 1


@pytest.mark.parametrize(
    "header",
    ["Basic", "Basic !!!", "Bearer x", "Basic " + "A" * 3000, "Basic dGVzdA==", basic("a\x00b")],
)
def test_a_header_that_says_nothing_is_a_stranger_s(client: Client, header: str) -> None:
    answer = client.get("/opds/shelf", HTTP_AUTHORIZATION=header)

    assert answer.status_code == 401
    assert not LoginTry.objects.exists()


def test_a_page_of_another_site_borrows_nothing(reader: Patron, novel: DigitalObject) -> None:
    answer = program_of(reader).get(
        f"/opds/borrow/{novel.identifier}", headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 401
    assert not DigitalLoan.objects.exists()


def test_a_session_in_the_browser_borrows_nothing_here(
    reader_client: Client, novel: DigitalObject
) -> None:
    answer = reader_client.get(f"/opds/borrow/{novel.identifier}")

    assert answer.status_code == 401
    assert not DigitalLoan.objects.exists()


def test_a_start_password_is_changed_before_it_opens_the_shelf(reader: Patron) -> None:
    ReaderAccount.objects.filter(patron=reader).update(must_change_password=True)

    answer = program_of(reader).get("/opds/shelf")

    assert (answer.status_code, answer.json()["code"]) == (403, "password_to_change")


@pytest.mark.parametrize(
    "query",
    [
        {"page": "9" * 30},
        {"page": "-1"},
        {"q": "\x00"},
        {"q": "'\"<script>" * 200},
        {"collection": "x\x00"},
        {"library": "nowhere"},
        {"language": "%"},
        {"kind": "x"},
        {"sort": "x"},
        {"subject": "“"},
    ],
)
def test_nonsense_in_an_address_is_answered_with_a_feed(
    client: Client, book: DigitalObject, query: dict[str, str]
) -> None:
    one = client.get("/opds/publications", query)
    two = client.get("/opds/v2/publications", query)

    assert (one.status_code, two.status_code) == (200, 200)
    etree.fromstring(one.content)
