"""The real engine on pages drawn on the spot; jobs from asking to text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid, NotPermitted
from tangthu.digitisation.actions.ocr import (
    Wish,
    add_names,
    ask_for_text,
    cancel,
    claim,
    fail,
    finish,
    forget_finished,
    let_go,
    put_first,
    queue_new_pages,
    retry_failed,
)
from tangthu.digitisation.errors import NothingToRecognise
from tangthu.digitisation.models import TextJob
from tangthu.digitisation.policy.recognition import LEASE, Priority
from tangthu.digitisation.recognition import Recogniser
from tangthu.digitisation.worker import read_next
from tangthu.repository import storage
from tangthu.repository.actions import add_file, add_page_images, make_ready
from tangthu.repository.actions.texts import keep_text
from tangthu.repository.errors import FileRefused
from tangthu.repository.models import DigitalFile, DigitalObject, Page, PageText
from tangthu.repository.policy.kinds import FileRole
from tangthu.repository.policy.texts import TextOrigin
from tangthu.text.legacy import Encoding, encode
from tests.digitisation.ocr.writing import docx_of, epub_of, old_pdf, scan, scanned_pdf
from tests.repository.test_texts import said

pytestmark = pytest.mark.django_db

LINE = "Đắk Lắk nằm trên cao nguyên."


def read_all(worker: str = "test-1") -> int:
    count = 0
    with Recogniser() as recogniser:
        while read_next(worker, recogniser):
            count += 1
    return count


def test_the_text_of_a_page_is_read_with_its_boxes(scanned, keeper: Actor) -> None:
    obj = scanned(LINE)

    asked = ask_for_text(obj, Wish(), by=keeper)
    read = read_all()

    text = PageText.objects.of_object(obj).get()
    assert (asked, read) == (1, 1)
    assert text.plain == LINE
    assert (text.origin, text.languages) == ("machine", "vie")
    assert text.engine.startswith("tesseract ")
    assert text.engine.endswith(" vie")
    left, top, width, height = next(text.layout().words()).box
    assert 55 <= left <= 70
    assert 60 <= top <= 85
    assert 60 <= width <= 80
    assert 25 <= height <= 45
    assert TextJob.objects.get().state == "done"


def test_the_text_goes_into_the_archive_once_all_pages_are_read(scanned, keeper: Actor) -> None:
    obj = scanned(LINE, "Cồng chiêng Tây Nguyên.")
    ask_for_text(obj, Wish(), by=keeper)

    read_all()

    kept = DigitalFile.objects.get(object=obj, role=FileRole.TEXT)
    assert kept.preserved_version is not None
    assert not PageText.objects.to_archive().exists()


def test_a_page_that_is_not_level_is_turned_for_the_engine(scanned, keeper: Actor) -> None:
    obj = scanned(LINE, turned=3.0)
    ask_for_text(obj, Wish(), by=keeper)

    read_all()

    text = PageText.objects.get()
    assert text.plain == LINE
    assert TextJob.objects.get().variant == "deskewed"
    words = list(text.layout().words())
    # The line rises to the right on the scan, so the last word stands higher than the first.
    assert words[-1].box[1] < words[0].box[1] - 15


def test_highland_letters_are_put_back_and_marked(scanned, keeper: Actor) -> None:
    obj = scanned("Mơ̆ng ƀuôn sang dliê, klei khan.")
    ask_for_text(obj, Wish(languages="rad vie"), by=keeper)

    read_all()

    text = PageText.objects.get()
    repaired = {word.text: word.original for word in text.layout().words() if word.repaired}
    assert "ƀuôn" in repaired
    assert repaired["ƀuôn"] == "buôn"
    assert "ƀuôn sang" in text.plain


def test_names_of_the_library_are_put_back_too(scanned, keeper: Actor) -> None:
    add_names("Krông Wăkŭr  # a stream\n", by=keeper)
    obj = scanned("Suối Krông Wăkur ở phía tây.")
    ask_for_text(obj, Wish(languages="vie rad"), by=keeper)

    read_all()

    assert "Wăkŭr" in PageText.objects.get().plain


def test_a_name_that_would_never_be_put_back_is_refused(keeper: Actor) -> None:
    with pytest.raises(Invalid):
        add_names("Ƀuôn Hô\nBuôn Hồ", by=keeper)


def test_pages_with_text_are_not_asked_for_again(scanned, keeper: Actor) -> None:
    obj = scanned(LINE, LINE)
    first = obj.pages.first()
    keep_text(first, said("một"), origin=TextOrigin.MACHINE, by=keeper)

    assert ask_for_text(obj, Wish(), by=keeper) == 1
    assert list(TextJob.objects.values_list("page", flat=True)) == [obj.pages.last().pk]


def test_corrected_pages_are_never_read_again(scanned, keeper: Actor) -> None:
    obj = scanned(LINE, LINE)
    keep_text(obj.pages.first(), said("một"), origin=TextOrigin.CORRECTED, by=keeper)

    asked = ask_for_text(obj, Wish(again=True), by=keeper)

    assert asked == 1
    assert list(TextJob.objects.values_list("page", flat=True)) == [obj.pages.last().pk]


def test_an_object_without_pages_has_nothing_to_read(draft: DigitalObject, keeper: Actor) -> None:
    with pytest.raises(NothingToRecognise):
        ask_for_text(draft, Wish(), by=keeper)

    assert not TextJob.objects.exists()


def test_staff_without_the_right_ask_for_nothing(scanned, neighbour: Actor) -> None:
    obj = scanned(LINE)

    with pytest.raises(NotPermitted):
        ask_for_text(obj, Wish(), by=neighbour)

    assert not TextJob.objects.exists()


def test_the_most_urgent_page_is_taken_first(
    scanned, new_object: Callable[..., DigitalObject], keeper: Actor, tmp_path: Path
) -> None:
    obj = scanned(LINE)
    other = new_object("Báo cũ")
    add_page_images(other, [scan(tmp_path, "Tin tức", number=9)], by=keeper)
    make_ready(other, by=keeper)
    ask_for_text(obj, Wish(), by=keeper)
    ask_for_text(other, Wish(priority=Priority.IDLE), by=keeper)

    put_first(other, Priority.NOW, by=keeper)

    job = claim("w", now=timezone.now())
    assert job is not None
    assert job.object == other
    assert (job.state, job.worker, job.attempts) == ("running", "w", 1)


def test_a_dead_workers_page_is_free_after_its_lease(scanned, keeper: Actor) -> None:
    obj = scanned(LINE)
    ask_for_text(obj, Wish(), by=keeper)
    now = timezone.now()
    dead = claim("first", now=now)

    assert claim("second", now=now + LEASE - timedelta(seconds=1)) is None
    taken = claim("second", now=now + LEASE + timedelta(seconds=1))

    assert taken is not None
    assert (taken.worker, taken.attempts) == ("second", 2)
    assert dead is not None
    assert finish(dead, [], seconds=1.0, by=keeper) is False
    assert TextJob.objects.get().state == "running"


def test_a_restarted_worker_gives_back_what_it_was_reading(scanned, keeper: Actor) -> None:
    obj = scanned(LINE)
    ask_for_text(obj, Wish(), by=keeper)
    claim("w", now=timezone.now())

    assert let_go("w") == 1
    assert claim("other", now=timezone.now()) is not None


def test_a_page_that_kills_three_workers_is_given_up(scanned, keeper: Actor) -> None:
    obj = scanned(LINE)
    ask_for_text(obj, Wish(), by=keeper)
    now = timezone.now()
    for _ in range(3):
        assert claim("w", now=now) is not None
        now += LEASE + timedelta(seconds=1)

    assert claim("w", now=now) is None
    job = TextJob.objects.get()
    assert (job.state, job.fault) == ("failed", "worker_died")


def test_a_fault_is_tried_again_later_and_three_times_in_all(scanned, keeper: Actor) -> None:
    obj = scanned(LINE)
    ask_for_text(obj, Wish(), by=keeper)
    for _ in range(2):
        job = claim("w", now=timezone.now())
        assert job is not None
        fail(job, "engine_failed")
        assert claim("w", now=timezone.now()) is None
        TextJob.objects.update(next_try_at=timezone.now())
    job = claim("w", now=timezone.now())
    assert job is not None

    fail(job, "engine_failed")

    kept = TextJob.objects.get()
    assert (kept.state, kept.fault, kept.attempts) == ("failed", "engine_failed", 3)
    assert retry_failed(obj, by=keeper) == 1
    assert claim("w", now=timezone.now()) is not None


def test_a_cancelled_page_is_thrown_away_by_its_worker(scanned, keeper: Actor) -> None:
    obj = scanned(LINE)
    ask_for_text(obj, Wish(), by=keeper)
    job = claim("w", now=timezone.now())

    assert cancel(obj, by=keeper) == 1

    assert job is not None
    assert finish(job, [], seconds=1.0, by=keeper) is False
    assert not PageText.objects.exists()
    assert TextJob.objects.get().state == "cancelled"


def test_a_damaged_reading_copy_fails_its_page_alone(scanned, keeper: Actor) -> None:
    obj = scanned(LINE, LINE)
    first = obj.pages.first()
    storage.path_of(first.delivery).write_bytes(b"II*\x00 cut off")
    ask_for_text(obj, Wish(), by=keeper)

    read_all()

    states = TextJob.objects.order_by("page__position").values_list("state", "fault")
    assert list(states) == [("failed", "damaged_image"), ("done", "")]


def test_new_pages_are_queued_by_themselves(scanned, machine: Actor) -> None:
    obj = scanned(LINE)

    assert queue_new_pages(now=timezone.now(), by=machine) == 1
    assert queue_new_pages(now=timezone.now(), by=machine) == 0
    assert TextJob.objects.get().priority == Priority.IDLE
    assert TextJob.objects.get().object == obj


def test_finished_jobs_are_forgotten_and_the_text_stays(scanned, keeper: Actor) -> None:
    obj = scanned(LINE)
    ask_for_text(obj, Wish(), by=keeper)
    read_all()

    forget_finished(before=timezone.now() + timedelta(seconds=1))

    assert not TextJob.objects.exists()
    assert PageText.objects.count() == 1


def test_old_fonts_are_turned_into_unicode(draft: DigitalObject, keeper: Actor, tmp_path) -> None:
    lines = [
        (".VnTime", Encoding.TCVN3, "Nước Việt Nam dân chủ, Tây-Nguyên, người dưới"),
        (".VnTimeH", Encoding.TCVN3, "địa chí đắk lắk"),
        ("VNI-Times", Encoding.VNI, "Đất đỏ ba-dan và cà phê Buôn Ma Thuột"),
        ("Helvetica", None, "Plain words - kept"),
    ]
    add_page_images(draft, [old_pdf(tmp_path, lines)], by=keeper)
    make_ready(draft, by=keeper)
    ask_for_text(draft, Wish(), by=keeper)

    read_all()

    text = PageText.objects.get()
    assert text.plain.split("\n") == [
        "Nước Việt Nam dân chủ, Tây-Nguyên, người dưới",
        "ĐỊA CHÍ ĐẮK LẮK",
        "Đất đỏ ba-dan và cà phê Buôn Ma Thuột",
        "Plain words - kept",
    ]
    assert text.origin == "born_digital"
    page = Page.objects.get()
    assert (text.layout().width, text.layout().height) == (page.width, page.height)


def test_a_pdf_without_text_is_recognised(
    new_object: Callable[..., DigitalObject], keeper: Actor, tmp_path: Path
) -> None:
    obj = new_object("Công văn", kind="pdf")
    add_file(obj, scanned_pdf(tmp_path, LINE), by=keeper)
    ask_for_text(obj, Wish(), by=keeper)

    read_all()

    text = PageText.objects.get()
    assert (text.number, text.locator, text.origin) == (1, "1", "machine")
    assert text.plain == LINE


def test_the_text_of_a_book_is_taken_chapter_by_chapter(
    new_object: Callable[..., DigitalObject], keeper: Actor, tmp_path: Path
) -> None:
    obj = new_object("Truyện cổ", kind="epub")
    add_file(
        obj,
        epub_of(tmp_path, ["<h1>Một</h1><p>Ngày x\u01b0a&nbsp;có <b>voi</b>.</p>", "<p>Hết."]),
        by=keeper,
    )
    ask_for_text(obj, Wish(), by=keeper)

    read_all()

    texts = PageText.objects.of_object(obj).values_list("number", "locator", "plain")
    assert list(texts) == [
        (1, "OEBPS/c1.xhtml", "Một\n\nNgày xưa có voi."),
        (2, "OEBPS/c2.xhtml", "Hết."),
    ]


def test_a_word_document_in_an_old_font_is_read(
    new_object: Callable[..., DigitalObject], keeper: Actor, tmp_path: Path
) -> None:
    old = encode("Nước non ngàn dặm", Encoding.TCVN3).decode("latin-1")
    obj = new_object("Bản thảo", kind="docx")
    add_file(
        obj, docx_of(tmp_path, [("Heading1", "", "Phần một"), ("", ".VnTime", old)]), by=keeper
    )
    ask_for_text(obj, Wish(), by=keeper)

    read_all()

    assert PageText.objects.get().plain == "Phần một\n\nNước non ngàn dặm"


def test_the_size_of_a_pdf_page_does_not_matter_to_the_engine(tmp_path: Path) -> None:
    path = tmp_path / "huge.pdf"
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(14_400, 14_400))
        document.save(path)

    with Recogniser() as recogniser, pytest.raises(FileRefused, match="file_refused") as refused:
        recogniser.pdf_page(path, 0, width=0, languages=("vie",))

    assert refused.value.fault == "too_many_pixels"
