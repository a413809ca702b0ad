"""What is kept is read again, handed out whole, and lost in no power cut."""

from __future__ import annotations

from datetime import timedelta

import bagit
import pytest
from django.utils import timezone
from ocfl import Object

from tangthu.core.errors import NotPermitted
from tangthu.repository import archive, storage
from tangthu.repository.actions import add_page_images, make_ready, preserve
from tangthu.repository.actions.fixity import check_longest_unchecked, check_object
from tangthu.repository.actions.sweeping import sweep
from tangthu.repository.bags import Folder, write_bag
from tangthu.repository.errors import ArchiveBroken, FileDamaged
from tangthu.repository.models import DigitalFile, PreservationEvent
from tangthu.site import health
from tangthu.site.checks import State
from tests.repository.making import picture, pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(draft, keeper, tmp_path):
    add_page_images(draft, pictures(tmp_path, 2), by=keeper)
    make_ready(draft, by=keeper)
    return draft


def is_valid(identifier: str) -> bool:
    passed, _ = Object().validate(str(archive.folder_of(identifier)), log_warnings=False)
    return bool(passed)


def flip(file: DigitalFile) -> None:
    """Change one bit, as an old disk does."""
    path = storage.path_of(file)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def test_whole_files_are_found_whole(kept, keeper):
    damaged = check_object(kept, by=keeper)

    assert damaged == 0
    outcomes = PreservationEvent.objects.filter(kind="fixity_check").values_list("outcome")
    assert list(outcomes) == [("success",), ("success",)]


def test_one_flipped_bit_raises_the_alarm(kept, keeper, caplog):
    flip(kept.files.preserved().first())

    damaged = check_object(kept, by=keeper)

    assert damaged == 1
    assert DigitalFile.objects.damaged().count() == 1
    assert PreservationEvent.objects.get(outcome="failure").detail.startswith("SHA-256")
    assert "kept file damaged" in caplog.messages
    assert not is_valid(kept.identifier)


def test_a_missing_file_raises_the_alarm(kept, keeper):
    storage.path_of(kept.files.preserved().first()).unlink()

    damaged = check_object(kept, by=keeper)

    assert damaged == 1
    assert PreservationEvent.objects.get(outcome="failure").detail == "missing"


def test_the_alarm_ends_when_the_file_is_brought_back(kept, keeper):
    file = kept.files.preserved().first()
    whole = storage.path_of(file).read_bytes()
    flip(file)
    check_object(kept, by=keeper)

    storage.path_of(file).write_bytes(whole)
    check_object(kept, by=keeper)

    assert not DigitalFile.objects.damaged().exists()


def test_the_doctor_tells_of_damage(kept, keeper):
    well = health.masters()
    flip(kept.files.preserved().first())
    check_object(kept, by=keeper)

    found = health.masters()

    assert (well.state, found.state) == (State.WELL, State.BROKEN)
    assert found.advice


def test_the_doctor_tells_of_files_that_wait_to_be_kept(draft, keeper, tmp_path):
    add_page_images(draft, [picture(tmp_path)], by=keeper)
    DigitalFile.objects.update(created_at=timezone.now() - timedelta(hours=7))

    assert health.masters().state is State.WARNING


def test_the_schedule_reads_what_was_not_read_for_a_season(kept):
    now = timezone.now()
    first, second = kept.files.preserved()
    DigitalFile.objects.filter(pk=first.pk).update(checked_at=now - timedelta(days=91))

    read = check_longest_unchecked(now=now)

    assert read == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.checked_at >= now
    assert second.checked_at < now


def test_who_may_not_preserve_does_not_check(kept, cataloguer):
    with pytest.raises(NotPermitted):
        check_object(kept, by=cataloguer)


def test_a_file_that_changed_on_its_way_does_not_enter_the_archive(draft, keeper, tmp_path):
    add_page_images(draft, [picture(tmp_path)], by=keeper)
    flip(draft.files.get())

    with pytest.raises(FileDamaged):
        preserve(draft, by=keeper)

    assert not archive.folder_of(draft.identifier).exists()


def test_a_bag_is_whole_and_tells_everything(kept, tmp_path):
    write_bag(kept, Folder(tmp_path / "bag"))

    bag = bagit.Bag(str(tmp_path / "bag"))
    assert bag.is_valid()
    assert bag.info["External-Identifier"] == kept.identifier
    assert sorted(path.name for path in (tmp_path / "bag/data").rglob("*.png")) == [
        "trang 1.png",
        "trang 2.png",
    ]
    assert kept.identifier in (tmp_path / "bag/data/object.json").read_text()


def test_to_alter_a_bag_alters_no_master(kept, keeper, tmp_path):
    write_bag(kept, Folder(tmp_path / "bag"))

    assert bagit.Bag(str(tmp_path / "bag")).is_valid()
    assert is_valid(kept.identifier)
    assert check_object(kept, by=keeper) == 0


def test_a_version_begun_when_the_power_failed_is_made_anew(kept, keeper, tmp_path):
    unfinished = archive.folder_of(kept.identifier) / "v2" / "content"
    unfinished.mkdir(parents=True)
    (unfinished / "half").write_bytes(b"half")

    add_page_images(kept, [picture(tmp_path, ink=9)], by=keeper)
    make_ready(kept, by=keeper)

    assert is_valid(kept.identifier)
    assert not (unfinished / "half").exists()


def test_a_power_cut_between_inventory_and_sidecar_is_mended(kept, keeper, tmp_path):
    sidecar = archive.folder_of(kept.identifier) / "inventory.json.sha512"
    sidecar.write_text(f"{'0' * 128} inventory.json\n")

    add_page_images(kept, [picture(tmp_path, ink=9)], by=keeper)
    make_ready(kept, by=keeper)

    assert is_valid(kept.identifier)


def test_an_inventory_that_somebody_altered_stops_the_writer(kept, keeper, tmp_path):
    inventory = archive.folder_of(kept.identifier) / "inventory.json"
    inventory.write_text(inventory.read_text().replace("trang 1", "trang 9"))
    add_page_images(kept, [picture(tmp_path, ink=9)], by=keeper)

    with pytest.raises(ArchiveBroken):
        make_ready(kept, by=keeper)

    assert kept.files.to_preserve().count() == 1


def test_rows_that_a_power_cut_left_behind_catch_up_with_the_archive(kept, keeper):
    file = kept.files.preserved().first()
    at = file.path
    DigitalFile.objects.filter(pk=file.pk).update(path="staging/gone", preserved_version=None)

    preserve(kept, by=keeper)

    file.refresh_from_db()
    assert (file.path, file.preserved_version) == (at, 1)
    assert is_valid(kept.identifier)


def test_a_replaced_reading_copy_goes_after_half_a_day(kept, keeper):
    page = kept.pages.with_files().first()
    old = storage.delivery_path(page.delivery)
    from tangthu.repository.actions import turn_page

    turn_page(page, quarters=2, by=keeper)
    make_ready(kept, by=keeper)
    soon = sweep(now=timezone.now())
    later = sweep(now=timezone.now() + timedelta(hours=13))

    assert (soon, later) == (0, 1)
    assert not old.exists()
    assert kept.files.preserved().count() == 2


def test_masters_are_never_forgotten(kept):
    with pytest.raises(ValueError, match="never removed"):
        storage.forget(kept.files.preserved().first().path)


def test_the_doctor_tells_lost_reading_copies_from_lost_masters(kept):
    page = kept.pages.select_related("delivery", "master").first()

    storage.path_of(page.delivery).unlink()
    copies = health.masters()
    storage.path_of(page.master).unlink()
    masters = health.masters()

    assert (copies.state, copies.seen) == (State.WARNING, "mất 1 bản để đọc; bản gốc vẫn còn")
    assert "restore-objects" in copies.advice
    assert (masters.state, masters.seen) == (State.BROKEN, "1 bản gốc không còn ở nơi đã cất")
