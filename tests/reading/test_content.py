"""Files streamed to readers: to whom, in which parts, and under which labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tangthu.patrons.models import Patron
from tangthu.reading import readers, tickets
from tangthu.reading.models import RestrictedView
from tangthu.reading.ranges import MOST_RANGES, Span, Unsatisfiable, spans
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.policy.kinds import FileRole, ObjectKind
from tests.conftest import client_of_reader
from tests.reading.making import keep_file

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * 4


@dataclass(frozen=True)
class Shelved:
    """An object with a file, and its address."""

    obj: DigitalObject
    file: DigitalFile

    @property
    def address(self) -> str:
        return f"/read/{self.obj.identifier}/file/{self.file.identifier}"

    @property
    def ticketed(self) -> str:
        given = tickets.give(
            self.obj.identifier, self.obj.terms, address="127.0.0.1", file=self.file.identifier
        )
        return f"{self.address}~{given}"


@pytest.fixture
def shelved(new_object: Callable[..., DigitalObject]) -> Callable[..., Shelved]:
    """Make objects with a PDF in them."""

    def make(role: FileRole = FileRole.ORIGINAL, **values: object) -> Shelved:
        obj = new_object(pages=0, kind="pdf", **values)
        file = keep_file(obj, CONTENT, name="Địa chí.pdf", media_type="application/pdf", role=role)
        return Shelved(obj, file)

    return make


def body(answer: HttpResponse) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_an_open_file_is_sent_whole_and_may_be_kept(
    client: Client, shelved: Callable[..., Shelved]
) -> None:
    answer = client.get(shelved().address)

    assert (answer.status_code, body(answer)) == (200, CONTENT)
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert answer["Content-Length"] == "1024"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (
        answer["Content-Disposition"]
        == "attachment; filename*=utf-8''%C4%90%E1%BB%8Ba%20ch%C3%AD.pdf"
    )
    assert answer["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("wanted", "part", "told"),
    [
        ("bytes=0-9", CONTENT[:10], "bytes 0-9/1024"),
        ("bytes=1000-", CONTENT[1000:], "bytes 1000-1023/1024"),
        ("bytes=-4", CONTENT[-4:], "bytes 1020-1023/1024"),
        ("bytes=1020-5000", CONTENT[1020:], "bytes 1020-1023/1024"),
        ("bytes=5-5, 9999-", CONTENT[5:6], "bytes 5-5/1024"),
    ],
)
def test_a_part_is_sent_alone(
    client: Client, shelved: Callable[..., Shelved], wanted: str, part: bytes, told: str
) -> None:
    answer = client.get(shelved().address, headers={"Range": wanted, "Accept-Encoding": "gzip"})

    assert (answer.status_code, body(answer)) == (206, part)
    assert answer["Content-Range"] == told
    assert answer["Content-Length"] == str(len(part))
    assert "Content-Encoding" not in answer


def test_several_parts_come_in_one_answer(client: Client, shelved: Callable[..., Shelved]) -> None:
    answer = client.get(shelved().address, headers={"Range": "bytes=0-1,10-11"})

    sent = body(answer)
    border = answer["Content-Type"].partition("boundary=")[2].encode()
    assert answer.status_code == 206
    assert answer["Content-Length"] == str(len(sent))
    parts = sent.split(b"--" + border)
    assert [part.partition(b"\r\n\r\n")[2] for part in parts[1:-1]] == [
        b"\x00\x01\r\n",
        b"\x0a\x0b\r\n",
    ]
    assert b"Content-Range: bytes 10-11/1024" in parts[2]


@pytest.mark.parametrize(
    "wanted", ["bytes=9-2", "bytes=a-b", "bytes=-", "lines=1-2", "0-9", "bytes=0-9,5-12"]
)
def test_what_is_no_range_is_not_heeded(
    client: Client, shelved: Callable[..., Shelved], wanted: str
) -> None:
    answer = client.get(shelved().address, headers={"Range": wanted})

    assert (answer.status_code, body(answer)) == (200, CONTENT)


def test_a_part_behind_the_end_cannot_be_had(
    client: Client, shelved: Callable[..., Shelved]
) -> None:
    answer = client.get(shelved().address, headers={"Range": "bytes=1024-"})

    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */1024")


def test_a_part_of_another_version_is_not_sent(
    client: Client, shelved: Callable[..., Shelved]
) -> None:
    kept = shelved()
    same, other = f'"{kept.file.sha256}"', '"another"'

    found = [
        client.get(kept.address, headers={"Range": "bytes=0-0", "If-Range": tag}).status_code
        for tag in (same, other, f"W/{same}", "nonsense")
    ]
    dated = client.head(kept.address)["Last-Modified"]
    by_date = client.get(kept.address, headers={"Range": "bytes=0-0", "If-Range": dated})

    assert found == [206, 200, 200, 200]
    assert by_date.status_code == 206


def test_who_has_it_is_told_so_and_a_head_tells_of_the_whole(
    client: Client, shelved: Callable[..., Shelved]
) -> None:
    kept = shelved()

    again = client.get(kept.address, headers={"If-None-Match": f'"{kept.file.sha256}"'})
    head = client.head(kept.address, headers={"Range": "bytes=0-9"})

    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head["Content-Length"], body(head)) == (200, "1024", b"")


class TestRestricted:
    @pytest.fixture
    def scan(self, shelved: Callable[..., Shelved]) -> Shelved:
        return shelved(access="cardholders")

    def test_a_ticket_opens_its_file_and_nothing_keeps_it(
        self, client: Client, scan: Shelved
    ) -> None:
        answer = client.get(scan.ticketed)

        assert (answer.status_code, body(answer)) == (200, CONTENT)
        assert answer["Cache-Control"] == "private, no-store"

    def test_without_a_ticket_who_asks_is_judged_and_written_down(
        self, client: Client, patron: Patron, scan: Shelved
    ) -> None:
        stranger = client.get(scan.address)
        reader = client_of_reader(patron).get(scan.address)

        assert (stranger.status_code, stranger.content) == (403, b"object_closed")
        assert reader.status_code == 200
        assert RestrictedView.objects.get().patron == patron

    def test_a_ticket_is_for_one_file_of_one_object_for_minutes(
        self, client: Client, scan: Shelved, shelved: Callable[..., Shelved], monkeypatch
    ) -> None:
        other = shelved(access="cardholders")
        ticket = scan.ticketed.partition("~")[2]
        of_images = tickets.give(scan.obj.identifier, scan.obj.terms, address="127.0.0.1")

        crossed = [
            client.get(f"{other.address}~{ticket}").status_code,
            client.get(f"{scan.address}~{of_images}").status_code,
            client.get(f"{scan.address}~{ticket}x").status_code,
            client.get(
                f"/read/{scan.obj.identifier}/file/{other.file.identifier}~{ticket}"
            ).status_code,
        ]
        monkeypatch.setattr(tickets, "LIFETIME", timedelta(seconds=-1))
        late = client.get(scan.ticketed)

        assert crossed == [403, 403, 403, 404]
        assert late.status_code == 403

    def test_a_ticket_ends_when_the_object_is_closed(self, client: Client, scan: Shelved) -> None:
        address = scan.ticketed
        DigitalObject.objects.filter(pk=scan.obj.pk).update(access="on_site")

        assert client.get(address).status_code == 403

    def test_it_is_no_page_of_its_own(self, client: Client, scan: Shelved) -> None:
        answer = client.get(scan.ticketed, headers={"Sec-Fetch-Mode": "navigate"})

        assert (answer.status_code, answer.content) == (403, b"object_reader_only")

    def test_a_viewer_that_stays_open_gets_a_fresh_ticket_for_its_file(
        self, client: Client, patron: Patron, scan: Shelved
    ) -> None:
        reader = client_of_reader(patron)

        given = reader.get(f"/read/{scan.obj.identifier}/ticket?file={scan.file.identifier}")

        assert client.get(f"{scan.address}~{given.json()['ticket']}").status_code == 200


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_is_not_published_is_not_there(
    client: Client, shelved: Callable[..., Shelved], state: str
) -> None:
    assert client.get(shelved(state=state).ticketed).status_code == 404


def test_masters_and_replaced_files_are_not_there(
    client: Client, shelved: Callable[..., Shelved]
) -> None:
    master, old = shelved(role=FileRole.MASTER), shelved()
    DigitalFile.objects.filter(pk=old.file.pk).update(replaced_at=old.file.created_at)

    assert client.get(master.address).status_code == 404
    assert client.get(old.address).status_code == 404


def test_the_pictures_of_pages_are_not_had_as_files(client: Client, book: DigitalObject) -> None:
    files = list(book.files.all())

    found = {client.get(f"/read/{book.identifier}/file/{f.identifier}").status_code for f in files}

    assert len(files) >= 3
    assert found == {404}


def test_a_file_that_the_store_lost_is_not_there(
    client: Client, shelved: Callable[..., Shelved]
) -> None:
    kept = shelved()
    DigitalFile.objects.filter(pk=kept.file.pk).update(path="delivery/xx/gone.pdf")

    assert client.get(kept.address).status_code == 404


@given(st.text("0123456789-,= bytes", max_size=30), st.integers(1, 50))
def test_parts_lie_within_the_file_and_apart(header: str, size: int) -> None:
    try:
        found = spans(header, size)
    except Unsatisfiable:
        return

    assert len(found) <= MOST_RANGES
    assert all(0 <= span.start < span.end <= size for span in found)
    assert sum(span.length for span in found) <= size


def test_one_more_range_than_is_sensible_gets_the_whole() -> None:
    many = ",".join(f"{n * 2}-{n * 2}" for n in range(MOST_RANGES + 1))

    assert spans(f"bytes={many}", 1000) == []
    assert spans("bytes=0-0", 1000) == [Span(0, 1)]


def test_every_kind_that_is_read_as_a_file_has_its_reader() -> None:
    kinds = (ObjectKind.PDF, ObjectKind.EPUB)

    assert all(readers.reader_of(kind) for kind in kinds)
