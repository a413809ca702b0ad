"""What is lost comes back: reading copies from masters, the rows from the archive itself."""

from __future__ import annotations

import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tangthu.core.errors import NotPermitted
from tangthu.repository import archive, storage
from tangthu.repository.actions import (
    SectionData,
    add_page_images,
    make_ready,
    preserve,
    set_sections,
    turn_page,
)
from tangthu.repository.actions.restoring import lost_pages, redraw_lost, restore_object
from tangthu.repository.describing import description_of
from tangthu.repository.errors import ArchiveBroken
from tangthu.repository.models import (
    DigitalFile,
    DigitalObject,
    ObjectRecord,
    Page,
    PreservationEvent,
    Section,
)
from tests.conftest import client_of
from tests.factories import RecordFactory
from tests.repository.making import picture, pictures

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
