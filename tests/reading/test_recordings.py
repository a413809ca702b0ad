"""Listening and watching: the page, the files it plays, and who may fetch them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading.actions.lending import borrow
from tangthu.reading.copies import words_for
from tangthu.repository import storage
from tangthu.repository.actions import ObjectData, add_file, create_object, make_ready, publish
from tangthu.repository.actions.captions import ChapterData, set_captions, set_chapters
from tangthu.repository.models import CaptionsKind, DigitalObject, Recording
from tests.conftest import client_of_reader
from tests.reading.lending import as_reader, licensed
from tests.repository.sounds import film, sound

pytestmark = pytest.mark.django_db

RADE = "WEBVTT\n\n00:00.000 --> 00:01.000\nMơ̆ng ƀuôn sang <b>dliê</b>\n".encode()
VIETNAMESE = "WEBVTT\n\n00:00.100 --> 00:01.000\nTừ buôn làng đất đỏ\n".encode()


@pytest.fixture
def new_recording(province: Library, machine: Actor) -> Callable[..., DigitalObject]:
    """Make drafts for recordings at the provincial library."""

    def make(title: str, **values: str) -> DigitalObject:
        data = ObjectData(title=title, **({"rights": "PDM", "access": "public"} | values))
        return create_object(data, library=province, by=machine)

    return make


@pytest.fixture
def story(new_recording: Callable[..., DigitalObject], machine: Actor, tmp_path: Path) -> Recording:
    """A published recording with a chapter and words in two languages."""
    obj = new_recording("Klei khan Đăm San", kind="audio", languages="rad")
    add_file(obj, sound(tmp_path), by=machine)
    make_ready(obj, by=machine)
    recording = obj.recordings.select_related("object", "source").get()
    set_chapters(recording, [ChapterData(0, "Mở đầu"), ChapterData(1_500, "Lên núi")], by=machine)
    set_captions(recording, RADE, language="rad", kind=CaptionsKind.SPOKEN, by=machine)
    set_captions(recording, VIETNAMESE, language="vie", kind=CaptionsKind.TRANSLATION, by=machine)
    make_ready(obj, by=machine)
    publish(obj, by=machine)
    return recording


def address_of(recording: Recording) -> str:
    return reverse("reading:object", args=[recording.object.identifier])


def test_the_page_plays_the_recording_with_its_words_in_both_languages(
    client: Client, story: Recording
) -> None:
    page = client.get(address_of(story))

    assert page.status_code == 200
    assert "<audio" in page.text
    assert '<p lang="rad">Mơ̆ng ƀuôn sang dliê</p>' in page.text
    assert "Từ buôn làng đất đỏ" in page.text
    assert 'data-player-at="1.500"' in page.text


def test_the_sound_is_fetched_in_parts_by_everybody_when_it_is_public(
    client: Client, story: Recording
) -> None:
    address = reverse("reading:file", args=[story.object.identifier, story.source.identifier])

    answer = client.get(address, headers={"Range": "bytes=0-99"})

    assert answer.status_code == 206
    assert answer["Content-Type"] == "audio/mpeg"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.getvalue() == storage.path_of(story.source).read_bytes()[:100]


def test_captions_are_sent_as_captions(client: Client, story: Recording) -> None:
    captions = story.captions.get(language="rad")
    address = reverse("reading:file", args=[story.object.identifier, captions.file.identifier])

    answer = client.get(address)

    assert answer["Content-Type"] == "text/vtt"
    assert answer.getvalue().startswith(b"WEBVTT\n")


def test_a_restricted_recording_needs_the_ticket_that_its_page_gave(
    client: Client, story: Recording, reader_client: Client
) -> None:
    DigitalObject.objects.filter(pk=story.object_id).update(access="cardholders")
    bare = reverse("reading:file", args=[story.object.identifier, story.source.identifier])

    closed = client.get(address_of(story))
    page = reader_client.get(address_of(story))

    assert closed.status_code == 403
    assert page.status_code == 200
    given = page.context["source"]
    assert given.startswith(f"{bare}~")
    assert (client.get(bare).status_code, client.get(given).status_code) == (403, 200)
    captions = story.captions.get(language="vie").file.identifier
    ticket = given.partition("~")[2]
    stolen = reverse("reading:file", args=[story.object.identifier, f"{captions}~{ticket}"])
    assert client.get(stolen).status_code == 403


def test_a_film_shows_its_picture_and_captions(
    client: Client,
    new_recording: Callable[..., DigitalObject],
    machine: Actor,
    tmp_path: Path,
) -> None:
    obj = new_recording("Nhà dài", kind="video")
    add_file(obj, film(tmp_path, seconds=1), by=machine)
    make_ready(obj, by=machine)
    recording = obj.recordings.select_related("object", "poster").get()
    set_captions(recording, VIETNAMESE, language="vie", kind=CaptionsKind.SPOKEN, by=machine)
    publish(obj, by=machine)

    page = client.get(address_of(recording))

    assert "<video" in page.text
    assert 'srclang="vi"' in page.text
    assert recording.poster is not None
    picture = client.get(page.context["poster"])
    assert picture["Content-Type"] == "image/jpeg"


def test_of_several_recordings_the_address_names_the_one_that_plays(
    client: Client,
    new_recording: Callable[..., DigitalObject],
    machine: Actor,
    tmp_path: Path,
) -> None:
    obj = new_recording("Hai cuộn băng", kind="audio")
    for name in ("mặt A.mp3", "mặt B.mp3"):
        add_file(obj, sound(tmp_path, name, seconds=1), by=machine)
    make_ready(obj, by=machine)
    publish(obj, by=machine)
    address = reverse("reading:object", args=[obj.identifier])

    shown = [
        str(client.get(address, query).context["recording"])
        for query in ({}, {"part": "2"}, {"part": "99"}, {"part": "x"})
    ]

    assert shown == ["mặt A.mp3", "mặt B.mp3", "mặt A.mp3", "mặt A.mp3"]


def test_a_recording_that_is_being_prepared_says_so(
    client: Client,
    new_recording: Callable[..., DigitalObject],
    machine: Actor,
    tmp_path: Path,
) -> None:
    obj = new_recording("Băng mới", kind="audio")
    add_file(obj, sound(tmp_path, seconds=1), by=machine)
    publish(obj, by=machine)

    page = client.get(reverse("reading:object", args=[obj.identifier]))

    assert page.status_code == 404
    assert "Chưa sẵn sàng" in page.text


@pytest.mark.parametrize(("protection", "is_marked"), [("watermark", True), ("none", False)])
def test_a_recording_lent_with_a_mark_says_whose_loan_it_is(
    story: Recording, patron: Patron, protection: str, is_marked: bool
) -> None:
    DigitalObject.objects.filter(pk=story.object_id).update(access="lent")
    licensed(story.object, protection=protection)
    loan = borrow(story.object, for_=patron, by=as_reader(patron))
    words = words_for(loan)

    page = client_of_reader(patron).get(address_of(story))

    assert patron.name in words
    assert (f"Bản cho mượn riêng: {words}" in " ".join(page.text.split())) == is_marked
    assert page.context["data"]["mark"] == (words if is_marked else "")


def test_a_recording_lent_with_a_mark_is_not_offered_to_be_taken_along(
    story: Recording, patron: Patron
) -> None:
    DigitalObject.objects.filter(pk=story.object_id).update(access="lent")
    licensed(story.object, protection="watermark", downloads=True)
    borrow(story.object, for_=patron, by=as_reader(patron))
    reader, address = client_of_reader(patron), f"/read/{story.object.identifier}"

    shown = reader.get(f"{address}/lending").text

    assert "Trang phát ghi rõ ai mượn" in shown
    assert f"{address}/copy" not in shown
    assert reader.get(f"{address}/copy").status_code == 404


def test_lost_captions_leave_the_sound(client: Client, story: Recording) -> None:
    storage.path_of(story.captions.get(language="rad").file).unlink()

    page = client.get(address_of(story))

    assert page.status_code == 200
    assert "<audio" in page.text
