"""A whole collection is handed out with its records, a register, and the digest of every file."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import bagit
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tangthu.access.models import RoleGrant
from tangthu.catalogue.actions import add_record
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tangthu.repository import storage
from tangthu.repository.actions import add_page_images, make_ready
from tangthu.repository.actions.collections import CollectionData, add_collection
from tangthu.repository.actions.exporting import export_collection
from tangthu.repository.actions.sweeping import sweep
from tangthu.repository.bags import Folder
from tangthu.repository.models import Collection, CollectionExport
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.tasks import hand_out_collection
from tests.conftest import client_of
from tests.factories import UserFactory, grant, marc_of
from tests.repository.disks import fill, mounted
from tests.repository.making import pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine() -> Actor:
    return Actor.machine("test")


@pytest.fixture
def shelves(machine) -> tuple[Collection, Collection]:
    top = add_collection(CollectionData(code="dia-chi", name="Địa chí"), by=machine)
    return top, add_collection(CollectionData(code="ban-do", name="Bản đồ", parent=top), by=machine)


@pytest.fixture
def kept(new_object, keeper, machine, province, shelves, tmp_path):
    """A book, a map on a shelf below it, and what a community keeps to itself."""
    top, below = shelves
    record = add_record(marc_of("Địa chí Đắk Lắk"), library=province, by=machine)
    book = new_object("Địa chí", collections=(top,), records=(record,))
    chart = new_object("=Bản đồ", collections=(below,))
    secret = new_object("Nghi lễ", collections=(top,), restriction="community")
    for obj in (book, chart, secret):
        add_page_images(obj, pictures(tmp_path, 1), by=keeper)
        make_ready(obj, by=keeper)
    return book, chart, secret


def register(folder: Path) -> list[list[str]]:
    with (folder / "register.csv").open(encoding="utf-8-sig", newline="") as reading:
        return [[row["title"], row["outcome"]] for row in csv.DictReader(reading)]


def test_a_collection_goes_out_with_all_below_it(kept, shelves, keeper, tmp_path):
    book, chart, secret = kept
    out = tmp_path / "out"

    counts = export_collection(shelves[0], Folder(out), by=keeper)

    assert counts == {"exported": 2, "withheld": 1, "damaged": 0}
    assert all(bagit.Bag(str(out / obj.identifier)).is_valid() for obj in (book, chart))
    assert not (out / secret.identifier).exists()
    assert register(out) == [
        ["Địa chí", "exported"],
        ["'=Bản đồ", "exported"],
        ["Nghi lễ", "withheld"],
    ]
    assert "Địa chí Đắk Lắk" in (out / "records.xml").read_text(encoding="utf-8")
    lines = (out / "manifest-sha256.txt").read_text(encoding="utf-8").splitlines()
    told = dict(reversed(line.split("  ", 1)) for line in lines)
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert told.keys() == files - {"manifest-sha256.txt"}
    assert all(hashlib.sha256((out / name).read_bytes()).hexdigest() == told[name] for name in told)
    assert AuditEntry.objects.get(action="collection.exported").object_key == str(shelves[0].pk)


def test_a_damaged_file_is_told_and_the_rest_goes_out(kept, shelves, machine, tmp_path):
    storage.path_of(kept[0].files.preserved().first()).write_bytes(b"damaged")

    counts = export_collection(shelves[0], Folder(tmp_path / "out"), by=machine)

    assert counts == {"exported": 1, "withheld": 1, "damaged": 1}
    assert register(tmp_path / "out")[0] == ["Địa chí", "damaged"]


def test_only_what_is_of_ones_own_library_goes_out(kept, shelves, neighbour, tmp_path):
    with pytest.raises(NotPermitted):
        export_collection(shelves[0], Folder(tmp_path / "out"), by=neighbour)

    assert not (tmp_path / "out").exists()


def test_the_command_writes_one_zip_and_overwrites_nothing(kept, tmp_path):
    out, target = StringIO(), tmp_path / "bộ.zip"

    call_command("export_collection", "dia-chi", target, stdout=out)

    assert out.getvalue().strip() == "exported=2 withheld=1 damaged=0"
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        assert f"dia-chi/{kept[0].identifier}/bagit.txt" in archive.namelist()
    with pytest.raises(CommandError):
        call_command("export_collection", "dia-chi", target, stdout=out)


def test_an_exported_collection_comes_in_again_as_a_batch_of_bags(kept, province, tmp_path):
    out = StringIO()
    call_command("export_collection", "dia-chi", tmp_path / "bộ.zip", stdout=StringIO())

    call_command("import_bags", tmp_path / "bộ.zip", library=province.code, stdout=out)

    assert out.getvalue().splitlines()[-1] == "done=0 known=2 refused=0"


ADDRESS = "/desk/digital/collections/dia-chi/"


@pytest.fixture
def browser(keeper_user):
    return client_of(keeper_user)


def test_a_collection_is_asked_for_packed_and_fetched(kept, browser):
    browser.post(f"{ADDRESS}export/")
    browser.post(f"{ADDRESS}export/")
    asked = CollectionExport.objects.get()
    waiting = browser.get(f"{ADDRESS}exports/").content.decode()

    hand_out_collection.func(asked.pk)

    page = browser.get(ADDRESS).content.decode()
    answer = browser.get(f"/desk/digital/exports/{asked.identifier}/")
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        assert f"dia-chi/{kept[1].identifier}/bagit.txt" in archive.namelist()
    assert "hx-trigger" in waiting
    assert "hx-trigger" not in page
    assert asked.identifier in page
    assert CollectionExport.objects.values_list("done", "total", "withheld").get() == (3, 3, 1)


def test_nobody_fetches_what_another_asked_for(kept, browser, province):
    browser.post(f"{ADDRESS}export/")
    asked = CollectionExport.objects.get()
    hand_out_collection.func(asked.pk)
    colleague = grant(UserFactory(library=province), province, *RepositoryPermission)

    answer = client_of(colleague).get(f"/desk/digital/exports/{asked.identifier}/")

    assert answer.status_code == 404


def test_what_was_packed_is_forgotten_after_its_days(kept, browser):
    browser.post(f"{ADDRESS}export/")
    asked = CollectionExport.objects.get()
    hand_out_collection.func(asked.pk)
    path = storage.export_path(asked.identifier)
    assert path.is_file()

    sweep(now=timezone.now() + timedelta(days=4))

    assert not path.exists()
    assert not CollectionExport.objects.exists()
    assert browser.get(f"/desk/digital/exports/{asked.identifier}/").status_code == 404


def test_who_lost_the_right_meanwhile_gets_nothing(kept, browser, keeper_user):
    browser.post(f"{ADDRESS}export/")
    asked = CollectionExport.objects.get()
    RoleGrant.objects.filter(user=keeper_user).delete()

    hand_out_collection.func(asked.pk)

    asked.refresh_from_db()
    assert (asked.is_ready, asked.fault) == (False, "not_permitted")
    assert not storage.export_path(asked.identifier).exists()


def test_a_full_disk_leaves_no_half_file(kept, browser, store):
    browser.post(f"{ADDRESS}export/")
    asked = CollectionExport.objects.get()
    (store / storage.EXPORTS).mkdir()
    with mounted(store / storage.EXPORTS, megabytes=1) as disk:
        filler = fill(disk, but=4096)

        hand_out_collection.func(asked.pk)

        asked.refresh_from_db()
        assert (asked.fault, list(disk.iterdir())) == ("disk_full", [filler])
    assert "chỗ" in browser.get(ADDRESS).content.decode()
