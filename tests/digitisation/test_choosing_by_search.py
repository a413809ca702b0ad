"""Documents are chosen from the catalogue's search, and what cannot be chosen says why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from tangthu.catalogue.actions import add_record
from tangthu.catalogue.models import Item, ItemStatus, Record
from tangthu.core.actor import Actor
from tangthu.digitisation.actions.projects import claim, finish
from tangthu.digitisation.models import Batch, Capture
from tangthu.discovery import indexer, search
from tangthu.formats.marc.build import to_marc
from tangthu.formats.marc.worksheet import Worksheet
from tangthu.libraries.models import Library, Location
from tangthu.repository.actions import ObjectData, create_object
from tests.conftest import client_of
from tests.factories import ItemFactory, LocationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]
ROOT = "/desk/digitisation/"


@pytest.fixture
def office(planner_user) -> Client:
    return client_of(planner_user)


@pytest.fixture
def index(tmp_path: Path, settings) -> Callable[[], int]:
    """Fill a search index of this test alone with the records that there are."""
    settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    return lambda: indexer.catch_up(search.shelf())


@pytest.fixture
def stack(project) -> Location:
    return LocationFactory(library=project.library, code="DC", name="Kho địa chí")


@pytest.fixture
def described(province: Library, machine: Actor) -> Callable[[str], Record]:
    """Describe a book, so that search knows it."""
    return lambda title: add_record(to_marc(Worksheet(title=title)), library=province, by=machine)


@pytest.fixture
def books(project, stack, described) -> list[Item]:
    """Three books of coffee in the stack, and one of pepper."""
    titles = ("Cà phê một", "Cà phê hai", "Cà phê ba", "Hồ tiêu")
    return [
        ItemFactory(library=project.library, location=stack, record=described(title))
        for title in titles
    ]


def searched(client: Client, project, query: str) -> str:
    answer = client.get(f"{ROOT}projects/{project.pk}/search/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_ticked_titles_go_into_a_batch(office, project, books, index):
    index()
    page = searched(office, project, "q=ca+phe")
    chosen = [books[0].record_id, books[2].record_id]

    office.post(f"{ROOT}projects/{project.pk}/choose/", {"record": chosen, "note": "Cà phê"})

    assert page.count('name="record"') == 3
    assert "Hồ tiêu" not in page
    assert Batch.objects.get().note == "Cà phê"
    assert {row.item for row in Capture.objects.all()} == {books[0], books[2]}


def test_the_whole_result_goes_into_a_batch(office, project, books, index, stack):
    index()
    told = {"whole": "1", "q": "ca phe", "location": stack.pk}

    office.post(f"{ROOT}projects/{project.pk}/choose/", told)

    assert {row.item for row in Capture.objects.all()} == set(books[:3])


def test_what_is_under_way_or_digitised_says_so_and_cannot_be_ticked(
    office, project, books, index, new_capture, planner
):
    capture = new_capture(books[0])
    obj = create_object(
        ObjectData(title="Bản quét cũ", records=(books[1].record,)),
        library=project.library,
        by=planner,
    )
    index()

    page = searched(office, project, "q=ca+phe")

    assert page.count('name="record"') == 1
    assert "Đang được số hoá:" in page
    assert f'href="{ROOT}captures/{capture.number}/"' in page
    assert "Đã số hoá:" in page
    assert obj.title in page


def test_another_copy_of_a_title_that_is_fetched_is_not_chosen_beside_it(
    office, project, books, new_capture, planner
):
    capture = new_capture(books[0])
    other = ItemFactory(library=project.library, record=books[0].record)
    finish(capture, by=planner)
    claim(capture, by=planner)
    finish(capture, by=planner)

    answer = office.post(f"{ROOT}projects/{project.pk}/choose/", {"record": [books[0].record_id]})

    books[0].refresh_from_db()
    assert books[0].status == ItemStatus.IN_DIGITISATION
    assert answer.status_code == 422
    assert f"Đang được số hoá: {capture.number}" in answer.content.decode()
    assert other.captures.count() == 0


def test_a_filter_narrows_and_its_address_takes_it_away_again(
    office, project, books, index, stack, described
):
    ItemFactory(library=project.library, record=described("Cà phê ở quầy"))
    index()

    wide = searched(office, project, "q=ca+phe")
    narrow = searched(office, project, f"q=ca+phe&location={stack.pk}")

    assert wide.count('name="record"') == 4
    assert narrow.count('name="record"') == 3
    assert 'href="?q=ca+phe"' in narrow


def test_it_begins_with_the_collection_of_the_project(office, project, books, index, stack):
    project.location = stack
    project.save()

    answer = office.get(f"{ROOT}projects/{project.pk}/search/")

    assert answer.headers["Location"].endswith(f"?location={stack.pk}")


def test_without_an_index_the_other_ways_are_offered(office, project, tmp_path, settings):
    settings.SEARCH_URL = f"tantivy://{tmp_path}/none"

    answer = office.get(f"{ROOT}projects/{project.pk}/search/?q=a")

    assert answer.status_code == 503
    assert f"{ROOT}projects/{project.pk}/choose/" in answer.content.decode()


def test_a_page_of_hits_costs_the_same_however_many_there_are(
    office, project, books, index, django_assert_num_queries
):
    index()
    address = f"{ROOT}projects/{project.pk}/search/?q="
    office.get(address + "tieu")

    with django_assert_num_queries(QUERIES):
        office.get(address + "tieu")
    with django_assert_num_queries(QUERIES):
        office.get(address + "ca+phe")


QUERIES = 10
