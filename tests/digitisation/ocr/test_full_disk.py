"""The disk for working files is full while pages are read: they wait until there is room."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.digitisation.actions.ocr import Wish, ask_for_text
from tangthu.digitisation.models import TextJob
from tangthu.digitisation.recognition import Recogniser
from tangthu.digitisation.worker import read_next
from tangthu.repository import storage
from tangthu.repository.errors import StoreFull
from tangthu.repository.models import DigitalObject, PageText
from tests.digitisation.ocr.test_workers import LINE, Scanned
from tests.reading.making import epub_with, keep_file, pdf_with_text
from tests.repository.disks import fill, mounted

pytestmark = pytest.mark.django_db
EPUB = "application/epub+zip"


@pytest.fixture
def scratch(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The disk that working files lie on: forty megabytes."""
    with mounted(tmp_path_factory.mktemp("scratch"), megabytes=40) as folder:
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        yield folder


def digests(obj: DigitalObject) -> dict[str, str]:
    files = obj.files.current()
    return {
        row.path: hashlib.sha256(storage.path_of(row).read_bytes()).hexdigest() for row in files
    }


def test_a_page_waits_for_room_however_often_it_was_tried_and_is_then_read(
    scanned: Scanned, keeper: Actor, scratch: Path
) -> None:
    obj = scanned(LINE)
    before = digests(obj)
    ask_for_text(obj, Wish(), by=keeper)
    filler = fill(scratch)

    with Recogniser() as recogniser:
        for _ in range(4):
            TextJob.objects.update(next_try_at=timezone.now())
            assert read_next("w", recogniser)
        stopped = TextJob.objects.get()
        left, meanwhile = list(scratch.iterdir()), digests(obj)
        filler.unlink()
        TextJob.objects.update(next_try_at=timezone.now())
        read_next("w", recogniser)

    assert (stopped.state, stopped.fault, stopped.attempts) == ("waiting", "disk_full", 4)
    assert stopped.next_try_at is not None
    assert left == [filler]
    assert meanwhile == before
    assert PageText.objects.get().plain == LINE
    assert TextJob.objects.get().state == "done"
    assert before.items() <= digests(obj).items()


def test_a_book_and_a_pdf_without_room_are_said_to_lack_room_not_to_be_damaged(
    draft: DigitalObject, scratch: Path
) -> None:
    book = keep_file(draft, epub_with(), name="s.epub", media_type=EPUB)
    pdf = keep_file(draft, pdf_with_text(1), name="s.pdf", media_type="application/pdf")
    filler = fill(scratch)

    with Recogniser() as recogniser:
        with pytest.raises(StoreFull):
            recogniser.book(storage.path_of(book), EPUB)
        with pytest.raises(StoreFull):
            recogniser.pdf_words(storage.path_of(pdf), 0, width=0)
        with pytest.raises(StoreFull):
            recogniser._program.ask(
                {
                    "deed": "pdf_picture",
                    "path": str(storage.path_of(pdf)),
                    "frame": 0,
                    "target": str(scratch / "page.tif"),
                }
            )
        (scratch / "page.tif").unlink()
        filler.unlink()
        chapters = recogniser.book(storage.path_of(book), EPUB)

    assert [chapter.number for chapter in chapters] == [1, 2, 3]
    assert list(scratch.iterdir()) == []
