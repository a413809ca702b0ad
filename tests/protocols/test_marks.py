"""Pages of restricted documents: the reader's mark across them, and the pace at which they come."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from tangthu.core.actor import Actor, Face
from tangthu.patrons.models import Patron
from tangthu.reading import pacing, tickets
from tangthu.reading.actions import open_object
from tangthu.reading.marking import is_lent_with_mark, words_of
from tangthu.reading.models import RestrictedView
from tangthu.reading.policy.pace import A_SECOND, MOST_AT_ONCE, Allowance
from tangthu.repository.models import DigitalObject

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> None:
    words_of.cache_clear()
    is_lent_with_mark.cache_clear()


def opened_by(obj: DigitalObject, patron: Patron) -> str:
    by = Actor(face=Face.OPAC, name=patron.card, patron_id=patron.pk)
    return open_object(obj, by=by, address=None)


def pixels(client: Client, obj: DigitalObject, ticket: str, asked: str) -> numpy.ndarray:
    page = obj.pages.get(position=1)
    answer = client.get(f"/iiif/image/{page.identifier}~{ticket}/{asked}")
    assert answer.status_code == 200, answer.content
    return numpy.asarray(Image.open(io.BytesIO(answer.content)).convert("L")).astype(int)


def test_the_mark_stands_across_tiles_and_leaves_the_print_legible(
    client: Client, new_object: Callable[..., DigitalObject], patron: Patron
) -> None:
    plain, kept = (new_object(access="cardholders", watermark=each) for each in (False, True))
    tickets_of = [opened_by(obj, patron) for obj in (plain, kept)]
    # The upper right of the page is bare paper.
    asked = "350,0,350,500/350,500/0/default.jpg"

    bare, marked = (
        pixels(client, obj, ticket, asked)
        for obj, ticket in zip((plain, kept), tickets_of, strict=True)
    )

    darker = bare - marked
    assert bare.std() < 2
    assert 0.01 < (darker > 15).mean() < 0.2
    assert darker.max() < 60


def test_the_mark_goes_on_from_tile_to_tile(
    client: Client, new_object: Callable[..., DigitalObject], patron: Patron
) -> None:
    kept = new_object(access="cardholders", watermark=True)
    ticket = opened_by(kept, patron)

    whole = pixels(client, kept, ticket, "0,0,512,256/512,256/0/default.png")
    right = pixels(client, kept, ticket, "256,0,256,256/256,256/0/default.png")

    assert numpy.abs(whole[:, 256:] - right).max() <= 1


def test_the_mark_names_reader_card_and_moment(
    new_object: Callable[..., DigitalObject], patron: Patron
) -> None:
    opened_by(new_object(access="cardholders", watermark=True), patron)

    words = words_of(RestrictedView.objects.get().pk)

    assert words.startswith(f"{patron.name} · …{patron.card[-4:]} · ")
    assert patron.card not in words


def test_a_ticket_of_one_opening_is_no_ticket_of_another(
    client: Client,
    new_object: Callable[..., DigitalObject],
    patron: Patron,
    foreign_patron: Patron,
) -> None:
    kept = new_object(access="cardholders", watermark=True)
    mine, other = opened_by(kept, patron), opened_by(kept, foreign_patron)
    forged = f"{mine.split('.')[0]}.{other.split('.', 1)[1]}"
    page = kept.pages.get(position=1)

    answer = client.get(f"/iiif/image/{page.identifier}~{forged}/full/max/0/default.jpg")

    assert answer.status_code == 403
    assert tickets.view_of(mine) != tickets.view_of(other)


def test_whoever_fetches_faster_than_anybody_reads_is_told_to_wait(
    client: Client,
    new_object: Callable[..., DigitalObject],
    patron: Patron,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    tmp_path: Path,
) -> None:
    kept = new_object(access="cardholders")
    ticket = opened_by(kept, patron)
    page = kept.pages.get(position=1)
    # Openings are numbered anew in each test: none has fetched anything in this folder.
    settings.DATA = tmp_path
    whole = f"/iiif/image/{page.identifier}~{ticket}/full/max/0/default.jpg"
    monkeypatch.setattr("tangthu.reading.pacing.time.time", lambda: 100.0)
    pacing.take(tickets.view_of(ticket), MOST_AT_ONCE - 1_000_000)

    first, second = client.get(whole), client.get(whole)

    assert (first.status_code, second.status_code) == (200, 429)
    assert second["Retry-After"] == "1"
    assert "nhanh hơn mức đọc" in second.content.decode()


@given(st.lists(st.tuples(st.integers(1, 9_000_000), st.floats(0, 60)), max_size=60))
def test_no_visit_fetches_more_than_was_allowed_in_that_time(asked) -> None:
    allowance, now, taken = Allowance(at=0.0), 0.0, 0
    for wanted, pause in asked:
        now += pause
        if not allowance.take(wanted, now=now):
            taken += wanted

    assert taken <= MOST_AT_ONCE + now * A_SECOND + 1
