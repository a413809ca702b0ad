"""The table of contents and the printed numbers, written by a librarian, and where they show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from django.test import Client

from tangthu.access.models import User
from tangthu.core.actor import Actor
from tangthu.repository import mets
from tangthu.repository.actions import add_page_images, make_ready, publish
from tangthu.repository.models import DigitalObject
from tests.conftest import client_of
from tests.repository.making import pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(draft: DigitalObject, keeper: Actor, tmp_path: Path) -> DigitalObject:
    """A published book of four pages."""
    add_page_images(draft, pictures(tmp_path, 4), by=keeper)
    make_ready(draft, by=keeper)
    return publish(draft, by=keeper)


@pytest.fixture
def browser(keeper_user: User) -> Client:
    return client_of(keeper_user)


def page_of(obj: DigitalObject) -> str:
    return f"/desk/digital/{obj.identifier}/contents/"


def lines(*rows: tuple[str, str, int], text: str = "") -> dict[str, object]:
    told: dict[str, object] = {
        "do": "sections",
        "form-TOTAL_FORMS": len(rows),
        "form-INITIAL_FORMS": 0,
        "text": text,
    }
    for number, (title, page, level) in enumerate(rows):
        told |= {f"form-{number}-title": title, f"form-{number}-page": page}
        told[f"form-{number}-level"] = level
    return told


def run_of(first: int, last: int, numbering: str, start: int = 1) -> dict[str, object]:
    told = {"do": "run", "first": first, "last": last, "numbering": numbering}
    return told | {"start": start, "before": ""}


def saved(obj: DigitalObject) -> Sequence[tuple[str, int, int]]:
    rows = obj.sections.select_related("first_page")
    return [(row.title, row.first_page.position, row.level) for row in rows]


def test_parts_are_saved_in_the_order_of_their_pages(browser: Client, book: DigitalObject) -> None:
    rows = [("Chương một", "3", 2), ("Đất và người", "2", 1), ("", "", 1), ("Mở đầu", "1", 1)]

    answer = browser.post(page_of(book), lines(*rows))

    assert answer.status_code == 302
    assert saved(book) == [("Mở đầu", 1, 1), ("Đất và người", 2, 1), ("Chương một", 3, 2)]


def test_lines_of_a_text_are_added(browser: Client, book: DigitalObject) -> None:
    text = "Chương một ..... 2\n  Mục a 3"

    browser.post(page_of(book), lines(("Mở đầu", "1", 1), text=text))

    assert saved(book) == [("Mở đầu", 1, 1), ("Chương một", 2, 1), ("Mục a", 3, 2)]


def test_a_text_that_is_pasted_twice_doubles_nothing(browser: Client, book: DigitalObject) -> None:
    text = "Chương một ..... 2\n  Mục a 3"
    browser.post(page_of(book), lines(text=text))

    rows = [("Chương một", "2", 1), ("Mục a", "3", 2)]
    browser.post(page_of(book), lines(*rows, text=f"{text}\nMục a 4"))

    assert saved(book) == [("Chương một", 2, 1), ("Mục a", 3, 2), ("Mục a", 4, 1)]


def test_a_run_of_pages_is_proposed_from_the_first_to_the_last(
    browser: Client, book: DigitalObject
) -> None:
    run = browser.get(page_of(book)).context["run"]

    assert (run["first"].value(), run["last"].value()) == (1, 4)


@pytest.mark.parametrize("page", ["5", "0", "", "xii", "9999999999"])
def test_a_page_that_is_not_there_is_told_and_nothing_is_saved(
    browser: Client, book: DigitalObject, page: str
) -> None:
    browser.post(page_of(book), lines(("Mở đầu", "1", 1)))

    answer = browser.post(page_of(book), lines(("Hết", page, 1)))

    assert answer.status_code == 422
    assert "Không có trang" in answer.content.decode()
    assert saved(book) == [("Mở đầu", 1, 1)]


def test_pages_are_numbered_in_runs(browser: Client, book: DigitalObject) -> None:
    browser.post(page_of(book), run_of(1, 2, "i"))
    browser.post(page_of(book), run_of(3, 4, "1", start=5))

    assert [page.label for page in book.pages.all()] == ["i", "ii", "5", "6"]
    browser.post(page_of(book), lines(("Lời tựa", "ii", 1), ("Chương", "5", 1), ("Hết", "#4", 1)))
    assert saved(book) == [("Lời tựa", 2, 1), ("Chương", 3, 1), ("Hết", 4, 1)]
    assert 'value="ii"' in browser.get(page_of(book)).content.decode()


@pytest.mark.parametrize(("first", "last"), [(3, 2), (1, 5), (0, 1)])
def test_a_run_that_leads_out_is_refused(
    browser: Client, book: DigitalObject, first: int, last: int
) -> None:
    answer = browser.post(page_of(book), run_of(first, last, "1"))

    assert answer.status_code == 422
    assert {page.label for page in book.pages.all()} == {""}


def test_who_does_not_keep_the_object_writes_nothing(
    book: DigitalObject, neighbour_user: User
) -> None:
    answer = client_of(neighbour_user).post(page_of(book), lines(("Lạ", "1", 1)))

    assert answer.status_code in {403, 404}
    assert saved(book) == []


def test_readers_programs_and_the_archive_are_told_of_it(
    browser: Client, book: DigitalObject
) -> None:
    browser.post(page_of(book), run_of(1, 2, "i"))
    browser.post(page_of(book), lines(("Lời tựa", "i", 1), ("Đất đỏ", "3", 2)))

    reader = Client()
    viewer = reader.get(f"/read/{book.identifier}/").content.decode()
    manifest = reader.get(f"/iiif/manifest/{book.identifier}").json()
    described = mets.archived(book)

    assert "Lời tựa" in viewer
    assert "Đất đỏ" in viewer
    named = [each["label"].get("none") for each in ranges(manifest)]
    assert [each for each in named if each] == [["Lời tựa"], ["Đất đỏ"]]
    assert 'LABEL="Lời tựa"' in described
    assert 'LABEL="Đất đỏ"' in described


def ranges(manifest: dict[str, object]) -> list[dict[str, object]]:
    """Return all ranges, the deeper ones behind those that they stand in."""
    found: list[dict[str, object]] = []
    waiting = list(manifest["structures"])
    while waiting:
        each = waiting.pop(0)
        found.append(each)
        waiting = [part for part in each["items"] if part["type"] == "Range"] + waiting
    return found
