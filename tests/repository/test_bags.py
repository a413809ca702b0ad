"""Bags go out and come in again: ours as the objects they were, those of others as new ones."""

from __future__ import annotations

import shutil
import unicodedata
import zipfile
from io import StringIO
from pathlib import Path

import bagit
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from tangthu.catalogue.actions import add_record
from tangthu.catalogue.models import MatchKey, Record
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.repository import storage
from tangthu.repository.actions import (
    SectionData,
    add_page_images,
    crop_page,
    label_pages,
    make_ready,
    preserve,
    set_sections,
    turn_page,
)
from tangthu.repository.actions.bagging import take_in_bag
from tangthu.repository.actions.batches import BatchData, open_batch, run_batch
from tangthu.repository.actions.collections import CollectionData, add_collection
from tangthu.repository.actions.texts import archive_text, keep_text
from tangthu.repository.bags import Folder, Packed, write_bag
from tangthu.repository.errors import FileRefused
from tangthu.repository.models import BagReceipt, DigitalFile, DigitalObject, PageText
from tangthu.repository.policy.outlines import Box
from tangthu.repository.policy.texts import TextOrigin
from tests.conftest import client_of
from tests.factories import RecordFactory, marc_of
from tests.repository.making import pictures
from tests.repository.test_restoring import forget_rows, told
from tests.repository.test_texts import said

pytestmark = pytest.mark.django_db

METS = """<?xml version="1.0"?>
<mets xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink">
 <dmdSec ID="d"><mdWrap MDTYPE="MODS"><xmlData><mods xmlns="http://www.loc.gov/mods/v3">
  <titleInfo><title>Monographie du Darlac</title></titleInfo>
  <language><languageTerm type="code">fre</languageTerm></language>
  <identifier type="local">BNF-77</identifier>
  <accessCondition xlink:href="http://rightsstatements.org/vocab/NoC-OKLR/1.0/"/>
 </mods></xmlData></mdWrap></dmdSec>
 <fileSec>
  <fileGrp USE="THUMBS">
   <file ID="t1"><FLocat LOCTYPE="URL" xlink:href="thumbs/1.png"/></file>
  </fileGrp>
  <fileGrp USE="MASTER">
   <file ID="m1"><FLocat LOCTYPE="URL" xlink:href="data/b.png"/></file>
   <file ID="m2"><FLocat LOCTYPE="URL" xlink:href="file://data/a.png"/></file>
  </fileGrp>
 </fileSec>
 <structMap TYPE="PHYSICAL"><div TYPE="physSequence">
  <div ID="p2" ORDER="2" ORDERLABEL="1"><fptr FILEID="m2"/></div>
  <div ID="p1" ORDER="1" ORDERLABEL="Bìa"><fptr FILEID="t1"/><fptr FILEID="m1"/></div>
 </div></structMap>
 <structMap TYPE="LOGICAL">
  <div ID="l0" LABEL="Monographie"><div ID="l1" LABEL="Préface"/></div>
 </structMap>
 <structLink><smLink xlink:from="l1" xlink:to="p2"/></structLink>
</mets>
"""


@pytest.fixture
def machine() -> Actor:
    return Actor.machine("test")


@pytest.fixture
def described(new_object, keeper, machine, province, tmp_path) -> DigitalObject:
    """An object with all that a bag has to carry."""
    top = add_collection(CollectionData(code="dia-chi", name="Địa chí"), by=machine)
    maps = add_collection(CollectionData(code="ban-do", name="Bản đồ", parent=top), by=machine)
    obj = new_object(
        languages="vie rad",
        rights_note="Gia đình tác giả đồng ý",
        watermark=True,
        provenance="Kho lưu trữ tỉnh",
        printed_pages=212,
        collections=(maps,),
        records=(add_record(marc_of("Địa chí Đắk Lắk"), library=province, by=machine),),
    )
    first, second = add_page_images(obj, pictures(tmp_path, 2), by=keeper)
    turn_page(second, quarters=1, by=keeper)
    crop_page(first, Box(0.1, 0.1, 0.8, 0.8), by=keeper)
    label_pages(obj, {first.pk: "Bìa", second.pk: "iv"}, by=keeper)
    set_sections(obj, [SectionData(title="Chương một", page=second, level=1)], by=keeper)
    make_ready(obj, by=keeper)
    keep_text(obj.pages.get(position=2), said("đất đỏ"), origin=TextOrigin.CORRECTED, by=keeper)
    archive_text(obj, by=keeper)
    return DigitalObject.objects.get(pk=obj.pk)


def files_of(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }


def foreign_bag(folder: Path, **info: str) -> Path:
    """Make a bag of the pictures and texts in a folder, as other institutions do."""
    bagit.make_bag(str(folder), info, checksums=["md5", "sha256"])
    return folder


def scans(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for number, name in enumerate(names, 1):
        shutil.copy(pictures(folder.parent, number)[-1].path, folder / name)
    return folder


def test_a_bag_comes_in_again_as_the_object_it_was(described, machine, province, tmp_path):
    before, masters = told(described), _digests(described)
    write_bag(described, Folder(tmp_path / "bag"))
    _lose_everything()

    received = take_in_bag(files_of(tmp_path / "bag"), name="bag", library=province, by=machine)

    back = DigitalObject.objects.get(identifier=described.identifier)
    assert received.is_new
    assert received.object == back
    after = told(back)
    for each in (*before["records"], *after["records"]):
        del each["id"]
    assert after == before
    assert _digests(back) == masters
    assert back.state == "draft"
    assert back.pages.ready().count() == 2
    assert PageText.objects.get(object=back).plain == "đất đỏ"
    kinds = list(back.events.order_by("at", "id").values_list("kind", flat=True))
    assert kinds.count("migration") > 2  # what was done to it there, and what was done here
    assert preserve(back, by=machine) == back.preserved_version == 1


def test_the_same_bag_twice_gives_one_object(described, machine, province, tmp_path):
    write_bag(described, Folder(tmp_path / "bag"))
    foreign_bag(scans(tmp_path / "other", "1.png"))
    for name in ("bag", "other", "other"):
        received = take_in_bag(files_of(tmp_path / name), name=name, library=province, by=machine)

    assert not received.is_new
    assert DigitalObject.objects.count() == 2
    assert BagReceipt.objects.count() == 1


def test_an_object_that_is_here_with_other_files_is_not_changed(
    described, machine, province, tmp_path
):
    write_bag(described, Folder(tmp_path / "bag"))
    forget_rows()
    shutil.rmtree(storage.file_path(storage.MASTERS))
    DigitalObject.objects.create(
        identifier=described.identifier,
        title="Khác",
        title_key=b"",
        kind="pdf",
        library=province,
        created_at=described.created_at,
        updated_at=described.created_at,
    )

    with pytest.raises(FileRefused) as refused:
        take_in_bag(files_of(tmp_path / "bag"), name="bag", library=province, by=machine)

    assert refused.value.fault == "bag_differs"
    assert not DigitalFile.objects.exists()


def test_a_bag_of_others_is_told_by_its_mets(machine, province, tmp_path):
    folder = scans(tmp_path / "bnf", "a.png", "b.png")
    (folder / "mets.xml").write_text(METS, encoding="utf-8")
    foreign_bag(folder, **{"Source-Organization": "BnF"})

    obj = take_in_bag(files_of(folder), name="bnf", library=province, by=machine).object

    assert (obj.title, obj.languages, obj.rights) == ("Monographie du Darlac", "fre", "NoC-OKLR")
    assert (obj.kind, obj.state, obj.access) == ("page_images", "draft", "staff")
    assert "Source-Organization: BnF" in obj.provenance
    pages = obj.pages.select_related("master").order_by("position")
    assert [(page.label, page.master.name) for page in pages] == [("Bìa", "b.png"), ("1", "a.png")]
    assert [(row.title, row.first_page.label) for row in obj.sections.all()] == [("Préface", "1")]
    assert sorted(obj.files.current().exclude(role="delivery").values_list("name", "role")) == [
        ("a.png", "master"),
        ("b.png", "master"),
        ("mets.xml", "original"),
    ]


def test_a_bag_without_mets_is_told_by_its_label_and_joined_to_its_record(
    machine, province, tmp_path
):
    record = RecordFactory()
    MatchKey.objects.create(record=record, kind="isbn", key="9786049876547")
    folder = scans(tmp_path / "x", "10.png", "2.png")
    label = {"External-Description": "Báo Đắk Lắk", "External-Identifier": "978-604-98765-4-7"}
    foreign_bag(folder, **label)

    obj = take_in_bag(files_of(folder), name="x", library=province, by=machine).object

    assert obj.title == "Báo Đắk Lắk"
    assert [page.master.name for page in obj.pages.with_files()] == ["2.png", "10.png"]
    assert list(obj.records.all()) == [record]


def test_names_that_a_mac_decomposed_are_the_same_names(machine, province, tmp_path):
    folder = foreign_bag(scans(tmp_path / "mac", "địa chí.png"))
    files = {unicodedata.normalize("NFD", name): path for name, path in files_of(folder).items()}

    obj = take_in_bag(files, name="mac", library=province, by=machine).object

    assert obj.pages.get().master.name == "địa chí.png"


def _without(name: str):
    return lambda folder: (folder / name).unlink()


def _with(name: str, text: str):
    def write(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return write


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        (_without("bagit.txt"), "not_a_bag"),
        (_without("data/1.png"), "bag_file_missing"),
        (_with("data/1.png", "altered"), "bag_file_changed"),
        (_with("data/more.txt", "added"), "bag_file_not_listed"),
        (_with("bag-info.txt", "Contact-Name: altered"), "bag_file_changed"),
        (_with("fetch.txt", "http://192.0.2.1/x 12 data/x.png\n"), "bag_to_be_fetched"),
        (_with("manifest-sha256.txt", f"{'a' * 64}  ../../etc/passwd\n"), "path_leads_out"),
        (_with("manifest-sha256.txt", "nonsense\n"), "bag_manifest_unreadable"),
        (_with("bagit.txt", "BagIt-Version: 7\n"), "not_a_bag"),
    ],
    ids=[
        "no declaration",
        "a file is missing",
        "a file was altered",
        "a file was added",
        "its label was altered",
        "files are to be fetched",
        "the manifest leads out",
        "the manifest is nonsense",
        "another version",
    ],
)
def test_a_bag_that_is_not_whole_is_refused(machine, province, tmp_path, harm, fault):
    folder = foreign_bag(scans(tmp_path / "bag", "1.png"))
    harm(folder)

    with pytest.raises(FileRefused) as refused:
        take_in_bag(files_of(folder), name="bag", library=province, by=machine)

    assert refused.value.fault == fault
    assert not DigitalObject.objects.exists()
    assert not any(path.is_file() for path in storage.file_path(storage.STAGING).rglob("*"))


@pytest.mark.parametrize(
    "told",
    [
        '{"identifier": 7}',
        '{"identifier": "../../../x", "title": "a", "kind": "pdf"}',
        '{"identifier": "bcdfghjkmnpq", "title": "a", "kind": "virus"}',
        "[" * 100_000,
    ],
    ids=["a number", "a way out", "an unknown kind", "deep"],
)
def test_a_description_that_is_none_of_ours_makes_the_bag_one_of_others(
    machine, province, tmp_path, told
):
    folder = scans(tmp_path / "bag", "1.png")
    (folder / "object.json").write_text(told)
    foreign_bag(folder)

    obj = take_in_bag(files_of(folder), name="Tên túi", library=province, by=machine).object

    assert (obj.title, obj.pages.count()) == ("Tên túi", 1)


def test_strangers_take_no_bag_in(neighbour, province, tmp_path):
    folder = foreign_bag(scans(tmp_path / "bag", "1.png"))

    with pytest.raises(NotPermitted):
        take_in_bag(files_of(folder), name="bag", library=province, by=neighbour)

    assert not DigitalObject.objects.exists()


def test_a_zip_of_bags_is_a_batch_that_tells_of_each(
    described, keeper, keeper_user, province, tmp_path
):
    packed = tmp_path / "túi.zip"
    foreign_bag(scans(tmp_path / "good", "1.png"))
    _with("data/1.png", "altered")(foreign_bag(scans(tmp_path / "bad", "1.png")))
    with zipfile.ZipFile(packed, "w") as archive:
        write_bag(described, Packed(archive, "ours/"))
        for name in ("good", "bad"):
            for inside, path in files_of(tmp_path / name).items():
                archive.write(path, f"{name}/{inside}")

    data = BatchData(name="túi.zip", path=packed)
    batch = run_batch(open_batch(data, library=province, by=keeper), by=keeper)

    entries = batch.entries.values_list("folder", "state", "fault")
    assert list(entries) == [
        ("bad", "refused", "bag_file_changed"),
        ("good", "done", ""),
        ("ours", "known", ""),
    ]
    page = client_of(keeper_user).get(reverse("repository:batch", args=[batch.pk]))
    words = page.content.decode()
    assert "Đã nhận từ trước" in words
    assert "khác với bảng kê" in words


def test_the_command_takes_folders_and_zips_in_and_says_what_became_of_each(
    described, province, tmp_path
):
    call_command("export_bag", described.identifier, tmp_path / "ours", stdout=StringIO())
    foreign_bag(scans(tmp_path / "theirs", "1.png"))
    scans(tmp_path / "no-bag", "1.png")
    out, err = StringIO(), StringIO()

    folders = [tmp_path / "ours", tmp_path / "theirs"]
    call_command("import_bags", *folders, library=province.code, stdout=out)
    with pytest.raises(CommandError):
        call_command(
            "import_bags", tmp_path / "no-bag", library=province.code, stdout=out, stderr=err
        )

    lines = out.getvalue().splitlines()
    assert lines[0] == f"ours: known {described.identifier}"
    assert lines[1].startswith("theirs: done ")
    assert lines[2:] == ["done=1 known=1 refused=0", "done=0 known=0 refused=1"]
    assert "no-bag" in err.getvalue()


def _digests(obj: DigitalObject) -> set[str]:
    return set(obj.files.current().exclude(role="delivery").values_list("sha256", flat=True))


def _lose_everything() -> None:
    forget_rows()
    for collection in DigitalObject.collections.rel.model.objects.order_by("-path"):
        collection.delete()
    Record.objects.all().delete()
    for folder in (storage.MASTERS, storage.DELIVERY):
        shutil.rmtree(storage.file_path(folder))
