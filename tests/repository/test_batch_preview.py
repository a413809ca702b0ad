"""A batch is looked at before it is taken in: what each folder stands for, and what it shall be."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from tangthu.access.models import User
from tangthu.catalogue.models import Item
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.repository import storage
from tangthu.repository.actions.batches import BatchData, open_batch
from tangthu.repository.models import (
    Collection,
    DigitalObject,
    IngestBatch,
    IngestEntry,
    ObjectRecord,
)
from tests.conftest import client_of
from tests.factories import ItemFactory, RecordFactory
from tests.repository.making import picture
from tests.repository.test_uploads import TUS, metadata, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(province: Library) -> Item:
    return ItemFactory(library=province, accession_number="DC.000012", barcode="DLK00012")


@pytest.fixture
def shelf() -> Collection:
    return Collection.objects.create(code="dia-chi", name="Địa chí", path="dia-chi/")


@pytest.fixture
def browser(keeper_user: User) -> Client:
    return client_of(keeper_user)


def packed(folder: Path, files: dict[str, bytes | None]) -> bytes:
    """Pack scans of these names, or what is given instead of one."""
    path = folder / "lo.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, content) in enumerate(files.items()):
            drawn = picture(folder, ink=number).path.read_bytes() if content is None else content
            archive.writestr(name, drawn)
    return path.read_bytes()


def work() -> None:
    """Do what the workers would do, until nothing waits."""
    while (task := DBTaskResult.objects.ready().first()) is not None:
        task.delete()
        task.task.func(*task.args_kwargs["args"])


def uploaded(browser: Client, content: bytes) -> IngestBatch:
    told = TUS | {
        "Upload-Length": str(len(content)),
        "Upload-Metadata": metadata(filename="Lô.zip"),
    }
    where = str(browser.post("/desk/digital/uploads/", headers=told)["Location"])
    sent(browser, where, content, offset=0)
    work()
    return IngestBatch.objects.get()


def page_of(batch: IngestBatch) -> str:
    return f"/desk/digital/batches/{batch.pk}/"


TERMS = {"rights": "PDM", "access": "on_request", "embargo_until": "2027-01-01"}


def test_what_was_sent_is_shown_and_nothing_is_taken_in(
    browser: Client, item: Item, tmp_path: Path
) -> None:
    scans = packed(tmp_path, {"DC.000012/1.png": None, "DC.000012/2.png": None, "la/1.png": None})

    batch = uploaded(browser, scans)
    page = browser.get(page_of(batch)).content.decode()

    assert batch.state == "looked"
    assert list(batch.entries.values_list("folder", "files", "record", "matched_by", "fault")) == [
        ("DC.000012", 2, item.record.pk, "accession", ""),
        ("la", 1, None, "", "no_record"),
    ]
    assert not DigitalObject.objects.exists()
    assert item.record.title in page
    assert "1 thư mục chưa khớp" in page


def test_it_is_not_taken_in_without_a_statement_of_rights(
    browser: Client, item: Item, tmp_path: Path
) -> None:
    batch = uploaded(browser, packed(tmp_path, {"DC.000012/1.png": None}))

    answer = browser.post(page_of(batch), {"access": "public", "accept": "1"})

    assert answer.status_code == 422
    work()
    assert not DigitalObject.objects.exists()


def test_every_object_becomes_what_was_chosen_once(
    browser: Client, item: Item, shelf: Collection, tmp_path: Path
) -> None:
    batch = uploaded(browser, packed(tmp_path, {"DC.000012/1.png": None}))

    browser.post(page_of(batch), TERMS | {"collections": [shelf.pk], "accept": "1"})
    work()

    obj = DigitalObject.objects.get()
    assert (obj.rights, obj.access, obj.embargo_until) == ("PDM", "on_request", date(2027, 1, 1))
    assert list(obj.collections.all()) == [shelf]
    batch.refresh_from_db()
    assert (batch.state, batch.rights, list(batch.collections.all())) == ("done", "PDM", [shelf])
    assert not list(storage.file_path("staging").glob("*.batch"))


def test_what_names_nothing_is_matched_by_hand(
    browser: Client, item: Item, province: Library, tmp_path: Path
) -> None:
    other = RecordFactory(library=province, control_number="vn0077")
    batch = uploaded(browser, packed(tmp_path, {"DC.000012/1.png": None, "la/1.png": None}))
    strange = batch.entries.get(folder="la")

    browser.post(page_of(batch), TERMS | {f"match-{strange.pk}": "vn0077", "accept": "1"})
    work()

    strange.refresh_from_db()
    assert (strange.state, strange.matched_by, strange.record) == ("done", "hand", other)
    assert DigitalObject.objects.count() == 2


def test_a_number_that_nobody_knows_is_told_and_nothing_is_saved(
    browser: Client, item: Item, tmp_path: Path
) -> None:
    batch = uploaded(browser, packed(tmp_path, {"la/1.png": None}))
    strange = batch.entries.get()

    answer = browser.post(page_of(batch), TERMS | {f"match-{strange.pk}": "KHÔNG", "accept": "1"})

    assert answer.status_code == 422
    assert "KHÔNG" in answer.content.decode()
    batch.refresh_from_db()
    assert (batch.state, batch.rights) == ("looked", "")


def test_every_bad_file_is_told_by_its_name_and_the_folder_can_be_tried_again(
    browser: Client, item: Item, tmp_path: Path
) -> None:
    scans = {"DC.000012/1.png": None, "DC.000012/2.png": b"", "DC.000012/3.png": b"MZ\x90\x00"}
    batch = uploaded(browser, packed(tmp_path, scans))

    browser.post(page_of(batch), TERMS | {"accept": "1"})
    work()

    entry = IngestEntry.objects.get()
    assert (entry.state, entry.fault) == ("refused", "empty")
    assert list(entry.faults.values_list("name", "fault")) == [
        ("DC.000012/2.png", "empty"),
        ("DC.000012/3.png", "unknown_type"),
    ]
    page = browser.get(page_of(batch)).content.decode()
    assert "DC.000012/2.png" in page
    assert "DC.000012/3.png" in page
    assert not DigitalObject.objects.exists()
    assert list(storage.file_path("staging").glob("*.batch"))


def test_a_batch_is_accepted_once(browser: Client, item: Item, tmp_path: Path) -> None:
    batch = uploaded(browser, packed(tmp_path, {"DC.000012/1.png": None}))

    for _ in range(2):
        browser.post(page_of(batch), TERMS | {"accept": "1"})
    work()

    assert DigitalObject.objects.count() == 1


def test_a_batch_of_another_library_is_not_there(
    browser: Client, item: Item, neighbour_user: User, tmp_path: Path
) -> None:
    batch = uploaded(browser, packed(tmp_path, {"DC.000012/1.png": None}))

    assert client_of(neighbour_user).get(page_of(batch)).status_code in {403, 404}


def test_the_page_of_batches_asks_again_until_the_workers_are_done(
    browser: Client, item: Item, tmp_path: Path
) -> None:
    content = packed(tmp_path, {"DC.000012/1.png": None})
    told = TUS | {
        "Upload-Length": str(len(content)),
        "Upload-Metadata": metadata(filename="Lô.zip"),
    }
    where = str(browser.post("/desk/digital/uploads/", headers=told)["Location"])
    sent(browser, where, content, offset=0)
    asked = {"HX-Request": "true"}

    before = browser.get("/desk/digital/batches/", headers=asked).content.decode()
    work()
    after = browser.get("/desk/digital/batches/", headers=asked).content.decode()

    assert before.lstrip().startswith("<div")
    assert "every 3s" in before
    assert "đang được xem qua" in before
    assert "every 3s" not in after
    assert "Chờ kiểm tra" in after
    assert "0 / 1" in after


def test_a_batch_that_is_being_taken_in_asks_for_its_state(
    browser: Client, item: Item, tmp_path: Path
) -> None:
    batch = uploaded(browser, packed(tmp_path, {"DC.000012/1.png": None}))
    browser.post(page_of(batch), TERMS | {"accept": "1"})

    before = browser.get(page_of(batch)).content.decode()
    work()
    after = browser.get(page_of(batch), headers={"HX-Request": "true"}).content.decode()

    assert "every 3s" in before
    assert "every 3s" not in after
    assert "<html" not in after
    assert "Đã tiếp nhận" in after


def test_a_record_that_has_a_digital_object_already_is_told_and_may_be_left_out(
    browser: Client, item: Item, draft: DigitalObject, tmp_path: Path
) -> None:
    ObjectRecord.objects.create(object=draft, record=item.record, position=1)
    batch = uploaded(browser, packed(tmp_path, {"DC.000012/1.png": None}))
    entry = batch.entries.get()
    page = browser.get(page_of(batch)).content.decode()

    browser.post(page_of(batch), TERMS | {"shown": entry.pk, "leave": entry.pk, "accept": "1"})
    work()

    assert "Đã có tài liệu số" in page
    assert f"/desk/digital/{draft.identifier}/" in page
    entry.refresh_from_db()
    assert (entry.state, list(DigitalObject.objects.all())) == ("left_out", [draft])
    batch.refresh_from_db()
    assert batch.state == "done"
    assert not list(storage.file_path("staging").glob("*.batch"))


def test_what_was_left_out_is_taken_in_once_its_mark_is_gone(
    browser: Client, item: Item, tmp_path: Path
) -> None:
    batch = uploaded(browser, packed(tmp_path, {"DC.000012/1.png": None}))
    entry = batch.entries.get()
    browser.post(page_of(batch), TERMS | {"shown": entry.pk, "leave": entry.pk})

    entry.refresh_from_db()
    before = entry.state
    browser.post(page_of(batch), TERMS | {"shown": entry.pk, "accept": "1"})
    work()

    entry.refresh_from_db()
    assert (before, entry.state) == ("left_out", "done")
    assert DigitalObject.objects.count() == 1


def test_a_withdrawn_object_of_the_record_is_no_reason_to_ask(
    browser: Client, item: Item, draft: DigitalObject, tmp_path: Path
) -> None:
    ObjectRecord.objects.create(object=draft, record=item.record, position=1)
    DigitalObject.objects.update(state="withdrawn")
    batch = uploaded(browser, packed(tmp_path, {"DC.000012/1.png": None}))

    assert "Đã có tài liệu số" not in browser.get(page_of(batch)).content.decode()


@pytest.mark.parametrize("numbers", ["²", "9" * 40, "-1", "abc"])
def test_numbers_of_folders_that_are_none_change_nothing(
    browser: Client, item: Item, tmp_path: Path, numbers: str
) -> None:
    batch = uploaded(browser, packed(tmp_path, {"DC.000012/1.png": None}))

    told = {"shown": numbers, "leave": numbers, f"match-{numbers}": "DC.000012"}
    answer = browser.post(page_of(batch), TERMS | told)

    assert answer.status_code == 302
    assert batch.entries.get().state == "waiting"


def test_a_batch_that_no_person_sent_says_so_in_words(browser: Client, province: Library) -> None:
    data = BatchData(name="Máy quét 2", path=Path("/nowhere"))
    open_batch(data, library=province, by=Actor.machine("watched-folder", library_id=province.pk))

    page = browser.get("/desk/digital/batches/").content.decode()

    assert "Thư mục theo dõi" in page
    assert "watched-folder" not in page
