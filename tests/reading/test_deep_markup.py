"""XML made to harm: nested without end, growing by entities, asking for files of the server."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tangthu.core.actor import Actor
from tangthu.digitisation.recognition import Recogniser
from tangthu.formats import alto, mets
from tangthu.formats.oaipmh import reading as oai
from tangthu.libraries.models import Library
from tangthu.reading.word_documents import page_of
from tangthu.repository import storage
from tangthu.repository.actions.bagging import take_in_bag
from tangthu.repository.errors import FileRefused
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.content import DOCX, EPUB
from tests.reading.making import CHAPTERS, docx_with, epub_with, keep_file
from tests.repository.test_bags import files_of, foreign_bag, scans

DEPTH = 100_000
SECRET = "bimatcuamaychu"
METS = '<mets xmlns="http://www.loc.gov/METS/">{}</mets>'
ALTO = '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#">{}</alto>'
OAI = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{}</OAI-PMH>'
READERS: dict[str, tuple[str, Callable[[bytes], object], type[Exception]]] = {
    "METS": (METS, mets.read, mets.NotMets),
    "ALTO": (ALTO, alto.read, alto.NotAlto),
    "OAI": (OAI, oai.page, oai.Unreadable),
}


@pytest.mark.parametrize("form", READERS)
def test_what_is_nested_without_end_is_refused_at_once(form: str) -> None:
    around, read, refusal = READERS[form]
    content = around.format("<a>" * DEPTH + "</a>" * DEPTH).encode()
    began = time.monotonic()

    with pytest.raises(refusal):
        read(content)

    assert time.monotonic() - began < 5


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("entity", ["grows", "outside"])
def test_a_document_with_entities_is_refused_and_fetches_nothing(
    form: str, encoding: str, entity: str, tmp_path: Path
) -> None:
    around, read, refusal = READERS[form]
    (tmp_path / "secret").write_text(SECRET)
    declared = {
        "grows": '<!ENTITY a "ha">'
        + "".join(
            f'<!ENTITY {n} "{f"&{b};" * 10}">' for b, n in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "outside": f'<!ENTITY i SYSTEM "{(tmp_path / "secret").as_uri()}">',
    }[entity]
    content = f"<!DOCTYPE x [{declared}]>" + around.format("&i;")
    began = time.monotonic()

    with pytest.raises(refusal) as refused:
        read(content.encode(encoding))

    assert SECRET not in str(refused.value)
    assert time.monotonic() - began < 5


@pytest.mark.django_db
def test_a_word_document_nested_without_end_is_said_to_be_damaged(
    new_object: Callable[..., DigitalObject],
) -> None:
    nested = "<w:sdt><w:sdtContent>" * DEPTH + "</w:sdtContent></w:sdt>" * DEPTH
    obj = new_object(kind="docx")
    file = keep_file(obj, docx_with(nested), name="s.docx", media_type=DOCX)
    began = time.monotonic()

    page = page_of(file)

    assert page is None
    assert time.monotonic() - began < 60


PARTS = ["META-INF/container.xml", "OEBPS/book.opf", "OEBPS/c1.xhtml"]
GROWS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {n} "{f"&{b};" * 10}">' for b, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


def book_with(entry: str, change: Callable[[str], str]) -> bytes:
    """Return an EPUB with one of its parts changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(epub_with())) as old, zipfile.ZipFile(packed, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == entry:
                content = change(content.decode()).encode()
            new.writestr(info, content, zipfile.ZIP_STORED)
    return packed.getvalue()


def nested(markup: str) -> str:
    """Nest elements below the root of a document, or in the body of a page."""
    within = r"(<body>)" if "<body>" in markup else r"(<(?:container|package)[^>]*>)"
    return re.sub(within, lambda found: found[1] + "<b>" * DEPTH + "</b>" * DEPTH, markup, count=1)


def growing(markup: str) -> str:
    """Declare entities that grow a hundred million times, and use the last of them."""
    within = r"(<h1>|<rootfiles>|<dc:title>)"
    used = re.sub(within, lambda found: found[1] + "&i;", markup, count=1)
    return used.replace('<?xml version="1.0"?>', f'<?xml version="1.0"?>{GROWS}', 1)


@pytest.mark.django_db
@pytest.mark.parametrize("entry", PARTS)
@pytest.mark.parametrize("harm", [nested, growing])
def test_a_hostile_book_is_read_without_harm_or_said_to_be_damaged(
    new_object: Callable[..., DigitalObject], entry: str, harm: Callable[[str], str]
) -> None:
    content = book_with(entry, harm)
    file = keep_file(new_object(kind="epub"), content, name="s.epub", media_type=EPUB)
    began = time.monotonic()

    with Recogniser() as recogniser:
        try:
            chapters = recogniser.book(storage.path_of(file), EPUB)
        except FileRefused as refused:
            # Damaged, not "the decoder failed": the limited program lived through it.
            assert refused.fault == "damaged_archive"
            chapters = []

    assert time.monotonic() - began < 60
    words = sum(len(list(chapter.layout.words())) for chapter in chapters)
    assert words < 10 * sum(len(text.split()) for _, text in CHAPTERS) * 12


@pytest.mark.django_db
def test_a_script_laden_picture_of_a_book_leaves_no_words_of_its_scripts(
    new_object: Callable[..., DigitalObject],
) -> None:
    content = epub_with(hostile=True)
    file = keep_file(new_object(kind="epub"), content, name="s.epub", media_type=EPUB)

    with Recogniser() as recogniser:
        chapters = recogniser.book(storage.path_of(file), EPUB)

    words = [word.text for chapter in chapters for word in chapter.layout.words()]
    assert "ba" in words
    assert not [word for word in words if "EVIL" in word]


@pytest.mark.django_db
def test_a_bag_whose_mets_is_nested_without_end_is_told_by_its_label(
    province: Library, tmp_path: Path
) -> None:
    folder = scans(tmp_path / "x", "1.png")
    (folder / "mets.xml").write_text(METS.format("<div>" * DEPTH + "</div>" * DEPTH))
    foreign_bag(folder, **{"External-Description": "Báo Đắk Lắk"})
    began = time.monotonic()

    received = take_in_bag(files_of(folder), name="x", library=province, by=Actor.machine("test"))

    assert received.object.title == "Báo Đắk Lắk"
    assert received.object.pages.count() == 1
    assert time.monotonic() - began < 60
