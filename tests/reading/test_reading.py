"""The viewer: what it shows without a script, to whom, and what is written down of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tangthu.access.models import User
from tangthu.formats.iiif.state import State, encode
from tangthu.patrons.models import Patron
from tangthu.reading import inside
from tangthu.reading.actions import forget_viewers, forget_views_of
from tangthu.reading.models import RestrictedView
from tangthu.repository.models import DigitalObject, Section
from tests.conftest import client_of, client_of_reader
from tests.factories import RecordFactory

pytestmark = pytest.mark.django_db


def shown(answer: object) -> dict:
    text = answer.content.decode()
    found = re.search(r'<script id="reading-data" type="application/json">(.*?)</script>', text)
    assert found
    return json.loads(found.group(1))


def read(client: Client, obj: DigitalObject, *, page: int = 0) -> str:
    address = f"/read/{obj.identifier}/"
    if page:
        address += f"{obj.pages.get(position=page).identifier}/"
    return client.get(address).content.decode()


def test_a_page_is_shown_without_a_script(client: Client, book: DigitalObject) -> None:
    first, second, third = book.pages.all()

    text = read(client, book, page=2)

    assert f"/iiif/image/{second.identifier}/full/700,/0/default.jpg" in text
    assert f'href="/read/{book.identifier}/{first.identifier}/"' in text
    assert f'href="/read/{book.identifier}/{third.identifier}/"' in text
    assert "Trang 2 của Khan Đăm Săn" in text


def test_the_address_of_an_object_opens_its_first_page(client: Client, book: DigitalObject) -> None:
    answer = client.get(f"/read/{book.identifier}/")

    told = shown(answer)
    assert told["place"] == 0
    assert [page[1:] for page in told["pages"]] == [[str(n), 700, 1000] for n in (1, 2, 3)]
    assert told["ticket"] == ""


def test_the_chosen_page_and_a_content_state_open_their_page(
    client: Client, book: DigitalObject
) -> None:
    third = book.pages.get(position=3)
    manifest = f"http://testserver/iiif/manifest/{book.identifier}"
    state = encode(State(manifest, f"{manifest}/canvas/{third.identifier}"))

    chosen = client.get(f"/read/{book.identifier}/?page={third.identifier}")
    pointed = client.get(f"/read/{book.identifier}/?iiif-content={state}")
    broken = client.get(f"/read/{book.identifier}/?iiif-content=zzz")

    assert [shown(each)["place"] for each in (chosen, pointed, broken)] == [2, 2, 0]


def test_a_page_that_is_gone_leads_to_the_object(client: Client, book: DigitalObject) -> None:
    answer = client.get(f"/read/{book.identifier}/bcdfghjkmnpq/")

    assert answer.status_code == 302
    assert answer["Location"] == f"/read/{book.identifier}/"


def test_the_citation_names_record_page_keeper_and_address(
    client: Client, book: DigitalObject
) -> None:
    record = RecordFactory(
        library=book.library, author="Sabatier, L.", publisher="Sở Văn hoá", year=1959
    )
    book.links.create(record=record)

    text = read(client, book, page=2)

    page = book.pages.get(position=2)
    assert (
        "Sabatier, L. Khan Đăm Săn. Sở Văn hoá, 1959, tr. 2. Thư viện tỉnh. "
        f"http://testserver/ark:99999/{book.identifier}/{page.identifier}<"
    ) in text
    assert f'href="/record/{record.pk}"' in text


def test_contents_lead_to_their_pages(client: Client, book: DigitalObject) -> None:
    third = book.pages.get(position=3)
    Section.objects.create(object=book, title="Cảnh 2", first_page=third, level=2, position=1)

    text = read(client, book)

    assert f'<a href="/read/{book.identifier}/{third.identifier}/">Cảnh 2</a>' in text


def test_a_link_to_an_open_page_is_shown_with_its_picture(
    client: Client, book: DigitalObject, patron: Patron, new_object: Callable[..., DigitalObject]
) -> None:
    second = book.pages.get(position=2)
    closed = new_object(access="cardholders")

    text = read(client, book, page=2)
    restricted = client_of_reader(patron).get(f"/read/{closed.identifier}/").content.decode()

    found = re.search(r'property="og:image" content="http://testserver([^"]+)"', text)
    assert found
    assert second.identifier in found[1]
    assert client.get(found[1]).status_code == 200
    assert "og:image" not in restricted


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"access": "cardholders"}, "Đăng nhập bằng thẻ thư viện"),
        ({"access": "on_site"}, "chỉ đọc"),
        ({"access": "on_request"}, "theo yêu cầu"),
    ],
)
def test_what_does_not_open_says_why(
    client: Client, new_object: Callable[..., DigitalObject], values: dict, words: str
) -> None:
    found = new_object(**values)

    answer = client.get(f"/read/{found.identifier}/")

    assert answer.status_code == 403
    assert "/iiif/image/" not in answer.content.decode()
    assert not RestrictedView.objects.exists()


@pytest.mark.parametrize("values", [{"state": "draft"}, {"access": "staff"}])
def test_what_is_not_for_the_public_is_not_there(
    client: Client, new_object: Callable[..., DigitalObject], values: dict
) -> None:
    found = new_object(**values)

    paths = [f"/read/{found.identifier}/", f"/iiif/manifest/{found.identifier}"]

    assert {client.get(path).status_code for path in paths} == {404}


def test_an_open_object_leaves_no_trace_of_its_readers(patron: Patron, book: DigitalObject) -> None:
    reader = client_of_reader(patron)

    reader.get(f"/read/{book.identifier}/")
    reader.get(f"/iiif/manifest/{book.identifier}")

    assert not RestrictedView.objects.exists()


class TestRestricted:
    @pytest.fixture
    def scan(self, new_object: Callable[..., DigitalObject]) -> DigitalObject:
        return new_object(access="cardholders")

    def test_a_reader_with_a_card_reads_and_it_is_written_down_once(
        self, patron: Patron, scan: DigitalObject
    ) -> None:
        reader = client_of_reader(patron)

        told = shown(reader.get(f"/read/{scan.identifier}/"))
        reader.get(f"/read/{scan.identifier}/")

        image = f"{told['images']}{told['pages'][0][0]}~{told['ticket']}/full/100,/0/default.jpg"
        assert reader.get(image).status_code == 200
        [view] = RestrictedView.objects.all()
        assert (view.object, view.patron, view.access) == (scan, patron, "cardholders")
        assert view.address == ""

    def test_a_later_visit_is_another_view(self, patron: Patron, scan: DigitalObject) -> None:
        reader = client_of_reader(patron)
        reader.get(f"/read/{scan.identifier}/")
        RestrictedView.objects.update(last_at=timezone.now() - timedelta(minutes=31))

        reader.get(f"/read/{scan.identifier}/")

        assert RestrictedView.objects.count() == 2

    def test_a_viewer_that_stays_open_gets_fresh_tickets(
        self, client: Client, patron: Patron, scan: DigitalObject
    ) -> None:
        reader = client_of_reader(patron)

        given = reader.get(f"/read/{scan.identifier}/ticket")
        refused = client.get(f"/read/{scan.identifier}/ticket")

        assert given.json()["ticket"]
        assert given["Cache-Control"] == "private, no-store"
        assert (refused.status_code, refused.json()) == (403, {"reason": "object_needs_card"})

    def test_its_manifest_carries_tickets_and_is_not_shared(
        self, client: Client, patron: Patron, scan: DigitalObject
    ) -> None:
        reader = client_of_reader(patron)
        address = f"/iiif/manifest/{scan.identifier}"

        answer = reader.get(address)
        refused = client.get(address)

        painting = answer.json()["items"][0]["items"][0]["items"][0]["body"]
        image = painting["service"][0]["id"].removeprefix("http://testserver")
        assert client.get(f"{image}/full/100,/0/default.jpg").status_code == 200
        assert "Access-Control-Allow-Origin" not in answer
        assert answer["Cache-Control"].startswith("private")
        assert "~" not in refused.content.decode()
        assert "AuthProbeService2" in refused.content.decode()

    def test_staff_who_read_it_are_written_down_too(
        self, desk_user: User, scan: DigitalObject
    ) -> None:
        client_of(desk_user).get(f"/read/{scan.identifier}/")

        [view] = RestrictedView.objects.all()
        assert (view.user_id, view.patron) == (desk_user.pk, None)

    def test_it_is_not_embedded_elsewhere(
        self, patron: Patron, scan: DigitalObject, book: DigitalObject
    ) -> None:
        reader = client_of_reader(patron)

        ours = reader.get(f"/read/{scan.identifier}/embed/")
        public = reader.get(f"/read/{book.identifier}/embed/")

        assert ours.status_code == 403
        assert "frame-ancestors 'none'" in ours["Content-Security-Policy"]
        assert public.status_code == 200
        assert "frame-ancestors *" in public["Content-Security-Policy"]
        assert "X-Frame-Options" not in public

    def test_in_time_it_is_forgotten_who_it_was(self, patron: Patron, scan: DigitalObject) -> None:
        client_of_reader(patron).get(f"/read/{scan.identifier}/")

        early = forget_viewers(before=timezone.now() - timedelta(days=365))
        late = forget_viewers(before=timezone.now() + timedelta(seconds=1))

        assert (early, late) == (0, 1)
        assert RestrictedView.objects.get().patron is None

    def test_an_erased_reader_is_forgotten_at_once(
        self, patron: Patron, scan: DigitalObject
    ) -> None:
        client_of_reader(patron).get(f"/read/{scan.identifier}/")

        forget_views_of(patron)

        assert RestrictedView.objects.get().patron is None


def test_a_search_is_offered_only_where_there_is_text(
    client: Client, book: DigitalObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/iiif/manifest/{book.identifier}"
    without = client.get(address).json()
    monkeypatch.setattr(inside, "_finders", [lambda obj: f"/iiif/search/{obj.identifier}"])

    told = client.get(address).json()

    assert "service" not in without
    assert told["service"] == [
        {"id": f"http://testserver/iiif/search/{book.identifier}", "type": "SearchService2"}
    ]


def test_the_record_page_offers_what_can_be_read(
    client: Client, new_object: Callable[..., DigitalObject]
) -> None:
    record = RecordFactory()
    published, draft = new_object(title="Tập 1"), new_object(title="Tập 2", state="draft")
    empty = new_object(title="Tập 3", pages=0)
    for each in (published, draft, empty):
        each.links.create(record=record)

    text = client.get(f"/record/{record.pk}").content.decode()

    assert f'href="/read/{published.identifier}/"' in text
    assert text.count("Đọc trực tuyến") == 1
    assert draft.identifier not in text
    assert empty.identifier not in text


def test_the_record_page_says_who_may_read(
    client: Client, new_object: Callable[..., DigitalObject]
) -> None:
    record = RecordFactory()
    new_object(access="on_site").links.create(record=record)

    text = client.get(f"/record/{record.pk}").content.decode()

    assert "(Chỉ đọc tại thư viện)" in text
