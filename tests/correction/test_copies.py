"""What is made of the text: a PDF/A that is searched, an e-book, plain text."""

from __future__ import annotations

import subprocess
import unicodedata
import zipfile
from pathlib import Path

import pikepdf
import pytest

from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.digitisation.actions.copies import ask_for_copies, make_copies
from tangthu.digitisation.actions.correction import Spot, correct_word
from tangthu.digitisation.models import CopyState, Form, TextCopy
from tangthu.repository import storage
from tangthu.repository.actions.sweeping import REPLACED, sweep
from tangthu.repository.models import DigitalFile, DigitalObject, Section
from tests.correction.making import read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def read_book(book: DigitalObject) -> DigitalObject:
    first, second, third = book.pages.all()
    read_page(first, "Sử thi Đăm Săn kể về", "một tù trưởng Ê Đê")
    read_page(second, "giàu mạnh. Y Ƀlŭl Niê hát khan", "ê\u0306 ô\u0306 trong [nhà] dài.")
    read_page(third, "Hết quyển một.")
    for page, label in ((first, "i"), (second, "ii"), (third, "1")):
        page.label = label
        page.save()
    Section.objects.create(object=book, title="Lời mở", first_page=first, position=1)
    Section.objects.create(object=book, title="Hồi một", first_page=third, position=2)
    return book


def made(obj: DigitalObject, form: Form, by: Actor) -> Path:
    ask_for_copies(obj, by=by)
    make_copies(obj)
    copy = TextCopy.objects.get(object=obj, form=form)
    assert copy.state == CopyState.READY
    return storage.path_of(copy.file)


def extracted(path: Path) -> str:
    command = ["pdftotext", "-layout", str(path), "-"]
    found = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return found.stdout.decode()


def test_the_words_of_the_pdf_are_those_of_the_text(
    read_book: DigitalObject, corrector: Actor
) -> None:
    path = made(read_book, Form.PDF, corrector)

    pages = [" ".join(page.split()) for page in extracted(path).split("\f")]

    assert pages[:3] == [
        "Sử thi Đăm Săn kể về một tù trưởng Ê Đê",
        "giàu mạnh. Y Ƀlŭl Niê hát khan ê\u0306 ô\u0306 trong nhà dài.",
        "Hết quyển một.",
    ]
    assert unicodedata.is_normalized("NFC", pages[1])


def test_a_word_stands_over_the_place_where_it_is_printed(
    read_book: DigitalObject, corrector: Actor
) -> None:
    path = made(read_book, Form.PDF, corrector)
    command = ["pdftotext", "-bbox", "-f", "1", "-l", "1", str(path), "-"]

    told = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()

    # The box of the first word is (60, 80, 24, 24) of 700 × 1000 pixels at 300 an inch.
    assert '<page width="168.000000" height="240.000000">' in told
    assert '<word xMin="14.400000"' in told
    assert 'xMax="20.160000"' in told


def test_the_pdf_says_that_it_is_pdf_a_and_is_sound(
    read_book: DigitalObject, corrector: Actor
) -> None:
    path = made(read_book, Form.PDF, corrector)

    with pikepdf.open(path) as document:
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "2A"
            assert metadata["dc:title"] == "Khan Đăm Săn"
        assert document.check_pdf_syntax() == []
        assert [str(page.label) for page in document.pages] == ["i", "ii", "1"]
        assert document.Root.Lang == "vi"
        assert document.Root.OutputIntents[0].S == "/GTS_PDFA1"
        with document.open_outline() as outline:
            assert [each.title for each in outline.root] == ["Lời mở", "Hồi một"]
        fonts = document.pages[0].Resources.Font
        assert document.Root.MarkInfo.Marked
        assert [str(each.S) for each in document.Root.StructTreeRoot.K.K] == ["/P", "/P", "/P"]
        assert "/FontFile2" in fonts.F0.DescendantFonts[0].FontDescriptor


def test_the_book_runs_on_and_keeps_the_printed_numbers(
    read_book: DigitalObject, corrector: Actor
) -> None:
    path = made(read_book, Form.EPUB, corrector)

    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if "text-" in name]
        first = archive.read(names[0]).decode()
        package = archive.read("EPUB/package.opf").decode()

    assert len(names) == 2
    assert "một tù trưởng Ê Đê <span" in first
    assert 'aria-label="Trang ii"' in first
    assert "<dc:publisher>" in package
    assert "publicdomain/mark" in package


def test_plain_text_parts_the_pages(read_book: DigitalObject, corrector: Actor) -> None:
    text = made(read_book, Form.TEXT, corrector).read_text(encoding="utf-8")

    assert text.split("\f\n")[0] == "Sử thi Đăm Săn kể về một tù trưởng Ê Đê"
    assert text.endswith("Hết quyển một.\n")


def test_copies_are_made_anew_when_the_text_is_another_and_only_then(
    read_book: DigitalObject, corrector: Actor
) -> None:
    old = made(read_book, Form.TEXT, corrector)
    assert make_copies(read_book) == 0
    page = read_book.pages.get(label="ii")
    word = next(each for each in page.text.layout().words() if each.text == "nhà")
    correct_word(page, Spot(word.box, "nhà"), "nha", by=corrector)

    again = make_copies(read_book)

    assert again == 3
    copy = TextCopy.objects.get(form=Form.TEXT)
    assert "trong nha dài" in storage.path_of(copy.file).read_text(encoding="utf-8")
    replaced = DigitalFile.objects.exclude(replaced_at=None)
    assert replaced.count() == 3
    sweep(now=copy.made_at + 2 * REPLACED)
    assert not old.exists()
    assert storage.path_of(copy.file).exists()


def test_the_same_text_makes_the_same_book(read_book: DigitalObject, corrector: Actor) -> None:
    first = {form: made(read_book, form, corrector).read_bytes() for form in Form}
    TextCopy.objects.update(made_of="")

    make_copies(read_book)

    for form in Form:
        copy = TextCopy.objects.get(form=form)
        assert storage.path_of(copy.file).read_bytes() == first[form], form


def test_without_text_the_fault_is_told(book: DigitalObject, corrector: Actor) -> None:
    ask_for_copies(book, by=corrector)

    assert make_copies(book) == 0

    assert set(TextCopy.objects.values_list("state", "fault")) == {("failed", "no_text")}
    assert not DigitalFile.objects.filter(page_shown=None, object=book).exists()


def test_who_may_not_correct_asks_for_nothing(book: DigitalObject, desk: Actor) -> None:
    with pytest.raises(NotPermitted):
        ask_for_copies(book, by=desk)

    assert not TextCopy.objects.exists()
