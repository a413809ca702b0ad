"""Harvesting: records of other repositories come in once, stay up to date, and go when they go."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from tangthu.catalogue.actions.records import save_record
from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.formats.marc.record import DataField, Subfield
from tangthu.formats.marc.storage import dumps, loads
from tangthu.libraries.models import Library
from tangthu.protocols import asking
from tangthu.protocols.actions import SourceData, add_source, change_source, harvest
from tangthu.protocols.asking import Line
from tangthu.protocols.asking import client as web
from tangthu.protocols.errors import HarvestRunning, SourceTaken
from tangthu.protocols.models import HarvestedItem, HarvestSource
from tangthu.protocols.oai import answering
from tests.factories import RecordFactory, marc_of
from tests.protocols.repositories import (
    IDENTIFY,
    Answer,
    again,
    dublin_core,
    gone,
    listed,
    served,
    told_by_ours,
)

pytestmark = pytest.mark.django_db
XML = {"Content-Type": "text/xml"}


def source_at(address: str, library: Library, *, prefix: str = "oai_dc") -> HarvestSource:
    by = Actor.machine("test")
    data = SourceData(name="Thư viện bạn", address=address, prefix=prefix)
    return add_source(data, library=library, by=by)


def harvested(source: HarvestSource, by: Actor) -> HarvestSource:
    source.refresh_from_db()
    with web() as http:
        return harvest(source, Line(http, source.address, pause=0), by=by)


def answers(*pages: bytes) -> list[bytes]:
    return [IDENTIFY, *pages]


def one_after_the_other(pages: list[bytes]):
    """Answer Identify, then each list in its turn; the last one stays."""
    left = list(pages)

    def answer(arguments: dict[str, str]) -> Answer:
        if arguments["verb"] == "Identify":
            return 200, XML, IDENTIFY
        return 200, XML, left.pop(0) if len(left) > 1 else left[0]

    return answer


def test_our_own_records_come_in_elsewhere(
    client: Client,
    province: Library,
    machine: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answering, "PAGE", {"marc21": 2})
    titles = [f"Cà phê Ƀuôn Ma Thuột {number}" for number in range(5)]
    for title in titles:
        RecordFactory(title=title, marc=dumps(marc_of(title)), library=province)
    told = told_by_ours(client, "marc21")
    Record.objects.all().delete()
    asked: list[dict[str, str]] = []

    with served(again(told, asked)) as address:
        ended = harvested(source_at(address, province, prefix="marc21"), machine)

    assert (ended.state, ended.seen, ended.added) == ("idle", 5, 5)
    assert sorted(Record.objects.values_list("title", flat=True)) == titles
    assert [each["verb"] for each in asked] == ["Identify", *["ListRecords"] * 3]


@pytest.mark.django_db(transaction=True)
def test_our_own_repository_is_harvested_live_and_nothing_is_doubled(
    live_server: LiveServer, province: Library, machine: Actor
) -> None:
    for number in range(3):
        title = f"Sử thi {number}"
        RecordFactory(title=title, marc=dumps(marc_of(title)), library=province)

    first = source_at(f"{live_server.url}/oai", province, prefix="oai_dc")
    ended = harvested(first, machine)

    assert (ended.failure, ended.seen, ended.unusable) == ("", 3, 0)
    assert ended.since.endswith("Z")


def test_dublin_core_becomes_a_description_with_its_link(province: Library, machine: Actor) -> None:
    record = dublin_core(
        "oai:ban:1",
        title="Bản đồ Đắk Lắk",
        creator="Sở Địa dư",
        date="1930-05",
        language="vi",
        identifier="https://ban.example/ban-do/1",
        subject="Bản đồ",
        rights="http://rightsstatements.org/vocab/NoC-NC/1.0/",
    )

    with served(one_after_the_other([listed(record)])) as address:
        harvested(source_at(address, province), machine)

    found = Record.objects.get()
    marc = loads(found.marc)
    assert (found.title, found.author, found.year, found.language) == (
        "Bản đồ Đắk Lắk",
        "Sở Địa dư",
        1930,
        "vie",
    )
    assert marc.value("856", "u") == "https://ban.example/ban-do/1"
    assert marc.value("540", "u") == "http://rightsstatements.org/vocab/NoC-NC/1.0/"
    assert marc.value("035", "a") == "(OAI)oai:ban:1"


def test_what_the_other_changes_is_changed_here_and_what_was_changed_here_stays(
    province: Library, machine: Actor
) -> None:
    pages = [
        listed(
            dublin_core("oai:ban:1", title="Nhan đề cũ", creator="Tác giả"),
            dublin_core("oai:ban:2", title="Sách hai", creator="Tác giả"),
        ),
        listed(
            dublin_core("oai:ban:1", title="Nhan đề mới", creator="Tác giả"),
            dublin_core("oai:ban:2", title="Sách hai đổi tên", creator="Tác giả"),
        ),
    ]

    with served(one_after_the_other(pages)) as address:
        source = source_at(address, province)
        harvested(source, machine)
        ours = HarvestedItem.objects.get(identifier="oai:ban:2").record
        marc = loads(ours.marc)
        title = marc.first("245")
        assert title is not None
        mended = marc.replace(
            title, DataField("245", "1", "0", (Subfield("a", "Sách hai, đã sửa"),))
        )
        save_record(ours, mended, version=1, by=machine)
        again_ended = harvested(source, machine)

    titles = set(Record.objects.values_list("title", flat=True))
    assert titles == {"Nhan đề mới", "Sách hai, đã sửa"}
    assert again_ended.added == 0


def test_what_the_other_takes_back_is_hidden_and_shown_when_it_returns(
    province: Library, machine: Actor
) -> None:
    known = dublin_core("oai:ban:1", title="Sẽ bị rút", creator="Tác giả")
    pages = [listed(known), listed(gone("oai:ban:1")), listed(known)]

    with served(one_after_the_other(pages)) as address:
        source = source_at(address, province)
        harvested(source, machine)
        taken = harvested(source, machine)
        was_hidden = Record.objects.get().suppressed
        harvested(source, machine)

    assert (taken.hidden, was_hidden) == (1, True)
    assert not Record.objects.get().suppressed


def test_a_record_that_was_here_before_is_not_hidden_with_the_others(
    province: Library, machine: Actor
) -> None:
    title = "Truyện Kiều toàn tập"
    known = dublin_core("oai:ban:1", title=title, creator="Nguyễn Du", date="2020")
    pages = [listed(known), listed(gone("oai:ban:1"))]
    with served(one_after_the_other([listed(known)])) as address:
        harvested(source_at(address, province), machine)

    with served(one_after_the_other(pages)) as address:
        other = source_at(address, province)
        joined = harvested(other, machine)
        harvested(other, machine)

    assert (joined.added, Record.objects.count()) == (0, 1)
    assert not Record.objects.get().suppressed


def test_a_harvest_that_was_cut_off_goes_on_where_it_stopped(
    province: Library, machine: Actor
) -> None:
    broken = True
    asked: list[dict[str, str]] = []

    def answer(arguments: dict[str, str]) -> Answer:
        asked.append(arguments)
        if arguments["verb"] == "Identify":
            return 200, XML, IDENTIFY
        if arguments.get("resumptionToken") == "two":
            if broken:
                return 500, {}, b"down"
            return 200, XML, listed(dublin_core("oai:ban:2", title="Sách hai"))
        return 200, XML, listed(dublin_core("oai:ban:1", title="Sách một"), token="two")

    with served(answer) as address:
        source = source_at(address, province)
        failed = harvested(source, machine)
        broken = False
        ended = harvested(source, machine)

    assert (failed.state, failed.failure, failed.token) == ("failed", "harvest_status", "two")
    assert (ended.state, ended.seen, ended.added, ended.token) == ("idle", 2, 2, "")
    assert asked[-1] == {"verb": "ListRecords", "resumptionToken": "two"}
    assert ended.since == "2026-03-01T00:00:00Z"


def test_the_next_harvest_asks_for_what_is_new_by_the_grain_of_the_other(
    province: Library, machine: Actor
) -> None:
    asked: list[dict[str, str]] = []

    def answer(arguments: dict[str, str]) -> Answer:
        asked.append(arguments)
        body = listed(dublin_core("oai:ban:1", title="Sách một"))
        return 200, XML, IDENTIFY if arguments["verb"] == "Identify" else body

    with served(answer) as address:
        source = source_at(address, province)
        harvested(source, machine)
        harvested(source, machine)

    assert asked[-1] == {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-03-01"}


def test_a_server_that_asks_for_patience_is_asked_again_later(
    province: Library, machine: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested: list[float] = []
    monkeypatch.setattr(asking.time, "sleep", rested.append)
    times = 0

    def answer(arguments: dict[str, str]) -> Answer:
        nonlocal times
        times += 1
        if times == 2:
            return 503, {"Retry-After": "7"}, b""
        body = listed(dublin_core("oai:ban:1", title="Sách một"))
        packed = gzip.compress(IDENTIFY if arguments["verb"] == "Identify" else body)
        return 200, XML | {"Content-Encoding": "gzip"}, packed

    with served(answer) as address:
        ended = harvested(source_at(address, province), machine)

    assert (ended.failure, ended.added) == ("", 1)
    assert 7.0 in rested


def nothing_but(body: bytes, **headers: str):
    def answer(_arguments: dict[str, str]) -> Answer:
        return 200, XML | {name.replace("_", "-"): value for name, value in headers.items()}, body

    return answer


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">&b;</OAI-PMH>'
)


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        (BOMB, "harvest_doctype"),
        (b" " * 5000 + BOMB, "harvest_doctype"),
        (b"<html>hello", "harvest_not_xml"),
        (b"<html/>", "harvest_not_oai"),
        (b"\xff\xfe\x00", "harvest_not_xml"),
        (b"", "harvest_not_xml"),
        (b"<a>" * 3000, "harvest_not_xml"),
    ],
)
def test_an_answer_that_means_harm_or_nothing_ends_the_harvest(
    province: Library, machine: Actor, body: bytes, failure: str
) -> None:
    with served(nothing_but(body)) as address:
        ended = harvested(source_at(address, province), machine)

    assert (ended.state, ended.failure) == ("failed", failure)
    assert ended.next_at is not None
    assert ended.next_at > timezone.now() + timedelta(hours=5)
    assert not Record.objects.exists()


def test_an_answer_that_unpacks_without_end_is_refused(
    province: Library, machine: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "LARGEST_ANSWER", 100_000)
    bomb = gzip.compress(b" " * 10_000_000)

    with served(nothing_but(bomb, Content_Encoding="gzip")) as address:
        ended = harvested(source_at(address, province), machine)

    assert ended.failure == "harvest_too_large"


def test_a_list_without_end_is_left(province: Library, machine: Actor) -> None:
    pages = [listed(dublin_core("oai:ban:1", title="Sách một"), token="same")]

    with served(one_after_the_other(pages)) as address:
        ended = harvested(source_at(address, province), machine)

    assert ended.failure == "harvest_in_circles"


def test_items_that_cannot_be_used_are_counted_and_passed_over(
    province: Library, machine: Actor
) -> None:
    odd = "<record><header><identifier>oai:ban:9</identifier></header></record>"
    markup = dublin_core("oai:ban:2", title="A &lt;script&gt;", identifier="javascript:alert(1)")
    page = listed(odd, dublin_core("oai:ban:1", creator="Không nhan đề"), markup, "<record/>")

    with served(one_after_the_other([page])) as address:
        ended = harvested(source_at(address, province), machine)

    assert (ended.seen, ended.added, ended.unusable) == (3, 1, 2)
    assert loads(Record.objects.get().marc).first("856") is None


def test_a_server_that_leads_off_the_web_is_not_followed(province: Library, machine: Actor) -> None:
    def answer(_arguments: dict[str, str]) -> Answer:
        return 302, {"Location": "file:///etc/passwd"}, b""

    with served(answer) as address:
        ended = harvested(source_at(address, province), machine)

    assert ended.failure == "harvest_elsewhere"


def test_one_source_is_harvested_by_one_process_at_a_time(
    province: Library, machine: Actor
) -> None:
    source = source_at("http://127.0.0.1:9/oai", province)
    HarvestSource.objects.update(state="running", beat_at=timezone.now())

    with pytest.raises(HarvestRunning):
        harvested(source, machine)


def test_who_may_not_harvest_brings_nothing(province: Library, neighbour: Actor) -> None:
    source = source_at("http://127.0.0.1:9/oai", province)

    with pytest.raises(NotPermitted):
        harvested(source, neighbour)

    assert HarvestSource.objects.get().state == "idle"


def test_the_same_set_is_harvested_once(province: Library, machine: Actor) -> None:
    source_at("http://127.0.0.1:9/oai", province)

    with pytest.raises(SourceTaken):
        source_at("http://127.0.0.1:9/oai", province)


def test_another_set_begins_from_the_beginning(province: Library, machine: Actor) -> None:
    source = source_at("http://127.0.0.1:9/oai", province)
    HarvestSource.objects.update(since="2026-01-01", token="far")

    data = SourceData(name="Khác", address=source.address, prefix="oai_dc", set_spec="ban-do")
    changed = change_source(source, data, version=1, by=machine)

    assert (changed.since, changed.token, changed.version) == ("", "", 2)


def test_staff_set_a_source_up_and_see_how_it_stands(
    administrator_client: Client, province: Library
) -> None:
    made = administrator_client.post(
        "/desk/harvest/new/",
        {
            "name": "Thư viện Quốc gia",
            "address": "https://nlv.example/oai",
            "metadata_prefix": "marc21",
            "every_hours": "168",
            "is_active": "on",
            "library": province.pk,
        },
    )
    HarvestSource.objects.update(state="failed", failure="harvest_not_oai")

    page = administrator_client.get("/desk/harvest/").content.decode()
    wrong = administrator_client.post("/desk/harvest/new/", {"name": "x", "address": "file:///x"})

    assert made.status_code == 302
    assert "Thư viện Quốc gia" in page
    assert HarvestSource.objects.count() == 1
    assert wrong.status_code == 422
