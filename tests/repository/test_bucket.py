"""Everything that is kept lies in a bucket as well as in a folder: a real server of S3 says so."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import bagit
import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from moto.server import ThreadedMotoServer
from ocfl import Object

from tangthu.core.buckets import Bucket
from tangthu.repository import archive, storage
from tangthu.repository.actions import add_file, add_page_images, make_ready, publish
from tangthu.repository.actions.fixity import check_object
from tangthu.repository.actions.restoring import lost_pages, redraw_lost
from tangthu.repository.actions.sweeping import sweep
from tangthu.repository.bags import Folder, write_bag
from tangthu.repository.models import DigitalObject, PreservationEvent
from tangthu.site import health
from tangthu.site.stores import store as store_of
from tests.repository.making import pdf_of, pictures
from tests.repository.sounds import sound
from tests.repository.test_restoring import forget_rows

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bucket")]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of S3 on this machine."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    _host, port = running.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    running.stop()


@pytest.fixture(autouse=True)
def bucket(server: str, settings, monkeypatch, tmp_path: Path) -> Iterator[Bucket]:
    """An empty bucket that everything is kept in, chosen as an installation does."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    (tmp_path / "secret").write_text("test\n")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY_FILE", str(tmp_path / "secret"))
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
    monkeypatch.setenv("STORAGE_URL", f"s3://kho/thu-vien?endpoint={server}&region=us-east-1")
    client = _client(server)
    client.create_bucket(Bucket="kho")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": store_of("STORAGE_URL", tmp_path / "copies"),
    }
    yield storage.bucket()
    for each in client.list_objects_v2(Bucket="kho").get("Contents", []):
        client.delete_object(Bucket="kho", Key=each["Key"])
    client.delete_bucket(Bucket="kho")


def _client(server: str):
    return boto3.client(
        "s3",
        endpoint_url=server,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def lose_copies() -> None:
    """Lose this machine, and go on with another."""
    shutil.rmtree(storage.root())


def downloaded(bucket: Bucket, top: str, into: Path) -> Path:
    for name, _size in bucket.names(top):
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"".join(bucket.pieces(name)))
    return into / top


@pytest.fixture
def kept(new_object, keeper, tmp_path: Path) -> DigitalObject:
    obj = new_object()
    add_page_images(obj, pictures(tmp_path, 2), by=keeper)
    make_ready(obj, by=keeper)
    return obj


def test_masters_lie_in_the_bucket_as_a_valid_archive(kept, keeper, bucket, tmp_path):
    add_page_images(kept, pictures(tmp_path, 3)[2:], by=keeper)
    make_ready(kept, by=keeper)

    archived = archive.inventories()

    assert kept.preserved_version == 2
    assert len(archived) == 1
    top = archived[0].rpartition("/")[0]
    folder = downloaded(bucket, f"{top}/", tmp_path / "seen")
    passed, _ = Object().validate(str(folder), log_warnings=False)
    assert passed
    assert not list(bucket.names("staging/"))
    assert all(name.startswith(("masters/", "delivery/")) for name, _ in bucket.names(""))


def test_readers_read_pages_and_parts_of_files_on_a_machine_that_has_no_copies(
    kept, keeper, new_object, client, tmp_path
):
    book = new_object("Sách", kind="pdf")
    row = add_file(book, pdf_of(tmp_path, 3), by=keeper)
    make_ready(book, by=keeper)
    for obj in (kept, book):
        publish(obj, by=keeper)
    row.refresh_from_db()
    page = kept.pages.get(position=1)
    lose_copies()

    tile = client.get(f"/iiif/image/{page.identifier}/0,0,100,100/max/0/default.jpg")
    part = client.get(
        f"/read/{book.identifier}/file/{row.identifier}", headers={"Range": "bytes=0-4"}
    )

    assert (tile.status_code, tile["Content-Type"]) == (200, "image/jpeg")
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"%PDF-")


def test_an_audit_reads_the_bucket_and_not_the_copies(kept, keeper, bucket):
    file = kept.files.preserved().first()
    storage.path_of(file).write_bytes(b"a copy that was damaged here")
    whole = check_object(kept, by=keeper)

    bucket.delete(file.path)
    gone = check_object(kept, by=keeper)

    assert (whole, gone) == (0, 1)
    assert PreservationEvent.objects.get(outcome="failure").detail == "missing"


def test_a_library_is_restored_from_the_bucket_alone(kept, keeper, bucket, tmp_path):
    identifier = kept.identifier
    masters = set(kept.files.preserved().values_list("sha256", flat=True))
    forget_rows()
    lose_copies()
    for name, _size in list(bucket.names("delivery/")):
        bucket.delete(name)

    call_command("restore_objects", stdout=StringIO())

    back = DigitalObject.objects.get(identifier=identifier)
    assert lost_pages(back) == []
    write_bag(back, Folder(tmp_path / "bag"))
    assert bagit.Bag(str(tmp_path / "bag")).is_valid()
    inside = {hashlib.sha256(path.read_bytes()).hexdigest() for path in _files(tmp_path / "bag")}
    assert masters <= inside


def test_reading_copies_that_the_bucket_lost_are_drawn_again(kept, keeper, bucket):
    for name, _size in list(bucket.names("delivery/")):
        bucket.forget(name)

    waiting = redraw_lost(kept, by=keeper)
    make_ready(kept, by=keeper)

    assert waiting == 2
    assert lost_pages(kept) == []


def test_recordings_are_made_playable_from_the_bucket(new_object, keeper, bucket, tmp_path):
    obj = new_object("Lời kể", kind="audio")
    add_file(obj, sound(tmp_path, "kể.wav"), by=keeper)
    make_ready(obj, by=keeper)
    delivery = obj.recordings.get().delivery
    lose_copies()

    assert storage.path_of(delivery).stat().st_size == delivery.size
    assert bucket.exists(delivery.path)


def test_parts_of_a_large_recording_come_straight_from_the_bucket(
    new_object, keeper, bucket, client, tmp_path, monkeypatch
):
    obj = new_object("Lời kể", kind="audio")
    add_file(obj, sound(tmp_path, "kể.wav"), by=keeper)
    make_ready(obj, by=keeper)
    publish(obj, by=keeper)
    delivery = obj.recordings.get().delivery
    whole = storage.path_of(delivery).read_bytes()
    address = f"/read/{obj.identifier}/file/{delivery.identifier}"
    monkeypatch.setattr(storage, "BROUGHT", len(whole) - 1)
    lose_copies()

    end = client.get(address, headers={"Range": "bytes=-7"})
    two = client.get(address, headers={"Range": "bytes=0-1,4-5"})
    all_of_it = client.get(address)

    assert (end.status_code, b"".join(end.streaming_content)) == (206, whole[-7:])
    assert whole[:2] + b"\r\n" in b"".join(two.streaming_content)
    assert b"".join(all_of_it.streaming_content) == whole
    assert not bucket.is_here(delivery.path)

    bucket.delete(delivery.path)

    assert client.get(address, headers={"Range": "bytes=-7"}).status_code == 404


def test_copies_stay_within_their_bound_and_come_again(kept, bucket, monkeypatch):
    monkeypatch.setattr("tangthu.core.buckets.UNTOUCHED", -1.0)
    path = storage.path_of(kept.pages.first().delivery)
    bucket._most = 0

    sweep(now=timezone.now())

    assert not path.exists()
    bucket._most = 10**9
    assert storage.path_of(kept.pages.first().delivery) == path
    assert path.exists()


def test_a_version_that_was_cut_off_is_cleared_by_the_next(kept, keeper, bucket, tmp_path):
    top = archive.inventories()[0].rpartition("/")[0]
    (tmp_path / "x").write_text("begun")
    bucket.put(tmp_path / "x", f"{top}/v2/content/master/begun")

    add_page_images(kept, pictures(tmp_path, 3)[2:], by=keeper)
    make_ready(kept, by=keeper)

    assert not bucket.exists(f"{top}/v2/content/master/begun")
    assert archive.inventory_of(kept.identifier).head == 2


def test_the_doctor_writes_into_the_bucket_and_tells_of_one_that_does_not_answer(
    bucket, settings, monkeypatch
):
    well = health.storage()
    monkeypatch.setenv("STORAGE_URL", "s3://kho?endpoint=http://127.0.0.1:9&region=us-east-1")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": store_of("STORAGE_URL", Path(storage.root())),
    }

    broken = health.storage()

    assert (well.state, broken.state) == ("well", "broken")
    assert "127.0.0.1:9" in broken.seen


def test_what_django_stores_lies_in_the_bucket_and_can_be_opened_by_its_path(bucket):
    name = default_storage.save("imports/a.marc", ContentFile(b"marc"))

    assert Path(default_storage.path(name)).read_bytes() == b"marc"


@pytest.mark.parametrize("url", ["ftp://x/y", "s3:///x", "s3://kho?color=red"])
def test_an_address_that_is_no_store_is_named(monkeypatch, tmp_path, url):
    monkeypatch.setenv("STORAGE_URL", url)

    with pytest.raises(ImproperlyConfigured, match="STORAGE_URL"):
        store_of("STORAGE_URL", tmp_path)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
