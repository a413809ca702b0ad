"""Lasting names, lists for robots, and what pages tell programs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tangthu.formats import ark
from tangthu.formats.marc.storage import dumps
from tangthu.libraries.models import Library, PreferenceValue
from tangthu.protocols.views import sitemaps
from tangthu.repository import naming
from tangthu.repository.models import DigitalObject, ObjectRecord
from tests.factories import RecordFactory, marc_of

LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.fixture(autouse=True)
def fresh_number() -> Iterator[None]:
    naming.forget()
    yield
    naming.forget()


@given(st.integers(min_value=1, max_value=10**18 - 1))
def test_a_record_is_found_again_by_its_name(number: int) -> None:
    assert ark.record_number(ark.record_name(number)) == number


@given(st.integers(min_value=1, max_value=10**12), st.data())
def test_one_wrong_digit_in_a_name_leads_nowhere(number: int, data: st.DataObject) -> None:
    name = ark.record_name(number)
    place = data.draw(st.integers(min_value=1, max_value=len(name) - 2))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != name[place]]))

    assert ark.record_number(f"{name[:place]}{other}{name[place + 1 :]}") is None


@given(st.text())
def test_reading_a_name_never_raises(text: str) -> None:
    ark.read(text)
    ark.record_number(text)


@pytest.mark.parametrize(
    "text", ["99999/u12x", "/99999/u12x", "/99999/u1-2x/", "99999/U12X", "9-9999/u12x"]
)
def test_a_name_is_read_in_all_its_spellings(text: str) -> None:
    assert ark.read(text) == ark.Ark("99999", "u12x")


@pytest.mark.django_db
def test_a_name_leads_to_the_object_and_to_its_page(client: Client, book: DigitalObject) -> None:
    DigitalObject.objects.update(published_at=book.updated_at)
    page = book.pages.get(position=2)

    whole = client.get(f"/ark:/99999/{book.identifier}")
    part = client.get(f"/ark:99999/{book.identifier}/{page.identifier}")
    no_part = client.get(f"/ark:99999/{book.identifier}/zzzzzzzzzzzz")

    assert (whole.status_code, whole["Location"]) == (
        302,
        f"http://testserver/read/{book.identifier}/",
    )
    assert part["Location"] == f"http://testserver/read/{book.identifier}/{page.identifier}/"
    assert no_part.status_code == 404


@pytest.mark.django_db
def test_an_inflection_asks_what_the_thing_is(client: Client, province: Library) -> None:
    record = RecordFactory(title="Truyện\nKiều", author="Nguyễn Du", library=province)

    told = client.get(f"/ark:99999/{ark.record_name(record.pk)}?info")
    short = client.get(f"/ark:99999/{ark.record_name(record.pk)}??")

    assert told["Content-Type"] == "text/plain; charset=utf-8"
    assert told.content.decode().splitlines()[:4] == [
        "erc:",
        "who: Nguyễn Du",
        "what: Truyện Kiều",
        "when: 2020",
    ]
    assert short.content == told.content


@pytest.mark.django_db
def test_a_withdrawn_object_says_what_it_was(client: Client, book: DigitalObject) -> None:
    DigitalObject.objects.update(published_at=book.updated_at, state="withdrawn")

    told = client.get(f"/ark:99999/{book.identifier}")

    assert told.status_code == 410
    assert "support-what: withdrawn" in told.content.decode()
    assert "/read/" not in told.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["99999", "99999/", "12345/u12x", "99999/u1x", "99999/%00", "99999/" + "x" * 200]
)
def test_what_is_no_name_of_ours_is_missing(client: Client, name: str) -> None:
    assert client.get(f"/ark:{name}").status_code == 404


@pytest.mark.django_db
def test_the_network_names_under_its_own_number(
    client: Client, network: Library, province: Library
) -> None:
    record = RecordFactory(library=province)
    PreferenceValue.objects.create(library=network, name="ark_naan", value="12148")
    naming.forget()

    assert str(naming.of_record(record.pk)).startswith("ark:12148/u")
    assert client.get(f"/{naming.of_record(record.pk)}").status_code == 302
    assert client.get(f"/ark:99999/{ark.record_name(record.pk)}").status_code == 302


@pytest.mark.django_db
def test_robots_find_every_public_page_and_no_other(
    client: Client,
    province: Library,
    new_object: Callable[..., DigitalObject],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sitemaps, "CHUNK", 2)
    shown = [RecordFactory(library=province) for _ in range(3)]
    hidden = RecordFactory(library=province, suppressed=True)
    scan = new_object(pages=1)
    staff = new_object(pages=1, access="staff")

    robots = client.get("/robots.txt").content.decode()
    index = etree.fromstring(client.get("/sitemap.xml").content)
    parts = [
        b"".join(client.get(str(each.text).removeprefix("http://testserver")).streaming_content)
        for each in index.iter(LOCATION)
    ]

    assert "Sitemap: http://testserver/sitemap.xml" in robots
    found = [str(each.text) for part in parts for each in etree.fromstring(part).iter(LOCATION)]
    assert {f"http://testserver/record/{record.pk}" for record in shown} <= set(found)
    assert f"http://testserver/record/{hidden.pk}" not in found
    assert f"http://testserver/read/{scan.identifier}/" in found
    assert f"http://testserver/read/{staff.identifier}/" not in found
    assert len(found) == len(set(found))


def linked_data(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    told: dict[str, object] = json.loads(found[1])
    return told


@pytest.mark.django_db
def test_a_record_s_page_tells_programs_what_it_describes(
    client: Client, province: Library, book: DigitalObject
) -> None:
    title = 'Đất </script><script>alert("1")</script> rừng'
    record = RecordFactory(title="Đất", marc=dumps(marc_of(title)), library=province)
    ObjectRecord.objects.create(object=book, record=record)

    answer = client.get(f"/record/{record.pk}")

    page = answer.content.decode()
    told = linked_data(page)
    name = f"http://testserver/{naming.of_record(record.pk)}"
    assert (told["@type"], told["name"], told["identifier"]) == ("Book", title, name)
    assert told["author"] == [{"@type": "Person", "name": "Nguyễn Du"}]
    (media,) = told["associatedMedia"]  # type: ignore[misc]
    assert media["contentUrl"] == f"http://testserver/read/{book.identifier}/"
    assert f'<{name}>; rel="cite-as"' in answer["Link"]
    assert 'rel="describedby"; type="application/marcxml+xml"' in answer["Link"]
    assert "<script>alert" not in page


@pytest.mark.django_db
def test_an_object_s_page_tells_its_lasting_name_and_its_licence(
    client: Client, book: DigitalObject
) -> None:
    page = client.get(f"/read/{book.identifier}/").content.decode()

    told = linked_data(page)
    assert told["@id"] == f"http://testserver/ark:99999/{book.identifier}"
    assert told["license"] == "https://creativecommons.org/publicdomain/mark/1.0/"
    assert f'<link rel="cite-as" href="{told["@id"]}">' in page


@pytest.mark.django_db
def test_a_name_passes_on_the_moment_that_is_asked_for(client: Client, book: DigitalObject) -> None:
    DigitalObject.objects.update(published_at=book.updated_at)

    answer = client.get(f"/ark:99999/{book.identifier}?part=1&t=12")

    assert answer["Location"] == f"http://testserver/read/{book.identifier}/?part=1&t=12"


@pytest.mark.django_db
def test_a_page_is_quoted_by_its_lasting_name(client: Client, book: DigitalObject) -> None:
    DigitalObject.objects.update(published_at=book.updated_at)
    first = book.pages.earliest("position")
    lasting = f"http://testserver/ark:99999/{book.identifier}/{first.identifier}"

    page = client.get(f"/read/{book.identifier}/{first.identifier}/").content.decode()
    manifest = client.get(f"/iiif/manifest/{book.identifier}").json()

    assert f'id="quote-link" class="reading-address" href="{lasting}"' in page
    assert f"{lasting}</p>" in page
    assert manifest["homepage"][0]["id"] == f"http://testserver/ark:99999/{book.identifier}"
    mets = next(each["id"] for each in manifest["seeAlso"] if each["label"] == {"en": ["METS"]})
    assert b"<mets:mets" in client.get(mets.removeprefix("http://testserver")).content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "line"),
    [("ris", "UR  - {url}\r\n"), ("bib", "  url = {{{url}}}"), ("csl", '"URL": "{url}"')],
)
def test_a_page_is_cited_in_programs_with_its_lasting_name(
    client: Client, book: DigitalObject, form: str, line: str
) -> None:
    first = book.pages.earliest("position")

    answer = client.get(f"/read/{book.identifier}/cite/{form}?page={first.identifier}")

    url = f"http://testserver/ark:99999/{book.identifier}/{first.identifier}"
    assert line.format(url=url) in answer.content.decode()
    assert client.get(f"/read/{book.identifier}/cite/doc").status_code == 404
    assert client.get(f"/read/x/cite/{form}").status_code == 404
