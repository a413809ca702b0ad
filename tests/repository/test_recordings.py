"""Recordings: what is played of them, their chapters and captions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tangthu.access.models import User
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid, NotPermitted
from tangthu.repository import archive, media, storage
from tangthu.repository.actions import add_file, make_ready
from tangthu.repository.actions.captions import (
    ChapterData,
    name_recording,
    remove_captions,
    set_captions,
    set_chapters,
)
from tangthu.repository.errors import CaptionsRefused
from tangthu.repository.models import (
    Captions,
    CaptionsKind,
    DigitalFile,
    DigitalObject,
    PageText,
    PreservationEvent,
    Recording,
)
from tangthu.repository.policy.kinds import FileRole
from tangthu.repository.policy.media import M4A, MP3, MP4, WEBM, Plan, Probed, plan_for
from tests.conftest import client_of
from tests.repository.making import Incoming
from tests.repository.sounds import film, sound

pytestmark = pytest.mark.django_db

VTT = b"WEBVTT\n\n00:00.000 --> 00:01.000\nM\xc6\xa1\xcc\x86ng buon\n"


@pytest.fixture
def recorded(
    new_object: Callable[..., DigitalObject], keeper: Actor, tmp_path: Path
) -> Callable[..., DigitalObject]:
    """Make an object of a kind with these files, ready to be played."""

    def make(kind: str, *files: Incoming) -> DigitalObject:
        obj = new_object("Klei khan Đăm San", kind=kind)
        for file in files:
            add_file(obj, file, by=keeper)
        make_ready(obj, by=keeper)
        return obj

    return make


@pytest.fixture
def tape(recorded: Callable[..., DigitalObject], tmp_path: Path) -> Recording:
    return recorded("audio", sound(tmp_path)).recordings.get()


def test_an_mp3_is_played_as_it_came_and_kept_in_the_archive(tape: Recording) -> None:
    assert tape.delivery == tape.source
    assert 1_900 <= (tape.duration or 0) <= 2_200
    assert storage.path_of(tape.source).is_relative_to(storage.file_path("masters"))


def test_sound_that_not_all_browsers_play_is_encoded_beside_the_untouched_master(
    recorded: Callable[..., DigitalObject], tmp_path: Path
) -> None:
    incoming = sound(tmp_path, "băng.flac")
    before = storage.digests_of(incoming.path)

    tape = recorded("audio", incoming).recordings.get()

    assert tape.delivery is not None
    assert (tape.delivery.media_type, tape.delivery.role) == (M4A, FileRole.DELIVERY)
    probed = media.probe(storage.path_of(tape.delivery), M4A)
    assert (probed.audio, probed.video) == ("aac", "")
    assert 1_900 <= probed.duration <= 2_200
    assert storage.digests_of(storage.path_of(tape.source)) == before


def test_a_film_is_packed_so_that_it_plays_before_it_has_all_come(
    recorded: Callable[..., DigitalObject], tmp_path: Path
) -> None:
    tape = recorded("video", film(tmp_path)).recordings.get()

    assert tape.delivery is not None
    assert tape.poster is not None
    data = storage.path_of(tape.delivery).read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert (tape.width, tape.height) == (320, 180)
    assert storage.path_of(tape.poster).read_bytes().startswith(b"\xff\xd8\xff")


def test_a_webm_film_becomes_one_that_every_phone_plays(
    recorded: Callable[..., DigitalObject], tmp_path: Path
) -> None:
    tape = recorded("video", film(tmp_path, "phim.webm", seconds=1)).recordings.get()

    assert tape.delivery is not None
    probed = media.probe(storage.path_of(tape.delivery), MP4)
    assert (probed.video, probed.audio) == ("h264", "aac")


def test_several_tapes_keep_their_order_and_a_second_run_changes_nothing(
    recorded: Callable[..., DigitalObject], keeper: Actor, tmp_path: Path
) -> None:
    obj = recorded("audio", sound(tmp_path, "1.mp3"), sound(tmp_path, "2.mp3", seconds=1))
    before = list(obj.recordings.values_list("pk", "source__name", "delivery"))

    make_ready(obj, by=keeper)

    assert [name for _, name, _ in before] == ["1.mp3", "2.mp3"]
    assert list(obj.recordings.values_list("pk", "source__name", "delivery")) == before


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("cụt.mp3", b"ID3" + b"\0" * 2000, "damaged_recording"),
        ("phim.mp4", b"\0\0\0\x18ftypisom" + b"\0" * 500, "damaged_recording"),
        ("danh sách.ogg", b"OggS" + b"#EXTM3U\nfile:///etc/passwd\n" * 20, "damaged_recording"),
    ],
)
def test_what_is_no_recording_is_told_and_nothing_is_played(
    recorded: Callable[..., DigitalObject],
    tmp_path: Path,
    name: str,
    data: bytes,
    fault: str,
) -> None:
    path = tmp_path / name
    path.write_bytes(data)

    tape = recorded("audio", Incoming(path, name)).recordings.get()

    assert (tape.fault, tape.delivery) == (fault, None)
    assert PreservationEvent.objects.filter(outcome="failure", detail=fault).count() == 1
    assert DigitalFile.objects.filter(role=FileRole.DELIVERY).count() == 0


def test_sound_alone_is_played_without_a_picture(
    recorded: Callable[..., DigitalObject], tmp_path: Path
) -> None:
    tape = recorded("video", sound(tmp_path, "chỉ có tiếng.m4a", seconds=1)).recordings.get()

    assert tape.delivery is not None
    assert tape.poster is None


def test_chapters_stand_in_the_order_of_time(tape: Recording, keeper: Actor) -> None:
    set_chapters(tape, [ChapterData(1_000, "Lên núi"), ChapterData(0, " Mở  đầu ")], by=keeper)

    assert list(tape.chapters.values_list("start", "title")) == [(0, "Mở đầu"), (1_000, "Lên núi")]


@pytest.mark.parametrize(
    "chapters",
    [
        [ChapterData(0, "")],
        [ChapterData(0, "A"), ChapterData(0, "B")],
        [ChapterData(3_600_000, "Sau khi hết")],
        [ChapterData(number, "x") for number in range(501)],
    ],
)
def test_bad_chapters_leave_the_old_ones(
    tape: Recording, keeper: Actor, chapters: list[ChapterData]
) -> None:
    set_chapters(tape, [ChapterData(0, "Mở đầu")], by=keeper)

    with pytest.raises(Invalid):
        set_chapters(tape, chapters, by=keeper)

    assert list(tape.chapters.values_list("title", flat=True)) == ["Mở đầu"]


def test_captions_are_kept_as_webvtt_and_archived(tape: Recording, keeper: Actor) -> None:
    subrip = "1\n00:00:00,500 --> 00:00:01,500\nMơ̆ng ƀuôn sang\n".encode()

    captions = set_captions(tape, subrip, language="rad", kind=CaptionsKind.SPOKEN, by=keeper)
    make_ready(tape.object, by=keeper)

    captions.file.refresh_from_db()
    assert storage.path_of(captions.file).read_text().startswith("WEBVTT\n\n00:00:00.500 -->")
    assert captions.file.preserved_version == 2
    assert captions.file.media_type == "text/vtt"


def test_what_a_recording_says_is_found_as_the_text_of_pages_is(
    tape: Recording, keeper: Actor
) -> None:
    cues = b"00:00.000 --> 00:01.000\nMot\n\n01:05.000 --> 01:06.000\nHai ba\nbon\n"
    captions = set_captions(tape, cues, language="vie", kind=CaptionsKind.SPOKEN, by=keeper)
    found = PageText.objects.of_object(tape.object)

    assert [(text.locator, text.plain.split()) for text in found] == [
        ("part=1&t=0", ["Mot"]),
        ("part=1&t=65", ["Hai", "ba", "bon"]),
    ]

    set_captions(tape, VTT, language="vie", kind=CaptionsKind.SPOKEN, by=keeper)
    assert found.all().count() == 1

    remove_captions(captions, by=keeper)
    assert found.all().count() == 0


def test_new_captions_take_the_place_of_those_in_the_same_language(
    tape: Recording, keeper: Actor
) -> None:
    first = set_captions(tape, VTT, language="rad", kind=CaptionsKind.SPOKEN, by=keeper)
    old = first.file

    second = set_captions(tape, VTT, language="rad", kind=CaptionsKind.TRANSLATION, by=keeper)

    old.refresh_from_db()
    assert (first.pk, Captions.objects.count()) == (second.pk, 1)
    assert old.replaced_at is not None
    assert second.kind == CaptionsKind.TRANSLATION


def test_bad_captions_leave_neither_row_nor_file(
    tape: Recording, keeper: Actor, store: Path
) -> None:
    files = DigitalFile.objects.count()

    with pytest.raises(CaptionsRefused) as refused:
        set_captions(
            tape, b"WEBVTT\n\nx --> y\nA\n", language="rad", kind=CaptionsKind.SPOKEN, by=keeper
        )

    assert (refused.value.fault, refused.value.line) == ("bad_time", 3)
    assert (Captions.objects.count(), DigitalFile.objects.count()) == (0, files)
    assert not list((store / "staging").rglob("*.part"))


def test_a_language_without_a_name_is_refused(tape: Recording, keeper: Actor) -> None:
    with pytest.raises(Invalid):
        set_captions(tape, VTT, language="xxx", kind=CaptionsKind.SPOKEN, by=keeper)

    assert Captions.objects.count() == 0


def test_captions_taken_away_leave_the_current_version_of_the_archive(
    tape: Recording, keeper: Actor
) -> None:
    captions = set_captions(tape, VTT, language="vie", kind=CaptionsKind.TRANSLATION, by=keeper)
    make_ready(tape.object, by=keeper)

    remove_captions(captions, by=keeper)
    make_ready(tape.object, by=keeper)

    inventory = archive.inventory_of(tape.object.identifier)
    assert inventory is not None
    assert not [path for path in inventory.state if path.endswith(".vtt")]
    assert Captions.objects.count() == 0


def test_only_keepers_of_the_object_change_its_recordings(
    tape: Recording, neighbour: Actor
) -> None:
    with pytest.raises(NotPermitted):
        name_recording(tape, "Của tôi", by=neighbour)
    with pytest.raises(NotPermitted):
        set_captions(tape, VTT, language="vie", kind=CaptionsKind.SPOKEN, by=neighbour)

    tape.refresh_from_db()
    assert (tape.title, Captions.objects.count()) == ("", 0)


@pytest.mark.parametrize(
    ("media_type", "probed", "expected"),
    [
        (MP3, Probed(duration=1, audio="mp3", bitrate=128_000), Plan.AS_IT_CAME),
        (MP3, Probed(duration=1, audio="mp3", bitrate=320_000), Plan.ENCODE),
        (M4A, Probed(duration=1, audio="alac", bitrate=128_000), Plan.ENCODE),
        (MP4, Probed(duration=1, audio="aac", video="h264", width=1280), Plan.PACK),
        (MP4, Probed(duration=1, video="h264", width=640), Plan.PACK),
        (MP4, Probed(duration=1, audio="aac", video="hevc", width=1280), Plan.ENCODE),
        (MP4, Probed(duration=1, audio="aac", video="h264", width=3840), Plan.ENCODE),
        (WEBM, Probed(duration=1, audio="opus", video="vp9", width=640), Plan.ENCODE),
    ],
)
def test_a_recording_is_changed_only_as_far_as_it_must(
    media_type: str, probed: Probed, expected: Plan
) -> None:
    assert plan_for(media_type, probed) == expected


def test_chapters_are_written_as_lines_and_a_bad_line_is_named(
    tape: Recording, keeper_user: User
) -> None:
    client = client_of(keeper_user)
    address = reverse("repository:recording", args=[tape.object.identifier, tape.pk])

    saved = client.post(address, {"title": "Mặt A", "chapters": "0:00 Mở đầu\n\n0:01 Lên núi"})
    bad = client.post(address, {"title": "Mặt B", "chapters": "0:00 Mở đầu\nlúc nào đó Lên núi"})

    assert saved.status_code == 302
    assert bad.status_code == 422
    assert "Dòng 2" in bad.text
    tape.refresh_from_db()
    assert tape.title == "Mặt A"
    assert list(tape.chapters.values_list("start", flat=True)) == [0, 1_000]


def test_captions_come_in_through_the_desk_and_bad_ones_are_explained(
    tape: Recording, keeper_user: User
) -> None:
    client = client_of(keeper_user)
    address = reverse("repository:captions", args=[tape.object.identifier, tape.pk])

    def send(data: bytes) -> HttpResponse:
        sent = SimpleUploadedFile("lời.srt", data)
        return client.post(address, {"language": "rad", "kind": "spoken", "file": sent})

    bad = send("1\n00:00:02,000 --> 00:00:01,000\nA\n".encode("utf-16"))
    good = send(VTT)

    assert (bad.status_code, good.status_code) == (422, 302)
    assert "UTF-8" in bad.text
    assert list(Captions.objects.values_list("language", flat=True)) == ["rad"]


def test_staff_of_another_library_do_not_find_the_recording(
    tape: Recording, neighbour_client: Client
) -> None:
    address = reverse("repository:recording", args=[tape.object.identifier, tape.pk])

    assert neighbour_client.get(address).status_code in {403, 404}
