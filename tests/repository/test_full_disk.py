"""The disk is full in the middle of the work: it is said, nothing is half, and it goes on later."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from ocfl import Object
from PIL import Image

from tangthu.core.actor import Actor
from tangthu.repository import archive, storage
from tangthu.repository.actions import (
    Incoming,
    add_file,
    add_page_images,
    make_ready,
    prepare_pages,
    preserve,
)
from tangthu.repository.actions.texts import archive_settled, keep_text
from tangthu.repository.errors import StoreFull
from tangthu.repository.models import DigitalFile, DigitalObject, PageText, Upload
from tangthu.repository.policy import limits
from tangthu.repository.policy.kinds import FileRole
from tangthu.repository.policy.texts import TextOrigin
from tangthu.repository.tasks import take_up_unfinished
from tests.conftest import client_of
from tests.repository.disks import fill, mounted
from tests.repository.sounds import film
from tests.repository.test_texts import said
from tests.repository.test_uploads import begun, sent

pytestmark = pytest.mark.django_db
KIB = 1024


@pytest.fixture
def disk(
    tmp_path_factory: pytest.TempPathFactory, settings: pytest.FixtureRequest
) -> Iterator[Path]:
    """The disk that all files of the library lie on: six megabytes."""
    with mounted(tmp_path_factory.mktemp("disk"), megabytes=6) as folder:
        default = {**settings.STORAGES["default"], "OPTIONS": {"location": folder}}
        settings.STORAGES = {**settings.STORAGES, "default": default}
        yield folder


def noise(folder: Path, ink: int = 0) -> Incoming:
    """A page that nothing makes smaller, of some 700 kB."""
    path = folder / f"{ink}-noise.png"
    Image.effect_noise((800, 900), 90 + ink).convert("L").save(path)
    return Incoming(path, f"trang {ink}.png")


def files_in(disk: Path, folder: str) -> dict[str, str]:
    """Return the digest of every file there, by its path."""
    found = [path for path in (disk / folder).rglob("*") if path.is_file()]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(found)}


def work() -> None:
    """Do what the workers would do, until nothing waits."""
    while (task := DBTaskResult.objects.ready().first()) is not None:
        task.delete()
        task.task.func(*task.args_kwargs["args"])


def test_an_upload_stops_at_the_full_disk_and_goes_on_when_there_is_room(
    disk: Path,
    draft: DigitalObject,
    keeper_user: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "DISK_RESERVE", 0)
    content = noise(tmp_path).path.read_bytes()
    client: Client = client_of(keeper_user)
    where = begun(client, draft, length=len(content))
    half = len(content) // 2
    sent(client, where, content[:half], offset=0)
    filler = fill(disk)

    refused = sent(client, where, content[half:], offset=half)

    assert refused.status_code == 507
    assert "hết chỗ" in refused.content.decode()
    safe = Upload.objects.get().offset
    assert half <= safe < len(content)
    filler.unlink()
    assert sent(client, where, content[safe:], offset=safe).status_code == 204
    work()
    assert draft.pages.get().master.sha256 == hashlib.sha256(content).hexdigest()


def test_what_came_whole_waits_for_room_and_is_then_taken_in(
    disk: Path,
    draft: DigitalObject,
    keeper_user: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "DISK_RESERVE", 0)
    content = noise(tmp_path).path.read_bytes()
    client: Client = client_of(keeper_user)
    sent(client, begun(client, draft, length=len(content)), content, offset=0)
    filler = fill(disk, but=100 * KIB)

    work()

    upload = Upload.objects.get()
    assert (upload.fault, upload.finished_at) == ("disk_full", None)
    assert not DigitalFile.objects.exists()
    assert files_in(disk, "staging") == {}
    filler.unlink()
    take_up_unfinished()
    work()
    page = draft.pages.with_files().get()
    assert page.is_ready
    assert page.master.sha256 == hashlib.sha256(content).hexdigest()
    upload.refresh_from_db()
    assert (upload.fault, upload.finished_at is not None) == ("", True)


def test_a_page_is_not_blamed_for_a_full_disk(
    disk: Path, draft: DigitalObject, keeper: Actor, tmp_path: Path
) -> None:
    add_page_images(draft, [noise(tmp_path)], by=keeper)
    filler = fill(disk, but=40 * KIB)

    with pytest.raises(StoreFull):
        prepare_pages(draft)

    page = draft.pages.get()
    assert (page.fault, page.is_ready) == ("", False)
    assert files_in(disk, "delivery") == {}
    filler.unlink()
    take_up_unfinished()
    work()
    page.refresh_from_db()
    assert page.is_ready


def test_a_film_is_not_blamed_for_a_full_disk(
    disk: Path, new_object: Callable[..., DigitalObject], keeper: Actor, tmp_path: Path
) -> None:
    obj = new_object("Lễ hội", kind="video")
    add_file(obj, film(tmp_path), by=keeper)
    preserve(obj, by=keeper)
    filler = fill(disk, but=4 * KIB)

    with pytest.raises(StoreFull):
        make_ready(obj, by=keeper)

    assert obj.recordings.get().fault == ""
    assert files_in(disk, "delivery") == {}
    filler.unlink()
    take_up_unfinished()
    work()
    assert obj.recordings.get().delivery is not None


def test_the_archive_keeps_its_last_version_whole(
    disk: Path, draft: DigitalObject, keeper: Actor, tmp_path: Path
) -> None:
    add_page_images(draft, [noise(tmp_path, 1)], by=keeper)
    make_ready(draft, by=keeper)
    before = files_in(disk, "masters")
    add_page_images(draft, [noise(tmp_path, 2)], by=keeper)
    filler = fill(disk)

    with pytest.raises(StoreFull):
        preserve(draft, by=keeper)

    assert files_in(disk, "masters") == before
    draft.refresh_from_db()
    assert draft.preserved_version == 1
    filler.unlink()
    take_up_unfinished()
    work()
    folder = archive.folder_of(draft.identifier)
    replaced = {str(folder / name) for name in ("inventory.json", "inventory.json.sha512")}
    after = files_in(disk, "masters")
    lasting = {path: was for path, was in before.items() if path not in replaced}
    assert lasting.items() <= after.items()
    assert replaced <= before.keys() & after.keys()
    assert Object().validate(str(folder))
    draft.refresh_from_db()
    assert draft.preserved_version == 2


def test_text_goes_into_the_archive_once_there_is_room(
    disk: Path, draft: DigitalObject, keeper: Actor, tmp_path: Path
) -> None:
    [page] = add_page_images(draft, [noise(tmp_path)], by=keeper)
    make_ready(draft, by=keeper)
    before = files_in(disk, "masters")
    keep_text(page, said("Đắk Lắk"), origin=TextOrigin.MACHINE, by=keeper)
    filler = fill(disk)
    later = timezone.now() + timedelta(hours=2)

    with pytest.raises(StoreFull):
        archive_settled(before=later, by=keeper)

    assert files_in(disk, "masters") == before
    assert PageText.objects.get().plain == "Đắk Lắk"
    filler.unlink()
    archive_settled(before=later, by=keeper)
    take_up_unfinished()
    work()
    kept = DigitalFile.objects.get(role=FileRole.TEXT)
    assert kept.preserved_version == 2
    assert storage.path_of(kept).is_relative_to(disk / "masters")
