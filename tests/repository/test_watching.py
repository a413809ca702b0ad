"""The watched folder: left alone while a scanner writes, then taken in and moved aside."""

from __future__ import annotations

import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tangthu.repository.actions import watching
from tangthu.repository.actions.batch_previews import Choices, accept_batch, settle_batch
from tangthu.repository.actions.batches import BatchData
from tangthu.repository.actions.watching import Claim, take_in_claim, watch
from tangthu.repository.models import DigitalObject, IngestBatch
from tests.factories import ItemFactory
from tests.repository.making import picture

pytestmark = pytest.mark.django_db
START = timezone.now()


@pytest.fixture
def watched(settings, tmp_path_factory, province) -> Path:
    """The folder of the provincial library."""
    root = tmp_path_factory.mktemp("scans")
    settings.WATCHED_FOLDER = str(root)
    folder = root / province.code
    folder.mkdir()
    return folder


@pytest.fixture
def item(province):
    return ItemFactory(library=province, barcode="DKL0001")


def scan(folder: Path, name: str, ink: int = 1) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    made = picture(folder, name, ink=ink)
    return made.path.rename(folder / name)


def taken_in(claim: Claim, keeper) -> IngestBatch | None:
    """Look through what came, check it and take it in."""
    seen = take_in_claim(claim)
    assert seen is not None
    assert seen.state == "looked"
    data = BatchData(name=seen.name, path=Path(seen.stored_path), rights="PDM")
    settle_batch(seen, data, Choices(), by=keeper)
    accept_batch(seen, by=keeper)
    return take_in_claim(claim)


def look(minutes: float) -> list[Claim]:
    return watch(now=START + timedelta(minutes=minutes))


def names(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


def test_a_finished_folder_is_shown_then_taken_in_and_moved_aside(watched, item, keeper):
    for number in (1, 2):
        scan(watched / "DKL0001", f"{number}.png", number)

    assert look(0) == []
    [claim] = look(2)
    batch = taken_in(claim, keeper)

    assert batch.state == "done"
    obj = DigitalObject.objects.get()
    assert (obj.pages.count(), obj.access, obj.state) == (2, "staff", "draft")
    assert [name.split("/", 2)[2] for name in names(watched)] == ["DKL0001/1.png", "DKL0001/2.png"]
    assert names(watched)[0].startswith("xong/")
    assert look(5) == []


def test_a_folder_that_grows_is_left_alone(watched, item):
    scan(watched / "DKL0001", "1.png", 1)
    look(0)
    page = scan(watched / "DKL0001", "2.png", 2)

    assert look(2) == []
    with page.open("ab") as writing:
        writing.write(b"more")
    assert look(4) == []
    assert look(5) == []
    assert len(look(6)) == 1


def test_what_is_not_taken_in_lies_apart_with_the_reason(watched, keeper):
    scan(watched / "KHONG-CO", "1.png")
    look(0)

    taken_in(look(3)[0], keeper)

    assert not DigitalObject.objects.exists()
    [reason] = [name for name in names(watched) if name.endswith("ly-do.txt")]
    assert reason.startswith("loi/")
    assert (watched / reason).read_text(encoding="utf-8").startswith("KHONG-CO: ")


def test_loose_files_and_zip_files_are_taken_in_too(watched, item, keeper):
    scan(watched, "DKL0001_1.png", 1)
    scan(watched, "DKL0001_2.png", 2)
    with zipfile.ZipFile(watched / "lô.zip", "w") as archive:
        archive.write(watched / "DKL0001_1.png", "DKL0001/1.png")
    look(0)

    claims = look(3)
    for claim in claims:
        taken_in(claim, keeper)

    assert len(claims) == 2
    assert {obj.pages.count() for obj in DigitalObject.objects.all()} == {1, 2}


def test_work_that_was_broken_off_goes_on_later(watched, item, keeper):
    scan(watched / "DKL0001", "1.png")
    look(0)
    [claim] = look(3)

    assert look(10) == []
    later = (timezone.now() - START).total_seconds() / 60 + 60 * 7
    assert look(later) == [claim]
    taken_in(claim, keeper)
    take_in_claim(claim)

    assert IngestBatch.objects.count() == DigitalObject.objects.count() == 1


def test_what_nobody_watches_stays_where_it_is(settings, watched, item):
    scan(watched / "DKL0001", "1.png")
    stranger = watched.parent / "KHONG-PHAI-THU-VIEN"
    shutil.copytree(watched, stranger)
    (watched / "duong-tat").symlink_to("/etc")
    (watched / ".an").write_text("x", encoding="utf-8")

    look(0)
    claims = look(3)
    settings.WATCHED_FOLDER = ""

    assert len(claims) == 1
    assert (watched / "duong-tat").is_symlink()
    assert names(stranger) == ["DKL0001/1.png"]
    assert look(6) == []
    assert watching.take_in_claim(claims[0]) is None
