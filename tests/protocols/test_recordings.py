"""Recordings as other programs find them: manifests that last, with words in time and chapters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import iiif_prezi3
import pytest
from django.test import Client

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.repository.actions import ObjectData, add_file, create_object, make_ready, publish
from tangthu.repository.actions.captions import ChapterData, set_captions, set_chapters
from tangthu.repository.models import CaptionsKind, DigitalObject
from tests.repository.sounds import film, sound

pytestmark = pytest.mark.django_db

WORDS = "WEBVTT\n\n00:00.000 --> 00:01.000\nMơ̆ng ƀuôn sang dliê\n".encode()
BY = Actor.machine("tests")


@pytest.fixture
def recorded(province: Library, tmp_path: Path) -> Callable[..., DigitalObject]:
    """Publish recordings: tones, or a film of a test picture."""

    def make(kind: str, *names: str, access: str = "public") -> DigitalObject:
        data = ObjectData(title="Klei khan", kind=kind, rights="PDM", access=access)
        obj = create_object(data, library=province, by=BY)
        for name in names:
            add_file(obj, (film if kind == "video" else sound)(tmp_path, name), by=BY)
        make_ready(obj, by=BY)
        for recording in obj.recordings.select_related("object", "source"):
            chapters = [ChapterData(0, "Mở đầu"), ChapterData(1_500, "Lên núi")]
            set_chapters(recording, chapters, by=BY)
            spoken = CaptionsKind.SPOKEN
            set_captions(recording, WORDS, language="rad", kind=spoken, by=BY)
        publish(obj, by=BY)
        return obj

    return make


def manifest(client: Client, obj: DigitalObject) -> dict:
    answer = client.get(f"/iiif/manifest/{obj.identifier}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_story_is_a_canvas_that_lasts_with_its_words_and_chapters(
    client: Client, recorded: Callable[..., DigitalObject]
) -> None:
    obj = recorded("audio", "khan.mp3")

    found = manifest(client, obj)

    read = iiif_prezi3.Manifest(**found)
    [canvas] = found["items"]
    [painting] = canvas["items"][0]["items"]
    assert read.items[0].duration == pytest.approx(2, abs=0.1)
    assert "width" not in canvas
    assert painting["motivation"] == "painting"
    assert (painting["body"]["type"], painting["body"]["format"]) == ("Sound", "audio/mpeg")
    assert painting["body"]["duration"] == canvas["duration"]
    [words] = canvas["annotations"][0]["items"]
    assert words["motivation"] == "supplementing"
    assert (words["body"]["format"], words["body"]["language"]) == ("text/vtt", "rad")
    [contents] = found["structures"]
    assert [part["label"] for part in contents["items"]] == [
        {"none": ["Mở đầu"]},
        {"none": ["Lên núi"]},
    ]
    assert contents["items"][0]["items"] == [{"id": f"{canvas['id']}#t=0,1.5", "type": "Canvas"}]


def test_what_the_manifest_names_is_fetched_from_other_sites(
    client: Client, recorded: Callable[..., DigitalObject]
) -> None:
    [canvas] = manifest(client, recorded("audio", "khan.mp3"))["items"]
    media = canvas["items"][0]["items"][0]["body"]["id"]
    words = canvas["annotations"][0]["items"][0]["body"]["id"]

    fetched = [client.get(each.removeprefix("http://testserver")) for each in (media, words)]

    assert [each.status_code for each in fetched] == [200, 200]
    assert [each["Access-Control-Allow-Origin"] for each in fetched] == ["*", "*"]
    assert fetched[1].getvalue().startswith(b"WEBVTT")


def test_a_film_has_a_size_and_a_picture_until_it_plays(
    client: Client, recorded: Callable[..., DigitalObject]
) -> None:
    found = manifest(client, recorded("video", "phim.mp4"))

    iiif_prezi3.Manifest(**found)
    [canvas] = found["items"]
    assert (canvas["width"], canvas["height"]) == (320, 180)
    assert canvas["items"][0]["items"][0]["body"]["type"] == "Video"
    picture = canvas["placeholderCanvas"]["items"][0]["items"][0]["body"]
    assert (picture["width"], picture["height"]) == (320, 180)
    assert found["thumbnail"] == canvas["thumbnail"] == [picture]
    shown = client.get(picture["id"].removeprefix("http://testserver"))
    assert shown["Content-Type"] == "image/jpeg"


def test_the_sides_of_a_tape_follow_each_other(
    client: Client, recorded: Callable[..., DigitalObject]
) -> None:
    found = manifest(client, recorded("audio", "A.mp3", "B.mp3"))

    iiif_prezi3.Manifest(**found)
    assert found["behavior"] == ["auto-advance"]
    assert [canvas["label"] for canvas in found["items"]] == [
        {"none": ["A.mp3"]},
        {"none": ["B.mp3"]},
    ]
    [contents] = found["structures"]
    assert [[part["label"]["none"] for part in side["items"]] for side in contents["items"]] == [
        [["Mở đầu"], ["Lên núi"]],
        [["Mở đầu"], ["Lên núi"]],
    ]


def test_a_restricted_recording_is_told_to_who_may_listen_with_a_ticket_for_each_file(
    client: Client, reader_client: Client, recorded: Callable[..., DigitalObject]
) -> None:
    obj = recorded("audio", "khan.mp3", access="cardholders")

    closed = client.get(f"/iiif/manifest/{obj.identifier}")
    [canvas] = manifest(reader_client, obj)["items"]

    assert (closed.status_code, closed.text) == (403, "object_reader_only")
    media = canvas["items"][0]["items"][0]["body"]["id"].removeprefix("http://testserver")
    bare, _, ticket = media.partition("~")
    assert ticket
    assert (client.get(bare).status_code, client.get(media).status_code) == (403, 200)
    assert "Access-Control-Allow-Origin" not in client.get(media)
    words = obj.recordings.get().captions.get().file.identifier
    stolen = f"/read/{obj.identifier}/file/{words}~{ticket}"
    assert client.get(stolen).status_code == 403
