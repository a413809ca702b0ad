"""A worker is killed in the middle: the next one goes on, and the end is the same to the byte."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from ocfl import Object

from tangthu.core.actor import Actor
from tangthu.core.queues import LONG
from tangthu.libraries.models import Library
from tangthu.repository import archive, storage
from tangthu.repository.actions import add_file, add_page_images, make_ready
from tangthu.repository.actions.batches import BatchData, open_batch
from tangthu.repository.actions.texts import archive_settled, keep_text
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.policy.kinds import FileRole
from tangthu.repository.policy.texts import TextOrigin
from tangthu.repository.tasks import go_on_with_batch, make_object_ready
from tests.factories import ItemFactory
from tests.repository.making import pictures
from tests.repository.sounds import film, sound
from tests.repository.test_texts import said
from tests.repository.workers import begun, ended, run_until, work
from tests.support.serving import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]


def bytes_of(obj: DigitalObject) -> Mapping[str, str]:
    """Return what every file of the object is known by, and see that it lies on the disk so."""
    found: dict[str, str] = {}
    for file in DigitalFile.objects.filter(object=obj).select_related("page"):
        assert storage.digests_of(storage.path_of(file)).sha256 == file.sha256
        place = file.page.position if file.page else ""
        found[f"{file.role} {place} {file.media_type}"] = file.sha256
    return found


def kept_whole(obj: DigitalObject) -> bool:
    obj.refresh_from_db()
    masters = DigitalFile.objects.filter(object=obj).to_preserve()
    return bool(not masters.exists() and Object().validate(str(archive.folder_of(obj.identifier))))


@pytest.mark.parametrize(
    "stage",
    [
        "call Renderer.deliver",
        "return Renderer.deliver",
        "return _keep_delivery",
        "return _prepare_pages",
        "call _write_version",
        "return link_or_copy",
        "return _replace",
        "call _settle",
        "return add_version",
        "call _remember",
        "return _preserve",
    ],
)
def test_pages_are_drawn_and_kept_whenever_the_worker_is_killed(
    new_object: Callable[..., DigitalObject], keeper: Actor, tmp_path: Path, stage: str
) -> None:
    undisturbed, obj = new_object("Một"), new_object("Hai")
    for each in (undisturbed, obj):
        add_page_images(each, pictures(tmp_path, 2), by=keeper)
    make_ready(undisturbed, by=keeper)
    make_object_ready.enqueue(obj.pk)
    assert ended(begun(lambda: run_until(stage, work))) == -signal.SIGKILL

    assert ended(begun(work)) == 0

    assert bytes_of(obj) == bytes_of(undisturbed)
    assert all(page.is_ready for page in obj.pages.all())
    assert kept_whole(obj)
    assert obj.preserved_version == 1


@pytest.mark.parametrize(
    "stage",
    [
        "call _require_whole",
        "return create_object",
        "return _object_of",
        "call _store_pages",
        "return _store_pages",
        "return Renderer.deliver",
        "return _bring_in",
    ],
)
def test_a_batch_makes_each_object_once_whenever_the_worker_is_killed(
    province: Library, keeper: Actor, tmp_path: Path, stage: str
) -> None:
    numbers = ("DC.000012", "DC.000013")
    for number in numbers:
        ItemFactory(library=province, accession_number=number)
        scans = tmp_path / "lo" / number
        scans.mkdir(parents=True)
        for place, scan in enumerate(pictures(tmp_path, 2), 1):
            scan.path.rename(scans / f"{place}.png")
    data = BatchData(name="Lô", path=tmp_path / "lo", rights="PDM", access="public")
    batch = open_batch(data, library=province, by=keeper)
    go_on_with_batch.enqueue(batch.pk)
    assert ended(begun(lambda: run_until(stage, lambda: work(LONG)))) == -signal.SIGKILL

    assert ended(begun(lambda: work(LONG))) == 0

    batch.refresh_from_db()
    states = list(batch.entries.values_list("folder", "state"))
    assert (batch.state, states) == ("done", [(number, "done") for number in numbers])
    objects = DigitalObject.objects.all()
    assert [obj.pages.ready().count() for obj in objects] == [2, 2]


@pytest.mark.parametrize(
    "stage", ["call encode", "return encode", "return still", "call _keep", "return _keep"]
)
def test_a_film_is_made_playable_whenever_the_worker_is_killed(
    new_object: Callable[..., DigitalObject], keeper: Actor, tmp_path: Path, stage: str
) -> None:
    undisturbed, obj = new_object("Một", kind="video"), new_object("Hai", kind="video")
    made = film(tmp_path, seconds=1)
    for each in (undisturbed, obj):
        add_file(each, made, by=keeper)
    make_ready(undisturbed, by=keeper)
    make_object_ready.enqueue(obj.pk)
    assert ended(begun(work)) == 0
    assert ended(begun(lambda: run_until(stage, lambda: work(LONG)))) == -signal.SIGKILL

    assert ended(begun(lambda: work(LONG))) == 0

    assert bytes_of(obj) == bytes_of(undisturbed)
    assert obj.recordings.get().delivery is not None
    assert kept_whole(obj)


@pytest.mark.parametrize(
    "stage", ["return _write_zip", "return _store", "call add_version", "return add_version"]
)
def test_text_reaches_the_archive_whenever_the_process_is_killed(
    draft: DigitalObject, keeper: Actor, tmp_path: Path, stage: str
) -> None:
    [page] = add_page_images(draft, pictures(tmp_path, 1), by=keeper)
    make_ready(draft, by=keeper)
    masters = bytes_of(draft)
    keep_text(page, said("Đắk Lắk"), origin=TextOrigin.MACHINE, by=keeper)
    later = timezone.now() + timedelta(hours=2)

    def archiving() -> None:
        archive_settled(before=later, by=keeper)

    assert ended(begun(lambda: run_until(stage, archiving))) == -signal.SIGKILL

    archiving()
    make_ready(draft, by=keeper)

    kept = DigitalFile.objects.get(object=draft, role=FileRole.TEXT)
    assert kept.preserved_version == 2
    assert masters.items() <= bytes_of(draft).items()
    assert kept_whole(draft)


def encoding(obj: DigitalObject) -> bool:
    """Tell whether something of what is to be played lies on the disk already."""
    folder = storage.file_path(storage.new_delivery(obj.identifier, ".x")).parent
    return folder.is_dir() and any(each.stat().st_size for each in folder.iterdir())


@pytest.fixture
def tape(new_object: Callable[..., DigitalObject], keeper: Actor, tmp_path: Path) -> DigitalObject:
    """A tape that takes seconds to encode, in the archive already."""
    obj = new_object("Khan Đăm San", kind="audio")
    add_file(obj, sound(tmp_path, "băng.flac", seconds=400), by=keeper)
    make_object_ready.enqueue(obj.pk)
    assert ended(begun(work)) == 0
    return obj


def test_a_page_is_ready_while_a_long_tape_is_still_encoded(
    tape: DigitalObject, draft: DigitalObject, keeper: Actor, tmp_path: Path
) -> None:
    encoder = begun(lambda: work(LONG))
    assert eventually(lambda: encoding(tape), within=20)
    add_page_images(draft, pictures(tmp_path, 1), by=keeper)
    make_object_ready.enqueue(draft.pk)

    assert ended(begun(work)) == 0

    page_is_ready, tape_is_ready = (
        draft.pages.get().is_ready,
        tape.recordings.get().delivery is not None,
    )
    assert (page_is_ready, tape_is_ready) == (True, False)
    assert ended(encoder) == 0
    assert tape.recordings.get().delivery is not None


def test_a_tape_is_encoded_anew_when_the_worker_was_killed_over_it(tape: DigitalObject) -> None:
    encoder = begun(lambda: work(LONG))
    assert eventually(lambda: encoding(tape), within=20)
    os.kill(encoder, signal.SIGKILL)
    assert ended(encoder) == -signal.SIGKILL

    assert ended(begun(lambda: work(LONG))) == 0

    played = tape.recordings.get()
    assert 399_000 <= (played.duration or 0) <= 401_000
    assert played.delivery is not None
    assert storage.digests_of(storage.path_of(played.delivery)).sha256 == played.delivery.sha256
