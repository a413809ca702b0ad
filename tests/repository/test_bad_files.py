"""Files made to harm, and files that came to harm: refused by name, and nothing stays behind."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tangthu.repository import storage
from tangthu.repository.actions import Incoming, add_file, add_page_images, make_ready
from tangthu.repository.actions.ingest import take_in
from tangthu.repository.errors import FileRefused
from tangthu.repository.models import DigitalFile, PreservationEvent
from tests.repository.making import pdf_of, picture

pytestmark = pytest.mark.django_db

STRIP_OFFSETS = 273


def written(folder: Path, name: str, content: bytes) -> Incoming:
    path = folder / "given"
    path.write_bytes(content)
    return Incoming(path, name)


def png_bomb(folder: Path) -> Incoming:
    """A PNG of 90,000 × 90,000 pixels in 200 bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 90_000, 90_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1000)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body)
    return written(folder, "bom.png", content + chunk(b"IEND", b""))


def tiff_bomb(folder: Path) -> Incoming:
    """A TIFF that says it is 70,000 × 70,000 pixels."""
    tags = [(256, 4, 70_000), (257, 4, 70_000), (258, 3, 8), (259, 3, 1), (262, 3, 1)]
    tags += [(273, 4, 8), (277, 3, 1), (278, 4, 70_000), (279, 4, 1000)]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    content = b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + entries
    return written(folder, "bom.tif", content + b"\x00" * 1004)


def zip_of(folder: Path, entries: dict[str, bytes], name: str = "lô.zip") -> Incoming:
    path = folder / "given.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in entries.items():
            archive.writestr(entry, content)
    return Incoming(path, name)


def lying_zip(folder: Path) -> Incoming:
    """A ZIP whose entry says that it is ten bytes long, and goes on and on."""
    sent = zip_of(folder, {"trang.png": b"\x89PNG" + b"\x00" * 5_000_000})
    content = bytearray(sent.path.read_bytes())
    for sign, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.find(sign) + place
        content[at : at + 4] = struct.pack("<I", 10)
    sent.path.write_bytes(bytes(content))
    return sent


def cut(file: Incoming) -> Incoming:
    content = file.path.read_bytes()
    file.path.write_bytes(content[: len(content) // 2])
    return file


def noisy(folder: Path, name: str) -> Incoming:
    """A picture whose bytes all count: nothing of it may be missing."""
    path = folder / name
    Image.effect_noise((400, 500), 80).save(path)
    return Incoming(path, name)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda folder: written(folder, "rỗng.png", b""), "empty"),
        (lambda folder: written(folder, "trang.jpg", b"MZ\x90\x00" * 50), "unknown_type"),
        (lambda folder: written(folder, "trang.png", b"<svg onload='x'/>"), "unknown_type"),
        (png_bomb, "too_many_pixels"),
        (tiff_bomb, "too_many_pixels"),
        (lambda folder: pdf_of(folder, 1, password="mật khẩu"), "encrypted"),
        (lambda folder: cut(pdf_of(folder, 3)), "damaged_pdf"),
        (
            lambda folder: written(folder, "trang.png", b"\x89PNG\r\n\x1a\n" + b"x" * 64),
            "damaged_image",
        ),
    ],
    ids=["empty", "program", "svg", "png bomb", "tiff bomb", "locked pdf", "cut pdf", "no png"],
)
def test_a_bad_page_is_refused_and_nothing_is_kept(draft, keeper, tmp_path, make, fault):
    with pytest.raises(FileRefused) as refused:
        add_page_images(draft, [picture(tmp_path), make(tmp_path)], by=keeper)

    assert refused.value.fault == fault
    assert refused.value.data["name"]
    assert not draft.pages.exists()
    assert not DigitalFile.objects.exists()
    assert not PreservationEvent.objects.exists()
    assert not [path for path in storage.root().rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda folder: zip_of(folder, {"trang.tif": b"\x00" * 50_000_000}), "archive_bomb"),
        (lambda folder: zip_of(folder, {"../../trang.png": b"x"}), "path_leads_out"),
        (lambda folder: zip_of(folder, {"/etc/cron.d/x": b"x"}), "path_leads_out"),
        (lambda folder: cut(zip_of(folder, {"trang.png": b"x" * 999})), "damaged_archive"),
        (lambda folder: zip_of(folder, {"__MACOSX/._trang.png": b"x"}), "nothing_inside"),
        (lying_zip, "damaged_archive"),
    ],
    ids=["bomb", "climbs", "absolute", "cut", "litter", "lies"],
)
def test_a_bad_archive_is_refused_and_nothing_is_kept(draft, keeper, tmp_path, make, fault):
    with pytest.raises(FileRefused) as refused:
        take_in(draft, make(tmp_path), by=keeper)

    assert refused.value.fault == fault
    assert not DigitalFile.objects.exists()
    assert not [path for path in storage.root().rglob("*") if path.is_file()]


def test_a_book_whose_xml_grows_without_end_is_refused(new_object, keeper, tmp_path):
    obj = new_object(kind="epub")
    path = tmp_path / "book"
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        archive.writestr("content.opf", laughs)

    with pytest.raises(FileRefused) as refused:
        add_file(obj, Incoming(path, "sách.epub"), by=keeper)

    assert refused.value.fault == "xml_entities"


def test_the_type_is_found_from_the_content_not_from_the_name(new_object, keeper, tmp_path):
    obj = new_object(kind="pdf")
    file = pdf_of(tmp_path, 1)

    kept = add_file(obj, Incoming(file.path, "ảnh.jpg"), by=keeper)

    assert kept.media_type == "application/pdf"


def test_a_scan_too_large_to_be_tried_out_shows_as_a_fault_of_its_page(draft, keeper, tmp_path):
    scan = cut(noisy(tmp_path, "trang.jpg"))
    [page] = add_page_images(draft, [replace(scan, frames=1)], by=keeper)

    make_ready(draft, by=keeper)

    page.refresh_from_db()
    assert page.fault == "damaged_image"
    assert not page.is_ready


def test_ten_thousand_pages_and_one_are_too_many(draft, keeper, tmp_path):
    with pytest.raises(FileRefused) as refused:
        add_page_images(draft, [pdf_of(tmp_path, 10_001)], by=keeper)

    assert refused.value.fault == "too_many_pages"


@pytest.mark.parametrize("name", ["trang.png", "trang.jpg", "trang.tif", "trang.webp"])
def test_a_picture_that_was_cut_off_is_refused_when_it_comes(draft, keeper, tmp_path, name):
    whole, half = noisy(tmp_path, name), cut(noisy(tmp_path, f"nửa {name}"))

    with pytest.raises(FileRefused) as refused:
        add_page_images(draft, [whole, half], by=keeper)

    assert (refused.value.fault, refused.value.data["name"]) == ("damaged_image", f"nửa {name}")
    assert not DigitalFile.objects.exists()
    assert [page.position for page in add_page_images(draft, [whole], by=keeper)] == [1]


def test_a_damaged_sheet_within_a_tiff_of_several_is_refused(draft, keeper, tmp_path):
    path = tmp_path / "tập.tif"
    first, second = (Image.effect_noise((300, 300), 80) for _ in range(2))
    first.save(path, save_all=True, append_images=[second], compression="tiff_adobe_deflate")
    with Image.open(path) as sheets:
        sheets.seek(1)
        begins = sheets.tag_v2[STRIP_OFFSETS][0]
    content = bytearray(path.read_bytes())
    content[begins : begins + 200] = bytes(200)
    path.write_bytes(content)

    with pytest.raises(FileRefused) as refused:
        add_page_images(draft, [Incoming(path, "tập.tif")], by=keeper)

    assert refused.value.fault == "damaged_image"
