"""Documents and archives made to harm, or cut off anywhere: refused by name, or kept harmless."""

from __future__ import annotations

import io
import stat
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from PIL import Image

from tangthu.core.actor import Actor
from tangthu.repository import storage
from tangthu.repository.actions import Incoming, add_file, add_page_images, make_ready
from tangthu.repository.actions.ingest import take_in
from tangthu.repository.errors import FileRefused
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.policy.content import XLSX
from tests.reading.making import docx_with, epub_with
from tests.repository.making import pdf_of, picture, tiff_of
from tests.repository.sounds import film, sound

pytestmark = pytest.mark.django_db

NewObject = Callable[..., DigitalObject]
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;&b;</x>'


def nothing_is_kept() -> bool:
    files = [path for path in storage.root().rglob("*") if path.is_file()]
    return not DigitalFile.objects.exists() and not [each for each in files if each.stat().st_size]


def changed(book: bytes, entry: str, content: bytes) -> bytes:
    """Return the book with another content of one entry."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(packed, "w") as new:
        for info in old.infolist():
            new.writestr(info, content if info.filename == entry else old.read(info))
    return packed.getvalue()


def given(folder: Path, name: str, content: bytes) -> Incoming:
    path = folder / "given"
    path.write_bytes(content)
    return Incoming(path, name)


ENTRIES = [("epub", "META-INF/container.xml"), ("epub", "OEBPS/book.opf")]
ENTRIES += [("epub", "OEBPS/c1.xhtml"), ("epub", "OEBPS/evil.svg")]
ENTRIES += [("docx", "word/document.xml"), ("docx", "_rels/.rels")]


def book_of(kind: str) -> bytes:
    return epub_with() if kind == "epub" else docx_with("<w:p/>")


@pytest.mark.parametrize(("kind", "entry"), ENTRIES)
@pytest.mark.parametrize(
    "disguised",
    [
        LAUGHS.encode(),
        b"<!--" + b" " * 200_000 + b"-->" + LAUGHS.encode(),
        ("\ufeff" + LAUGHS).encode("utf-16-le"),
    ],
    ids=["plain", "behind a comment", "in UTF-16"],
)
def test_entities_are_found_wherever_they_hide(
    new_object: NewObject,
    keeper: Actor,
    tmp_path: Path,
    kind: str,
    entry: str,
    disguised: bytes,
) -> None:
    book = given(tmp_path, f"sách.{kind}", changed(book_of(kind), entry, disguised))

    with pytest.raises(FileRefused) as refused:
        add_file(new_object(kind=kind), book, by=keeper)

    assert refused.value.fault == "xml_entities"
    assert nothing_is_kept()


def entry_called(name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, b"x")
    return packed.getvalue()


def link_to(target: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("trang 1.png")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, target)
    return packed.getvalue()


@pytest.mark.parametrize(
    "archive",
    [
        *map(entry_called, ("../x.png", "a/../../x.png", "/etc/x.png", "C:/x.png", "C:\\x.png")),
        *map(entry_called, ("..\\..\\x.png", "a/.. /x.png", "/".join("a" * 40) + "/x.png")),
        link_to("/etc/passwd"),
        link_to("../../../secret"),
    ],
)
def test_an_archive_that_leads_out_of_itself_is_refused(
    draft: DigitalObject, keeper: Actor, tmp_path: Path, archive: bytes
) -> None:
    with pytest.raises(FileRefused) as refused:
        take_in(draft, given(tmp_path, "lô.zip", archive), by=keeper)

    assert refused.value.fault == "path_leads_out"
    assert nothing_is_kept()


def test_names_that_came_apart_are_put_together(
    draft: DigitalObject, keeper: Actor, tmp_path: Path
) -> None:
    apart = unicodedata.normalize("NFD", "Địa chí huyện Cư M'gar/Trang bìa.png")
    packed = tmp_path / "lô.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(picture(tmp_path).path, apart)

    take_in(draft, Incoming(packed, unicodedata.normalize("NFD", "lô.zip")), by=keeper)

    assert draft.pages.get().master.name == "Trang bìa.png"
    assert unicodedata.is_normalized("NFC", draft.pages.get().master.name)


def jpeg(folder: Path) -> Incoming:
    path = folder / "ảnh.jpg"
    Image.effect_noise((500, 700), 80).convert("RGB").save(path)
    return Incoming(path, path.name)


def book(folder: Path, kind: str) -> Incoming:
    return given(folder, f"sách.{kind}", book_of(kind))


KINDS: dict[str, tuple[str, Callable[[Path], Incoming]]] = {
    "tiff": ("page_images", lambda folder: tiff_of(folder, 3)),
    "jpeg": ("page_images", jpeg),
    "png": ("page_images", picture),
    "pdf of pages": ("page_images", lambda folder: pdf_of(folder, 3)),
    "pdf": ("pdf", lambda folder: pdf_of(folder, 3)),
    "epub": ("epub", lambda folder: book(folder, "epub")),
    "docx": ("docx", lambda folder: book(folder, "docx")),
    "mp3": ("audio", sound),
    "mp4": ("video", film),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    return {name: make(folder).path.read_bytes() for name, (_, make) in KINDS.items()}


@pytest.mark.parametrize("name", KINDS)
def test_an_empty_file_is_refused(
    new_object: NewObject, keeper: Actor, tmp_path: Path, name: str
) -> None:
    kind = KINDS[name][0]

    with pytest.raises(FileRefused) as refused:
        take_in(new_object(kind=kind), given(tmp_path, f"trống.{name}", b""), by=keeper)

    assert refused.value.fault == "empty"
    assert nothing_is_kept()


CUT = {"damaged_image", "damaged_pdf", "damaged_archive", "damaged_recording", "unknown_type"}
CUT |= {"no_sound_or_picture", "no_duration", "no_pages"}


@pytest.mark.parametrize("part", [0.02, 0.5, 0.97])
@pytest.mark.parametrize("name", KINDS)
def test_a_file_cut_off_is_refused_or_shows_its_fault_or_what_is_left_of_it(
    new_object: NewObject,
    keeper: Actor,
    tmp_path: Path,
    made: dict[str, bytes],
    name: str,
    part: float,
) -> None:
    obj = new_object(kind=KINDS[name][0])
    content = made[name][: int(len(made[name]) * part)]

    try:
        take_in(obj, given(tmp_path, f"cụt.{name}", content), by=keeper)
    except FileRefused as refusal:
        assert refusal.fault in CUT
        assert nothing_is_kept()
        return
    make_ready(obj, by=keeper)

    faults = {*obj.pages.values_list("fault", flat=True)}
    faults |= {*obj.recordings.values_list("fault", flat=True)}
    assert faults <= CUT | {""}
    if name in {"tiff", "jpeg", "png", "mp4"}:
        assert faults & CUT
    assert storage.path_of(obj.files.exclude(role="delivery").get()).read_bytes() == content


def test_what_is_said_to_be_a_picture_is_taken_for_what_it_is(
    draft: DigitalObject, keeper: Actor, tmp_path: Path
) -> None:
    pdf = pdf_of(tmp_path, 2)

    pages = add_page_images(draft, [Incoming(pdf.path, "ảnh.jpg")], by=keeper)

    assert [page.master.media_type for page in pages] == ["application/pdf"] * 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("hình.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("trang.html", b"<!doctype html><script>alert(1)</script>"),
        ("hình.svg", LAUGHS.encode()),
    ],
)
def test_markup_is_never_a_page_and_as_a_file_is_plain_text(
    draft: DigitalObject,
    new_object: NewObject,
    keeper: Actor,
    tmp_path: Path,
    name: str,
    content: bytes,
) -> None:
    with pytest.raises(FileRefused) as refused:
        take_in(draft, given(tmp_path, name, content), by=keeper)
    kept = add_file(new_object(kind="data"), given(tmp_path, name, content), by=keeper)

    assert refused.value.fault == "unknown_type"
    assert kept.media_type == "text/plain"


def test_a_pdf_of_ten_thousand_pages_is_taken_in(
    draft: DigitalObject, keeper: Actor, tmp_path: Path
) -> None:
    pages = add_page_images(draft, [pdf_of(tmp_path, 10_000)], by=keeper)

    assert len(pages) == 10_000
    assert draft.pages.waiting().count() == 10_000


def vast_pdf(folder: Path) -> Incoming:
    """A PDF of one page as large as a football field, in a kilobyte."""
    import pikepdf

    path = folder / "vast.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.pages[0].MediaBox = [0, 0, 300_000, 300_000]
        document.save(path)
    return Incoming(path, "sân.pdf")


def test_a_pdf_bomb_is_a_fault_of_its_page(
    draft: DigitalObject, keeper: Actor, tmp_path: Path
) -> None:
    add_page_images(draft, [vast_pdf(tmp_path)], by=keeper)

    make_ready(draft, by=keeper)

    page = draft.pages.get()
    assert (page.fault, page.is_ready) == ("too_many_pixels", False)


@pytest.mark.parametrize("entry", ["xl/vbaProject.bin", "word/vbaProject.bin"])
def test_an_office_file_with_macros_is_refused(
    new_object: NewObject, keeper: Actor, tmp_path: Path, entry: str
) -> None:
    packed = io.BytesIO(docx_with("<w:p/>"))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(entry, b"\xcc\x61")

    with pytest.raises(FileRefused) as refused:
        add_file(
            new_object(kind="data"), given(tmp_path, "so-lieu.xlsm", packed.getvalue()), by=keeper
        )

    assert refused.value.fault == "macros"
    assert nothing_is_kept()


def test_a_workbook_is_known_by_what_it_holds(
    new_object: NewObject, keeper: Actor, tmp_path: Path
) -> None:
    written = io.BytesIO()
    Workbook().save(written)

    file = add_file(
        new_object(kind="data"), given(tmp_path, "so-lieu.bin", written.getvalue()), by=keeper
    )

    assert file.media_type == XLSX
