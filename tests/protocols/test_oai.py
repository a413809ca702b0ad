"""OAI-PMH: what harvesters find, and how a list goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import oaipmh_scythe
import pytest
import sickle
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree
from pytest_django.live_server_helper import LiveServer

from tangthu.catalogue.actions.records import suppress
from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.formats.marc.storage import dumps
from tangthu.libraries.models import Library
from tangthu.protocols.models import OutsideName
from tangthu.protocols.oai import answering, forms
from tangthu.repository.actions.objects import withdraw
from tangthu.repository.models import Collection, DigitalObject, ObjectRecord
from tests.factories import RecordFactory, marc_of
from tests.protocols.oai import DC, OAI, ask, every, fault, identifiers, texts, token
from tests.support import schemas

pytestmark = pytest.mark.django_db

MARCH = datetime(2026, 3, 1, 8, 30, 15, 500_000, tzinfo=UTC)


@pytest.fixture
def records(province: Library) -> list[Record]:
    """Seven records, a day apart, each half a second after the full second."""
    return [
        RecordFactory(
            title=f"Cà phê Buôn Ma Thuột {number}",
            library=province,
            updated_at=MARCH + timedelta(days=number),
        )
        for number in range(7)
    ]


@pytest.fixture
def scan(new_object: Callable[..., DigitalObject], records: list[Record]) -> DigitalObject:
    """A published object of the first record, in a collection below another."""
    top = Collection.objects.create(code="dia-chi", name="Địa chí", path="dia-chi/")
    maps = Collection.objects.create(
        code="ban-do", name="Bản đồ", path="dia-chi/ban-do/", parent=top
    )
    obj = new_object(title="Bản đồ Đắk Lắk 1930", published_at=MARCH, updated_at=MARCH)
    obj.collections.add(maps)
    ObjectRecord.objects.create(object=obj, record=records[0])
    return obj


def name_of(item: Record | DigitalObject) -> str:
    return f"record-{item.pk}" if isinstance(item, Record) else f"object-{item.identifier}"


def test_a_repository_says_who_it_is(client: Client, records: list[Record]) -> None:
    tree = ask(client, "Identify")

    assert tree.findtext(f".//{OAI}repositoryName") == "Mạng lưới thư viện"
    assert tree.findtext(f".//{OAI}protocolVersion") == "2.0"
    assert tree.findtext(f".//{OAI}deletedRecord") == "persistent"
    assert tree.findtext(f".//{OAI}granularity") == "YYYY-MM-DDThh:mm:ssZ"
    assert tree.findtext(f".//{OAI}earliestDatestamp") == "2026-03-01T08:30:15Z"


def test_records_come_in_the_order_of_their_changes(
    client: Client, records: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "PAGE", {"oai_dc": 3})
    monkeypatch.setattr(answering, "PAGE", {"oai_dc": 3})

    first = ask(client, "ListRecords", metadataPrefix="oai_dc")

    assert identifiers(first) == [name_of(record) for record in records[:3]]
    assert every(client, "ListRecords", metadataPrefix="oai_dc") == [
        name_of(record) for record in records
    ]


def test_the_last_answer_of_several_has_an_empty_token(
    client: Client, records: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "HEADERS_PAGE", 5)
    first = ask(client, "ListIdentifiers", metadataPrefix="marc21")

    last = ask(client, "ListIdentifiers", resumptionToken=token(first))

    element = last.find(f".//{OAI}resumptionToken")
    assert element is not None
    assert (element.text, element.get("cursor")) == (None, "5")
    assert len(identifiers(last)) == 2


def test_a_record_that_changes_under_way_is_told_again_and_none_is_left_out(
    client: Client, records: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "HEADERS_PAGE", 3)
    first = ask(client, "ListIdentifiers", metadataPrefix="marc21")
    Record.objects.filter(pk=records[0].pk).update(updated_at=MARCH + timedelta(days=90))

    rest = every(client, "ListIdentifiers", resumptionToken=token(first))

    assert rest == [*(name_of(record) for record in records[3:]), name_of(records[0])]


@pytest.mark.parametrize(
    ("since", "until", "first", "last"),
    [
        ("2026-03-02", "2026-03-04", 1, 3),
        ("2026-03-02T08:30:15Z", "2026-03-04T08:30:15Z", 1, 3),
        ("2026-03-02T08:30:16Z", "2026-03-04T08:30:14Z", 2, 2),
        ("2026-03-03", "2026-03-03", 2, 2),
        ("2026-03-05", "9999-12-31", 4, 6),
    ],
)
def test_a_span_includes_both_its_ends(
    client: Client, records: list[Record], since: str, until: str, first: int, last: int
) -> None:
    found = every(client, "ListIdentifiers", metadataPrefix="oai_dc", since=since, until=until)

    assert found == [name_of(record) for record in records[first : last + 1]]


def test_a_hidden_record_is_told_as_deleted(
    client: Client, records: list[Record], machine: Actor
) -> None:
    suppress(records[2], by=machine)

    tree = ask(client, "ListRecords", metadataPrefix="marc21")

    last = tree.findall(f".//{OAI}record")[-1]
    header = last.find(f"{OAI}header")
    assert header is not None
    assert header.get("status") == "deleted"
    assert header.findtext(f"{OAI}identifier", "").endswith(name_of(records[2]))
    assert last.find(f"{OAI}metadata") is None


def test_a_withdrawn_object_is_told_as_deleted_and_a_draft_not_at_all(
    client: Client,
    scan: DigitalObject,
    new_object: Callable[..., DigitalObject],
    machine: Actor,
) -> None:
    new_object(title="Bản nháp", state="draft")
    new_object(title="Nội bộ", access="staff", published_at=MARCH)
    withdraw(scan, reason="Người hiến tặng đòi lại", by=machine)

    tree = ask(client, "ListRecords", metadataPrefix="mets")

    assert len(tree.findall(f".//{OAI}record")) == 2
    assert [header.get("status") for header in tree.iter(f"{OAI}header")] == ["deleted"] * 2
    assert "Bản nháp" not in etree.tostring(tree, encoding="unicode")


def test_sets_are_the_trees_of_collections_and_of_libraries(
    client: Client, scan: DigitalObject
) -> None:
    tree = ask(client, "ListSets")

    assert texts(tree, f"{OAI}setSpec") == [
        "catalogue",
        "digital",
        "digital:dia-chi",
        "digital:dia-chi:ban-do",
        "library:NET",
        "library:NET:DLK",
    ]


def test_a_set_holds_what_stands_below_it(
    client: Client, scan: DigitalObject, records: list[Record], commune: Library
) -> None:
    RecordFactory(title="Sách của phường", library=commune, updated_at=MARCH)
    ours = {name_of(record) for record in records}

    def found(spec: str) -> set[str]:
        return set(every(client, "ListIdentifiers", metadataPrefix="oai_dc", set=spec))

    assert found("digital:dia-chi") == {name_of(scan)}
    assert found("digital") == {name_of(scan)}
    assert found("library:NET:DLK") == {*ours, name_of(scan)}
    assert len(found("library:NET")) == 9
    assert len(found("catalogue")) == 8


def test_lists_of_one_library_go_on_across_its_branches(
    client: Client,
    records: list[Record],
    commune: Library,
    scan: DigitalObject,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answering, "HEADERS_PAGE", 2)
    other = RecordFactory(title="Sách của phường", library=commune, updated_at=MARCH)

    found = every(client, "ListIdentifiers", metadataPrefix="oai_dc", set="library:NET")

    assert len(found) == len(set(found)) == 9
    assert found == [*(name_of(record) for record in records), name_of(other), name_of(scan)]


def test_dublin_core_tells_the_work_its_lasting_name_and_its_scan(
    client: Client, scan: DigitalObject, records: list[Record]
) -> None:
    name = f"oai:catalogue.localhost:{name_of(records[0])}"

    tree = ask(client, "GetRecord", metadataPrefix="oai_dc", identifier=name)

    assert texts(tree, f"{DC}creator") == ["Nguyễn Du"]
    assert texts(tree, f"{DC}language") == ["vie"]
    found = texts(tree, f"{DC}identifier")
    assert found[0].startswith("http://testserver/ark:99999/u")
    assert found[-1] == f"http://testserver/read/{scan.identifier}/"


def test_marc_carries_the_scan_in_856(
    client: Client, scan: DigitalObject, records: list[Record]
) -> None:
    name = f"oai:catalogue.localhost:{name_of(records[0])}"

    tree = ask(client, "GetRecord", metadataPrefix="marc21", identifier=name)

    field = tree.find(".//{*}datafield[@tag='856']")
    assert field is not None
    assert field.findtext("{*}subfield[@code='u']") == (
        f"http://testserver/read/{scan.identifier}/"
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Fetch"}, "badVerb"),
        ({"verb": "Identify", "set": "digital"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": ""}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "didl"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "1/3/2026"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-13-01"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "0000-01-01"}, "badArgument"),
        (
            {
                "verb": "ListRecords",
                "metadataPrefix": "oai_dc",
                "from": "2026-03-01",
                "until": "2026-03-01T00:00:00Z",
            },
            "badArgument",
        ),
        (
            {
                "verb": "ListRecords",
                "metadataPrefix": "oai_dc",
                "from": "2026-03-02",
                "until": "2026-03-01",
            },
            "badArgument",
        ),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "until": "1999-01-01"},
            "noRecordsMatch",
        ),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "digital:\x00"},
            "noRecordsMatch",
        ),
        ({"verb": "ListRecords", "metadataPrefix": "marc21", "set": "digital"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "x" * 2001}, "badArgument"),
        ({"verb": "ListSets", "resumptionToken": "eyJ9:1tX:sig"}, "badResumptionToken"),
        (
            {"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "oai_dc"},
            "badArgument",
        ),
        ({"verb": "ListMetadataFormats", "identifier": "oai:x:record-1"}, "idDoesNotExist"),
        (
            {
                "verb": "GetRecord",
                "metadataPrefix": "oai_dc",
                "identifier": "oai:catalogue.localhost:record-" + "9" * 19,
            },
            "idDoesNotExist",
        ),
        (
            {
                "verb": "GetRecord",
                "metadataPrefix": "oai_dc",
                "identifier": "oai:catalogue.localhost:object-\x00'<&",
            },
            "idDoesNotExist",
        ),
    ],
)
def test_what_the_protocol_forbids_is_refused_in_its_words(
    client: Client, records: list[Record], arguments: dict[str, str], code: str
) -> None:
    by_get = etree.fromstring(client.get("/oai", arguments).content)
    by_post = etree.fromstring(client.post("/oai", arguments).content)

    assert (fault(by_get), fault(by_post)) == (code, code)
    if code in {"badVerb", "badArgument"}:
        request = by_get.find(f"{OAI}request")
        assert request is not None
        assert not request.attrib


def test_an_argument_stands_once(client: Client, records: list[Record]) -> None:
    twice = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=marc21")
    verbs = client.get("/oai?verb=Identify&verb=ListSets")

    assert fault(etree.fromstring(twice.content)) == "badArgument"
    assert fault(etree.fromstring(verbs.content)) == "badVerb"


def test_a_token_of_another_request_or_altered_is_refused(
    client: Client, records: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "HEADERS_PAGE", 3)
    word = token(ask(client, "ListIdentifiers", metadataPrefix="oai_dc"))

    other = ask(client, "ListRecords", resumptionToken=word)
    altered = ask(client, "ListIdentifiers", resumptionToken=f"{word[:-1]}x")

    assert (fault(other), fault(altered)) == ("badResumptionToken", "badResumptionToken")


def test_an_object_has_no_marc_and_a_record_no_mets(
    client: Client, scan: DigitalObject, records: list[Record]
) -> None:
    obj = f"oai:catalogue.localhost:{name_of(scan)}"
    record = f"oai:catalogue.localhost:{name_of(records[0])}"

    wrong = [
        ask(client, "GetRecord", metadataPrefix="marc21", identifier=obj),
        ask(client, "GetRecord", metadataPrefix="mets", identifier=record),
    ]
    had = ask(client, "ListMetadataFormats", identifier=obj)

    assert [fault(tree) for tree in wrong] == ["cannotDisseminateFormat"] * 2
    assert texts(had, f"{OAI}metadataPrefix") == ["oai_dc", "mods", "mets"]


def test_control_signs_and_markup_in_a_record_leave_the_xml_whole(
    client: Client, province: Library
) -> None:
    title = 'A\x0b]]>\x00<b x="1">&amp; \ud800 Ƀuôn'
    RecordFactory(marc=dumps(marc_of(title)), library=province)

    for prefix in ("oai_dc", "marc21", "mods"):
        tree = ask(client, "ListRecords", metadataPrefix=prefix)
        assert "Ƀuôn" in etree.tostring(tree, encoding="unicode")


def test_mets_is_valid_and_leads_to_every_page(client: Client, scan: DigitalObject) -> None:
    tree = ask(client, "ListRecords", metadataPrefix="mets")

    found = tree.find(".//{http://www.loc.gov/METS/}mets")
    assert found is not None
    schemas.require_valid(found, schemas.mets())
    pages = found.findall(".//{*}structMap[@TYPE='PHYSICAL']//{*}div[@TYPE='page']")
    shown = found.findall(".//{*}fileGrp[@USE='DEFAULT']//{*}FLocat")
    first = scan.pages.get(position=1)
    assert [page.get("ORDERLABEL") for page in pages] == ["1", "2", "3"]
    assert shown[0].get("{http://www.w3.org/1999/xlink}href") == (
        f"http://testserver/iiif/image/{first.identifier}/full/max/0/default.jpg"
    )


def test_mets_of_what_is_not_open_to_all_tells_no_address_of_a_page(
    client: Client, scan: DigitalObject
) -> None:
    DigitalObject.objects.filter(pk=scan.pk).update(access="cardholders")

    tree = ask(client, "ListRecords", metadataPrefix="mets")

    assert "/iiif/image/" not in etree.tostring(tree, encoding="unicode")


def test_the_other_forms_are_valid_too(
    client: Client, scan: DigitalObject, records: list[Record]
) -> None:
    for prefix, name, judge in (
        ("oai_dc", "dc", schemas.oai_dc()),
        ("mods", "mods", schemas.mods()),
    ):
        tree = ask(client, "ListRecords", metadataPrefix=prefix)
        found = list(tree.iter(f"{{*}}{name}"))
        assert len(found) == 8
        for element in found:
            schemas.require_valid(element, judge)


@pytest.mark.django_db(transaction=True)
def test_sickle_harvests_everything(
    live_server: LiveServer, scan: DigitalObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "PAGE", {**forms.PAGE, "oai_dc": 3})
    harvester = sickle.Sickle(f"{live_server.url}/oai")

    found = list(harvester.ListRecords(metadataPrefix="oai_dc"))

    assert len(found) == 8
    assert found[0].metadata["title"] == ["Cà phê Buôn Ma Thuột 0"]
    assert found[-1].metadata["rights"] == ["https://creativecommons.org/publicdomain/mark/1.0/"]
    assert harvester.Identify().granularity == "YYYY-MM-DDThh:mm:ssZ"
    assert len(list(harvester.ListSets())) == 6


@pytest.mark.django_db(transaction=True)
def test_scythe_harvests_a_set_by_day(
    live_server: LiveServer, scan: DigitalObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "HEADERS_PAGE", 2)
    with oaipmh_scythe.Scythe(f"{live_server.url}/oai") as harvester:
        found = list(
            harvester.list_identifiers(
                metadata_prefix="marc21", from_="2026-03-03", set_="library:NET:DLK"
            )
        )

    assert [header.datestamp for header in found] == [
        f"2026-03-0{day}T08:30:15Z" for day in range(3, 8)
    ]


def test_the_title_in_marc_is_the_one_that_was_described() -> None:
    written = forms.marcxml(marc_of("Đất rừng"), ark="http://x/ark:99999/u1z", scans=[])

    tree = etree.fromstring(written)
    assert tree.findtext(".//{*}datafield[@tag='245']/{*}subfield[@code='a']") == "Đất rừng /"


def test_a_long_list_of_objects_asks_no_more_of_the_database_than_a_short_one(
    client: Client, new_object: Callable[..., DigitalObject]
) -> None:
    def list_them() -> int:
        with CaptureQueriesContext(connection) as asked:
            told = ask(client, "ListRecords", metadataPrefix="oai_dc")
        assert f"https://doi.org/10.5072/{named.identifier}" in texts(told, f"{DC}identifier")
        return len(asked)

    def name(obj: DigitalObject) -> DigitalObject:
        values = {"registry": "doi", "state": "given", "next_at": timezone.now()}
        OutsideName.objects.create(object=obj, name=f"10.5072/{obj.identifier}", **values)
        return obj

    named = name(new_object(published_at=MARCH))
    list_them()
    few = list_them()
    for _ in range(4):
        name(new_object(published_at=MARCH))

    assert list_them() == few
