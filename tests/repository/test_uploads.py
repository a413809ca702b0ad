"""Uploads over bad lines: what came is kept, what did not is sent again (tus 1.0)."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tangthu.core.errors import NotPermitted
from tangthu.repository import storage
from tangthu.repository.actions.uploads import begin_upload, forget_expired, receive_piece
from tangthu.repository.errors import FileRefused, UploadBusy, UploadGone, WrongOffset
from tangthu.repository.models import Upload
from tangthu.repository.tasks import take_in_upload
from tests.conftest import client_of
from tests.repository.making import picture
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = TUS | {"Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def browser_of_keeper(keeper_user) -> Client:
    return client_of(keeper_user)


def metadata(**told: str) -> str:
    pairs = [f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items()]
    return ",".join(pairs)


def begun(client: Client, draft, *, length: int, name: str = "trang 1.png") -> str:
    told = metadata(filename=name, object=draft.identifier)
    headers = TUS | {"Upload-Length": str(length), "Upload-Metadata": told}
    answer = client.post("/desk/digital/uploads/", headers=headers)
    assert answer.status_code == 201
    return str(answer["Location"])


def sent(client: Client, where: str, content: bytes, *, offset: int, **more: str):
    return client.patch(
        where,
        content,
        content_type="application/offset+octet-stream",
        headers=TUS | {"Upload-Offset": str(offset)} | more,
    )


def drain() -> None:
    """Do what the worker would do."""
    for task in DBTaskResult.objects.order_by("enqueued_at"):
        task.task.func(*task.args_kwargs["args"])
    DBTaskResult.objects.all().delete()


def test_a_server_tells_what_it_can_do(browser_of_keeper):
    answer = browser_of_keeper.options("/desk/digital/uploads/")

    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,expiration,checksum,termination"
    assert "sha1" in answer["Tus-Checksum-Algorithm"]


def test_a_file_in_three_pieces_becomes_a_page(browser_of_keeper, draft, tmp_path):
    content = picture(tmp_path).path.read_bytes()
    where = begun(browser_of_keeper, draft, length=len(content), name="Trang đầu.png")

    for start, end in ((0, 100), (100, 101), (101, len(content))):
        answer = sent(browser_of_keeper, where, content[start:end], offset=start)
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(end))
        assert "Upload-Expires" in answer
    drain()

    page = draft.pages.with_files().get()
    assert page.is_ready
    assert page.master.name == "Trang đầu.png"
    assert page.master.sha256 == hashlib.sha256(content).hexdigest()
    upload = Upload.objects.get()
    assert upload.finished_at is not None
    assert not storage.upload_path(upload.identifier).exists()


def test_how_far_it_is_can_be_asked(browser_of_keeper, draft):
    where = begun(browser_of_keeper, draft, length=10)
    sent(browser_of_keeper, where, b"1234", offset=0)

    answer = browser_of_keeper.head(where, headers=TUS)

    assert answer.status_code == 200
    assert (answer["Upload-Offset"], answer["Upload-Length"]) == ("4", "10")
    assert answer["Cache-Control"] == "no-store"


def test_a_piece_that_does_not_fit_is_refused(browser_of_keeper, draft):
    where = begun(browser_of_keeper, draft, length=10)
    sent(browser_of_keeper, where, b"1234", offset=0)

    answers = [sent(browser_of_keeper, where, b"5678", offset=offset) for offset in (0, 3, 5)]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert Upload.objects.get().offset == 4


def test_more_than_was_announced_is_refused(browser_of_keeper, draft):
    where = begun(browser_of_keeper, draft, length=3)

    answer = sent(browser_of_keeper, where, b"12345", offset=0)

    assert answer.status_code == 413
    assert Upload.objects.get().finished_at is None


@pytest.mark.parametrize(("digest", "status"), [("right", 204), ("wrong", 460), ("odd", 400)])
def test_a_piece_is_checked_where_a_checksum_came_with_it(browser_of_keeper, draft, digest, status):
    where = begun(browser_of_keeper, draft, length=10)
    written = base64.b64encode(hashlib.sha1(b"1234" if digest == "right" else b"x").digest())
    header = "crc7 AAAA" if digest == "odd" else f"sha1 {written.decode()}"

    answer = sent(browser_of_keeper, where, b"1234", offset=0, **{"Upload-Checksum": header})

    assert answer.status_code == status
    assert Upload.objects.get().offset == (4 if status == 204 else 0)


def test_who_speaks_another_version_is_told(browser_of_keeper):
    answer = browser_of_keeper.post(
        "/desk/digital/uploads/", headers={"Tus-Resumable": "0.2.2", "Upload-Length": "1"}
    )

    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


@pytest.mark.parametrize(
    ("length", "status"), [("0", 422), ("-1", 400), ("x", 400), (str(2**50), 413)]
)
def test_a_length_that_cannot_be_begins_nothing(browser_of_keeper, draft, length, status):
    told = metadata(filename="a", object=draft.identifier)
    headers = TUS | {"Upload-Length": length, "Upload-Metadata": told}

    answer = browser_of_keeper.post("/desk/digital/uploads/", headers=headers)

    assert answer.status_code == status
    assert not Upload.objects.exists()


def test_nobody_goes_on_with_anothers_upload(draft, browser_of_keeper, administrator_client):
    where = begun(browser_of_keeper, draft, length=10)

    answers = [
        administrator_client.head(where, headers=TUS),
        sent(administrator_client, where, b"evil", offset=0),
        administrator_client.delete(where, headers=TUS),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert Upload.objects.get().offset == 0


def test_nobody_sends_to_an_object_of_another_library(draft, neighbour):
    with pytest.raises(NotPermitted):
        begin_upload("a.png", length=5, library=draft.library, obj=draft, by=neighbour)


def test_an_upload_can_be_given_up(browser_of_keeper, draft):
    where = begun(browser_of_keeper, draft, length=10)
    sent(browser_of_keeper, where, b"1234", offset=0)
    path = storage.upload_path(Upload.objects.get().identifier)

    answer = browser_of_keeper.delete(where, headers=TUS)

    assert answer.status_code == 204
    assert not path.exists()
    assert not Upload.objects.exists()


def test_an_upload_ends_after_three_days(draft, keeper):
    upload = begin_upload("a.png", length=5, library=draft.library, obj=draft, by=keeper)
    late = timezone.now() + timedelta(hours=73)
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(UploadGone):
        receive_piece(upload, io.BytesIO(b"x"), offset=0, when_complete=print, by=keeper)
    forgotten = forget_expired(now=late)

    assert forgotten == 1
    assert not Upload.objects.exists()


class Broken(io.BytesIO):
    """A line that breaks after its bytes."""

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        if not piece:
            raise OSError("connection reset")
        return piece


def test_what_came_before_the_line_broke_is_kept(draft, keeper):
    upload = begin_upload("a.png", length=10, library=draft.library, obj=draft, by=keeper)

    receive_piece(upload, Broken(b"1234567"), offset=0, when_complete=print, by=keeper)

    assert Upload.objects.get().offset == 7


def test_bytes_that_nobody_confirmed_are_written_over(draft, keeper):
    upload = begin_upload("a.png", length=6, library=draft.library, obj=draft, by=keeper)
    storage.upload_path(upload.identifier).write_bytes(b"half a piece when the power failed")

    receive_piece(upload, io.BytesIO(b"123456"), offset=0, when_complete=lambda _: None, by=keeper)

    assert storage.upload_path(upload.identifier).read_bytes() == b"123456"


def test_a_full_disk_is_said_before_anything_is_sent(draft, keeper, monkeypatch):
    monkeypatch.setattr("tangthu.repository.policy.limits.DISK_RESERVE", 10**18)

    with pytest.raises(FileRefused) as refused:
        begin_upload("a.png", length=5, library=draft.library, obj=draft, by=keeper)

    assert refused.value.fault == "disk_full"
    assert not Upload.objects.exists()


def test_a_bad_file_is_refused_with_its_reason_on_the_objects_page(browser_of_keeper, draft):
    where = begun(browser_of_keeper, draft, length=4, name="lạ.exe")
    sent(browser_of_keeper, where, b"MZ\x90\x00", offset=0)
    drain()

    page = browser_of_keeper.get(f"/desk/digital/{draft.identifier}/").content.decode()

    assert Upload.objects.get().fault == "unknown_type"
    assert "lạ.exe" in page
    assert "Không tiếp nhận loại tệp này ở đây." in page
    assert not draft.pages.exists()


def test_of_a_zip_the_page_tells_which_picture_in_it_is_damaged(browser_of_keeper, draft, tmp_path):
    whole = picture(tmp_path).path.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("001.png", whole)
        archive.writestr("002.png", whole[: len(whole) // 2])
    content = packed.getvalue()
    where = begun(browser_of_keeper, draft, length=len(content), name="lô.zip")
    sent(browser_of_keeper, where, content, offset=0)
    drain()

    page = browser_of_keeper.get(f"/desk/digital/{draft.identifier}/").content.decode()

    upload = Upload.objects.get()
    assert (upload.fault, upload.fault_file) == ("damaged_image", "002.png")
    assert "002.png" in page
    assert not draft.pages.exists()


def test_a_file_is_taken_in_once_however_often_the_worker_begins(
    browser_of_keeper, draft, tmp_path
):
    content = picture(tmp_path).path.read_bytes()
    where = begun(browser_of_keeper, draft, length=len(content))
    sent(browser_of_keeper, where, content, offset=0)
    drain()

    take_in_upload.func(Upload.objects.get().pk)

    assert draft.pages.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_the_same_piece_one_is_taken(draft, keeper):
    upload = begin_upload("a.png", length=9, library=draft.library, obj=draft, by=keeper)

    def send(letter: bytes) -> object:
        return receive_piece(
            upload, io.BytesIO(letter * 4), offset=0, when_complete=print, by=keeper
        )

    answers = at_once(lambda: send(b"a"), lambda: send(b"b"))

    taken = [answer for answer in answers if isinstance(answer, Upload)]
    refused = [answer for answer in answers if isinstance(answer, UploadBusy | WrongOffset)]
    assert (len(taken), len(refused)) == (1, 1)
    assert Upload.objects.get().offset == 4
    assert storage.upload_path(upload.identifier).read_bytes() in {b"aaaa", b"bbbb"}


def test_the_objects_page_asks_again_until_what_was_sent_is_drawn(
    browser_of_keeper, draft, tmp_path
):
    content = picture(tmp_path).path.read_bytes()
    page, asked = f"/desk/digital/{draft.identifier}/", {"HX-Request": "true"}
    sent(browser_of_keeper, begun(browser_of_keeper, draft, length=len(content)), content, offset=0)

    before = browser_of_keeper.get(page, headers=asked).content.decode()
    drain()
    after = browser_of_keeper.get(page, headers=asked).content.decode()

    assert "every 3s" in before
    assert "chờ tiếp nhận" in before
    assert "hx-swap-oob" not in before
    assert "every 3s" not in after
    assert after.count('hx-swap-oob="true"') == 3
    assert "small.jpg" in after
    assert "<html" not in after
