"""METS out of the archive: in the bag, and on the desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from lxml import etree

from tangthu.libraries.models import Library
from tangthu.repository.actions.events import note_event
from tangthu.repository.bags import Folder, write_bag
from tangthu.repository.models import DigitalFile, DigitalObject, ObjectRecord, Section
from tangthu.repository.policy.kinds import EventKind, FileRole
from tests.factories import RecordFactory
from tests.protocols.conftest import new_object, store
from tests.reading.making import keep_file
from tests.support import schemas

__all__ = ["new_object", "store"]

pytestmark = pytest.mark.django_db
METS = "{http://www.loc.gov/METS/}"


@pytest.fixture
def manuscript(new_object: Callable[..., DigitalObject], province: Library) -> DigitalObject:
    """Three pages with masters, a table of contents, a record, and something that was done."""
    obj = new_object(title='Khan "Đăm Săn" <I>')
    for page in obj.pages.all():
        page.master = keep_file(
            obj,
            b"II*\x00" + bytes([page.position]),
            name=f"Trang {page.position}.tif",
            media_type="image/tiff",
            role=FileRole.MASTER,
        )
        page.save()
    first, second, third = obj.pages.order_by("position")
    for number, (title, page, level) in enumerate(
        (("Phần một", first, 1), ("Chương 1", second, 2), ("Phần hai", third, 1))
    ):
        Section.objects.create(
            object=obj, title=title, first_page=page, level=level, position=number
        )
    record = RecordFactory(title="Khan Đăm Săn", library=province)
    ObjectRecord.objects.create(object=obj, record=record)
    note_event(obj, EventKind.PUBLICATION, by="Nguyễn Thị Thủ Thư", detail="public")
    return obj


def bag_of(obj: DigitalObject, tmp_path: Path) -> Path:
    write_bag(obj, Folder(tmp_path / "bag"))
    return tmp_path / "bag"


def test_a_bag_holds_a_valid_mets_that_leads_to_its_files(
    manuscript: DigitalObject, tmp_path: Path
) -> None:
    bag = bag_of(manuscript, tmp_path)

    tree = etree.parse(bag / "data/mets.xml").getroot()
    schemas.require_valid(tree, schemas.mets())
    files = tree.findall(f".//{METS}fileGrp[@USE='MASTER']/{METS}file")
    masters = {row.sha256: row for row in DigitalFile.objects.filter(role="master")}
    assert len(files) == 3
    for file in files:
        row = masters[str(file.get("CHECKSUM"))]
        where = file.find(f"{METS}FLocat")
        assert where is not None
        path = bag / "data" / str(where.get("{http://www.w3.org/1999/xlink}href"))
        assert path.stat().st_size == row.size == int(str(file.get("SIZE")))


def test_contents_stand_within_each_other_and_lead_to_pages(
    manuscript: DigitalObject, tmp_path: Path
) -> None:
    tree = etree.parse(bag_of(manuscript, tmp_path) / "data/mets.xml").getroot()

    whole = tree.find(f"{METS}structMap[@TYPE='LOGICAL']/{METS}div")
    assert whole is not None
    assert [part.get("LABEL") for part in whole] == ["Phần một", "Phần hai"]
    assert [part.get("LABEL") for part in whole[0]] == ["Chương 1"]
    links = tree.findall(f"{METS}structLink/{METS}smLink")
    pages = {div.get("ID") for div in tree.iter(f"{METS}div") if div.get("TYPE") == "page"}
    assert len(links) == 3
    assert {link.get("{http://www.w3.org/1999/xlink}to") for link in links} <= pages


def test_the_archive_knows_who_did_what(manuscript: DigitalObject, tmp_path: Path) -> None:
    tree = etree.parse(bag_of(manuscript, tmp_path) / "data/mets.xml").getroot()

    assert [each.text for each in tree.iter("{*}eventType")] == ["publication"]
    assert [each.text for each in tree.iter("{*}linkingAgentIdentifierValue")] == [
        "Nguyễn Thị Thủ Thư"
    ]


def test_staff_take_the_description_along(
    manuscript: DigitalObject, administrator_client: Client, client: Client
) -> None:
    address = f"/desk/digital/{manuscript.identifier}/mets.xml"

    answer = administrator_client.get(address)

    schemas.require_valid(etree.fromstring(answer.content), schemas.mets())
    assert "attachment" in answer["Content-Disposition"]
    assert client.get(address).status_code == 302
