"""Podcasts: what is in the feed, what stays out of it, and what real programs make of it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import feedparser
import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from tangthu.community.actions.podcasts import PodcastData, change_podcast, make_podcast
from tangthu.community.errors import PodcastTaken
from tangthu.community.models import Podcast
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid, NotPermitted
from tangthu.libraries.models import Library
from tangthu.repository import storage
from tangthu.repository.actions.captions import set_captions
from tangthu.repository.models import CaptionsKind, Collection, DigitalObject, Recording
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

DATA = PodcastData(
    title="Tiếng nói Tây Nguyên",
    summary="Lời kể & tiếng chiêng",
    author="Thư viện tỉnh Đắk Lắk",
    is_published=True,
)
VTT = "WEBVTT\n\n00:00.000 --> 00:01.000\nMơ̆ng ƀuôn sang\n".encode()


@pytest.fixture
def podcast(voices: Collection, province: Library, teller: Actor) -> Podcast:
    return make_podcast(voices, DATA, library=province, by=teller)


def test_the_feed_holds_what_programs_for_podcasts_ask_for(
    client: Client, podcast: Podcast, tape: Callable[..., Recording], machine: Actor
) -> None:
    recording = tape("Klei khan Đăm San <1>")
    set_captions(recording, VTT, language="rad", kind=CaptionsKind.SPOKEN, by=machine)

    answer = client.get("/podcasts/tieng-noi/feed.xml")

    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert feed.feed.title == "Tiếng nói Tây Nguyên"
    assert feed.feed.language == "vi"
    assert feed.feed.image.href.endswith("/podcasts/tieng-noi/cover.jpg")
    (entry,) = feed.entries
    assert entry.title == "Klei khan Đăm San <1>"
    assert entry.itunes_duration == "0:01"
    (enclosure,) = entry.enclosures
    assert (enclosure.type, int(enclosure.length)) == ("audio/mpeg", recording.source.size)
    assert b'<podcast:transcript language="rad" type="text/vtt" url="http://' in answer.content
    assert client.get(enclosure.href).getvalue() == storage.path_of(recording.source).read_bytes()


@pytest.mark.parametrize(
    "changes",
    [
        {"access": "cardholders"},
        {"state": "withdrawn"},
        {"embargo_until": "2999-01-01"},
        {"restriction": "community"},
    ],
)
def test_what_is_not_open_to_all_is_not_sent_to_phones(
    client: Client, podcast: Podcast, tape: Callable[..., Recording], changes: dict[str, str]
) -> None:
    DigitalObject.objects.filter(pk=tape().object_id).update(**changes)

    feed = feedparser.parse(client.get("/podcasts/tieng-noi/feed.xml").content)

    assert feed.entries == []


def test_a_podcast_that_is_not_published_has_no_feed(
    client: Client, podcast: Podcast, teller: Actor
) -> None:
    hidden = PodcastData(title=DATA.title, summary=DATA.summary, author=DATA.author)
    change_podcast(podcast, hidden, by=teller)

    assert client.get("/podcasts/tieng-noi/feed.xml").status_code == 404
    assert client.get("/podcasts/tieng-noi/cover.jpg").status_code == 404


def test_the_cover_is_as_large_as_programs_ask_for(client: Client, podcast: Podcast) -> None:
    from io import BytesIO

    from PIL import Image

    answer = client.get("/podcasts/tieng-noi/cover.jpg")

    assert Image.open(BytesIO(answer.content)).size == (1400, 1400)
    again = client.get(
        "/podcasts/tieng-noi/cover.jpg", headers={"If-Modified-Since": answer["Last-Modified"]}
    )
    assert again.status_code == 304


def test_a_collection_has_one_podcast(
    podcast: Podcast, voices: Collection, province: Library, teller: Actor
) -> None:
    with pytest.raises(PodcastTaken):
        make_podcast(voices, DATA, library=province, by=teller)

    assert Podcast.objects.count() == 1


def test_without_a_title_nothing_is_made(
    voices: Collection, province: Library, teller: Actor, neighbour: Actor
) -> None:
    with pytest.raises(Invalid):
        make_podcast(
            voices, PodcastData(title=" ", summary="x", author="y"), library=province, by=teller
        )
    with pytest.raises(NotPermitted):
        make_podcast(voices, DATA, library=province, by=neighbour)

    assert Podcast.objects.count() == 0


def test_staff_make_a_podcast_and_listeners_find_its_address(
    client: Client, teller_user, voices: Collection, province: Library
) -> None:
    staff = client_of(teller_user)
    typed = {
        "collection": voices.pk,
        "library": province.pk,
        "title": DATA.title,
        "summary": DATA.summary,
        "author": DATA.author,
        "language": "vi",
        "is_published": "on",
    }

    saved = staff.post("/desk/podcasts/new/", typed)

    assert saved.status_code == 302
    assert "http://testserver/podcasts/tieng-noi/feed.xml" in client.get("/podcasts/").text
    assert "feed.xml" in client.get("/collections/tieng-noi/").text


def test_staff_are_told_of_a_podcast_in_which_nothing_can_be_heard(
    teller_user, podcast: Podcast, tape: Callable[..., Recording]
) -> None:
    staff, page = client_of(teller_user), f"/desk/podcasts/{podcast.pk}/"
    typed = {"title": DATA.title, "summary": DATA.summary, "author": DATA.author}

    silent = staff.get(page).text
    saved = staff.post(page, typed | {"language": "vi", "is_published": "on"}, follow=True).text
    tape("Klei khan Đăm San")
    heard = staff.get(page).text

    assert "Podcast này chưa có gì để nghe" in silent
    assert "Podcast này chưa có gì để nghe" in saved
    assert "Podcast này chưa có gì để nghe" not in heard


@pytest.mark.serial
@pytest.mark.django_db(transaction=True)
def test_podget_fetches_the_recording(
    live_server: LiveServer, podcast: Podcast, tape: Callable[..., Recording], tmp_path: Path
) -> None:
    recording = tape()
    settings = tmp_path / "podget"
    settings.mkdir()
    feed = f"{live_server.url}/podcasts/tieng-noi/feed.xml"
    (settings / "serverlist").write_text(f"{feed} Voices Voices\n")

    subprocess.run(
        ["podget", "--dir_config", str(settings)],
        check=True,
        timeout=120,
        capture_output=True,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )

    original = storage.path_of(recording.source).read_bytes()
    heard = [path.read_bytes() for path in (tmp_path / "POD").rglob("*") if path.is_file()]
    assert original in heard
