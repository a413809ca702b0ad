"""Batches: an object for each folder that names one record."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tangthu.catalogue.models import MatchKey
from tangthu.repository.actions.batches import BatchData, open_batch, run_batch
from tangthu.repository.actions.matching import match_of
from tangthu.repository.errors import FileRefused
from tangthu.repository.models import DigitalObject, IngestBatch, IngestEntry
from tests.factories import ItemFactory, RecordFactory
from tests.repository.making import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(province):
    return ItemFactory(library=province, accession_number="DC.000012", barcode="DLK00012")


def folders(root: Path, **names: int) -> Path:
    """Make folders of so many scans each; numbered 10 before 9 by the alphabet."""
    for name, count in names.items():
        folder = root / name.replace("_", ".")
        folder.mkdir(parents=True)
        for number in range(1, count + 1):
            picture(folder, f"{number}.png", ink=number).path.rename(folder / f"{number}.png")
    return root


def zipped(folder: Path) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.rglob("*"):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return path


def run(path: Path, library, keeper) -> IngestBatch:
    data = BatchData(name="Lô tháng 11", path=path, rights="PDM", access="public")
    return run_batch(open_batch(data, library=library, by=keeper), by=keeper)


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_a_folder_named_by_an_accession_number_becomes_an_object(
    item, province, keeper, tmp_path, packed
):
    folder = folders(tmp_path / "lo", DC_000012=11)

    batch = run(zipped(folder) if packed else folder, province, keeper)

    assert batch.state == "done"
    obj = DigitalObject.objects.get()
    assert (obj.title, obj.rights, obj.access, obj.state) == (
        item.record.title,
        "PDM",
        "public",
        "draft",
    )
    assert list(obj.records.all()) == [item.record]
    assert [page.master.name for page in obj.pages.with_files()] == [
        f"{number}.png" for number in range(1, 12)
    ]
    assert all(page.is_ready for page in obj.pages.all())
    entry = IngestEntry.objects.get()
    assert (entry.folder, entry.files, entry.matched_by, entry.state) == (
        "DC.000012",
        11,
        "accession",
        "done",
    )


def test_what_names_no_record_is_noted_and_the_rest_comes_in(item, province, keeper, tmp_path):
    folder = folders(tmp_path / "lo", DC_000012=1, KHONGCO=1)

    batch = run(folder, province, keeper)

    assert batch.state == "done"
    assert list(batch.entries.values_list("folder", "state", "fault")) == [
        ("DC.000012", "done", ""),
        ("KHONGCO", "refused", "no_record"),
    ]
    assert DigitalObject.objects.count() == 1


def test_a_folder_with_a_bad_file_brings_nothing_in(item, province, keeper, tmp_path):
    folder = folders(tmp_path / "lo", DC_000012=1)
    (folder / "DC.000012" / "2.png").write_bytes(b"")

    batch = run(folder, province, keeper)

    assert batch.entries.get().fault == "empty"
    assert not DigitalObject.objects.filter(pages__isnull=False).exists()


def test_a_batch_goes_on_where_it_stopped(item, province, keeper, tmp_path):
    folder = folders(tmp_path / "lo", DC_000012=2)
    batch = run(folder, province, keeper)
    IngestEntry.objects.update(state="waiting")

    run_batch(batch, by=keeper)

    assert DigitalObject.objects.get().pages.count() == 2


def test_a_zip_that_is_none_fails_as_a_whole(province, keeper, tmp_path):
    path = tmp_path / "lo.zip"
    path.write_bytes(b"PK\x03\x04 nothing")

    batch = run(path, province, keeper)

    assert (batch.state, batch.fault) == ("failed", "damaged_archive")


def test_a_record_is_found_by_its_number_in_001_and_by_isbn(province):
    record = RecordFactory(library=province, control_number="vn0077")
    MatchKey.objects.create(record=record, kind="isbn", key="9786049876547")

    assert match_of("vn0077", library=province).by == "control"
    assert match_of("978-604-98765-4-7", library=province).record == record


def test_a_number_that_two_records_have_names_none(province):
    RecordFactory(library=province, control_number="vn0077")
    RecordFactory(library=province, control_number="vn0077")

    with pytest.raises(FileRefused) as refused:
        match_of("vn0077", library=province)

    assert refused.value.fault == "several_records"


def test_an_accession_number_counts_in_its_own_library_alone(commune, province):
    ItemFactory(library=commune, accession_number="DC.000012", barcode="EAK1")

    with pytest.raises(FileRefused):
        match_of("DC.000012", library=province)
