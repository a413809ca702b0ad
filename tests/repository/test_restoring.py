"""What is lost comes back: reading copies from masters, the rows from the archive itself."""

from __future__ import annotations

import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.discovery import indexer, search
from tangthu.discovery.language import parse
from tangthu.discovery.pages.asking import asked_of
from tangthu.discovery.pages.content import PAGES
from tangthu.repository import archive, storage
from tangthu.repository.actions import (
    SectionData,
    add_file,
    add_page_images,
    label_pages,
    make_ready,
    preserve,
    set_sections,
    turn_page,
)
from tangthu.repository.actions.captions import (
    ChapterData,
    name_recording,
    set_captions,
    set_chapters,
)
from tangthu.repository.actions.collections import CollectionData, add_collection
from tangthu.repository.actions.preserving import preserve_descriptions
from tangthu.repository.actions.restoring import lost_pages, redraw_lost, restore_object
from tangthu.repository.actions.texts import archive_text, keep_text
from tangthu.repository.describing import description_of
from tangthu.repository.errors import ArchiveBroken
from tangthu.repository.models import (
    CaptionsKind,
    DigitalFile,
    DigitalObject,
    ObjectRecord,
    Page,
    PageText,
    PreservationEvent,
    Recording,
    Section,
)
from tangthu.repository.policy.texts import TextOrigin
from tests.conftest import client_of
from tests.factories import RecordFactory
from tests.repository.making import picture, pictures
from tests.repository.sounds import sound
from tests.repository.test_recordings import VTT
from tests.repository.test_texts import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(new_object, keeper, tmp_path):
    """Two pages of a record, one turned, with a table of contents, in the archive."""
    obj = new_object(records=(RecordFactory(),), languages="vie rad", watermark=True)
    first, second = add_page_images(obj, pictures(tmp_path, 2), by=keeper)
    turn_page(second, quarters=1, by=keeper)
    set_sections(obj, [SectionData(title="Chương một", page=first, level=1)], by=keeper)
    make_ready(obj, by=keeper)
    # The description of the last version tells of everything that came before it.
    add_page_images(obj, [picture(tmp_path, "cuối.png", ink=9)], by=keeper)
    make_ready(obj, by=keeper)
    return obj


def forget_rows() -> None:
    """Lose the database's part, as somebody who restores only the files."""
    PageText.objects.all().delete()
    Recording.objects.all().delete()
    PreservationEvent.objects.all().delete()
    Section.objects.all().delete()
    Page.objects.all().delete()
    DigitalFile.objects.all().delete()
    ObjectRecord.objects.all().delete()
    DigitalObject.objects.all().delete()


def told(obj: DigitalObject) -> dict[str, object]:
    """Return the description without its events and moments."""
    found = description_of(obj)
    for file in found["files"]:
        file["created_at"] = ""
    return {name: value for name, value in found.items() if name != "events"}


def test_rows_come_back_from_the_archive_as_they_were(kept, keeper):
    before, identifier = told(kept), kept.identifier
    masters = {each.sha256 for each in kept.files.preserved()}
    forget_rows()
    shutil.rmtree(storage.file_path(storage.DELIVERY))

    assert restore_object(identifier, by=keeper)

    obj = DigitalObject.objects.get(identifier=identifier)
    assert told(obj) == before
    assert obj.state == "draft"
    assert {each.sha256 for each in obj.files.preserved()} == masters
    assert obj.pages.ready().count() == 3
    assert lost_pages(obj) == []


def test_what_was_restored_is_kept_on_without_a_second_copy(kept, keeper):
    identifier, version = kept.identifier, kept.preserved_version
    forget_rows()
    restore_object(identifier, by=keeper)
    obj = DigitalObject.objects.get(identifier=identifier)

    assert preserve(obj, by=keeper) == version
    assert not restore_object(identifier, by=keeper)


def test_lost_reading_copies_are_drawn_again(kept, keeper):
    shutil.rmtree(storage.file_path(storage.DELIVERY))

    waiting = redraw_lost(kept, by=keeper)
    drawn = make_ready(kept, by=keeper)

    assert (waiting, drawn) == (3, 3)
    assert lost_pages(kept) == []
    assert redraw_lost(kept, by=keeper) == 0


def test_strangers_neither_restore_nor_redraw(kept, neighbour):
    shutil.rmtree(storage.file_path(storage.DELIVERY))
    identifier = kept.identifier

    with pytest.raises(NotPermitted):
        redraw_lost(kept, by=neighbour)
    forget_rows()
    with pytest.raises(NotPermitted):
        restore_object(identifier, by=neighbour)

    assert not DigitalObject.objects.exists()


def test_the_command_brings_everything_back_and_names_what_it_cannot(kept):
    identifier = kept.identifier
    forget_rows()
    shutil.rmtree(storage.file_path(storage.DELIVERY))
    out = StringIO()

    call_command("restore_objects", stdout=out)

    assert out.getvalue().strip() == "restored=1 redrawn=0 broken=0"
    forget_rows()
    stored = archive.stored_path(identifier, "metadata/object.json")
    storage.file_path(stored).write_text("{", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("restore_objects", stdout=out, stderr=StringIO())
    assert not DigitalObject.objects.exists()


def test_an_archive_that_does_not_tell_restores_nothing(keeper):
    with pytest.raises(ArchiveBroken):
        restore_object("bcdfghjkmnpq", by=keeper)


def test_the_page_of_the_object_offers_to_draw_what_is_lost(kept, keeper_user):
    client, address = client_of(keeper_user), f"/desk/digital/{kept.identifier}/"
    whole = client.get(address).content.decode()
    shutil.rmtree(storage.file_path(storage.DELIVERY))

    broken = client.get(address).content.decode()
    client.post(f"{address}redraw/")

    assert "Mất bản để đọc" not in whole
    assert "Mất bản để đọc của 3 trang" in broken
    assert kept.pages.waiting().count() == 3


# On PostgreSQL the feed shows a row only when its transaction is over.
@pytest.mark.django_db(transaction=True)
def test_a_library_without_database_and_reading_copies_reads_searches_and_plays_again(
    new_object, keeper, tmp_path, settings
):
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'index'}"
    book = _corrected_book(new_object, keeper, tmp_path)
    tape = _tape(new_object, keeper, tmp_path)
    duration = tape.recordings.get().duration
    forget_rows()
    shutil.rmtree(storage.file_path(storage.DELIVERY))

    call_command("restore_objects", stdout=StringIO())

    text = PageText.objects.get(object__identifier=book.identifier)
    assert (text.plain, text.origin, text.revision) == ("Buôn Ma Thuột", "corrected", 2)
    assert text.fits(text.page)
    assert storage.delivery_path(text.page.delivery).stat().st_size > 0
    assert found_inside("buon ma thuot", text.object) == [text.pk]
    recording = Recording.objects.get(object__identifier=tape.identifier)
    assert (recording.title, recording.duration) == ("Lời kể thứ nhất", duration)
    assert [(each.start, each.title) for each in recording.chapters.all()] == [(500, "Mở đầu")]
    assert [each.language for each in recording.captions.all()] == ["rad"]
    assert storage.path_of(recording.delivery).stat().st_size > 0
    said = PageText.objects.get(object__identifier=tape.identifier)
    assert (said.plain, said.locator) == ("Mơ̆ng buon", "part=1&t=0")


@pytest.mark.django_db(transaction=True)
def test_what_was_described_after_the_masters_came_is_kept_too(kept, keeper):
    label_pages(kept, {kept.pages.first().pk: "iv"}, by=keeper)

    written = preserve_descriptions(by=keeper)

    again = preserve_descriptions(by=keeper)
    identifier = kept.identifier
    forget_rows()
    restore_object(identifier, by=keeper)
    assert (written, again) == (1, 0)
    assert Page.objects.get(object__identifier=identifier, position=1).label == "iv"


def test_records_and_collections_that_are_lost_come_back_with_the_object(new_object, tmp_path):
    by = Actor.machine("test")
    top = add_collection(CollectionData(code="dia-chi", name="Địa chí"), by=by)
    maps = add_collection(CollectionData(code="ban-do", name="Bản đồ", parent=top), by=by)
    obj = new_object(records=(RecordFactory(title="Bản đồ Đắk Lắk"),), collections=(maps,))
    add_page_images(obj, pictures(tmp_path, 1), by=by)
    make_ready(obj, by=by)
    forget_rows()
    Record.objects.all().delete()
    maps.delete()
    top.delete()

    restore_object(obj.identifier, by=by)

    back = DigitalObject.objects.get(identifier=obj.identifier)
    assert [row.path for row in back.collections.all()] == ["dia-chi/ban-do/"]
    assert back.collections.get().parent.name == "Địa chí"
    assert [row.title for row in back.records.all()] == ["Bản đồ Đắk Lắk"]


def found_inside(words: str, obj: DigitalObject) -> list[int]:
    """Let the index of pages catch up and ask it."""
    indexer.catch_up(search.page_shelf(), PAGES)
    return list(search.pages().inside(asked_of(parse(words).tree), obj.pk, limit=10).units)


def _corrected_book(new_object, keeper, tmp_path) -> DigitalObject:
    book = new_object()
    page = add_page_images(book, pictures(tmp_path, 2), by=keeper)[1]
    make_ready(book, by=keeper)
    keep_text(page, said("Buon Ma Thuot"), origin=TextOrigin.MACHINE, by=keeper)
    keep_text(page, said("Buôn Ma Thuột"), origin=TextOrigin.CORRECTED, by=keeper)
    archive_text(book, by=keeper)
    return book


def _tape(new_object, keeper, tmp_path) -> DigitalObject:
    tape = new_object("Klei khan Đăm San", kind="audio")
    add_file(tape, sound(tmp_path), by=keeper)
    make_ready(tape, by=keeper)
    recording = tape.recordings.get()
    name_recording(recording, "Lời kể thứ nhất", by=keeper)
    set_chapters(recording, [ChapterData(500, "Mở đầu")], by=keeper)
    set_captions(recording, VTT, language="rad", kind=CaptionsKind.SPOKEN, by=keeper)
    preserve(tape, by=keeper)
    return tape
