"""Files come in, are drawn for readers, and go into the archive."""

from __future__ import annotations

import hashlib

import pytest
from ocfl import Object, StorageRoot

from tangthu.repository import archive, storage
from tangthu.repository.actions import (
    add_file,
    add_page_images,
    make_ready,
    preserve,
    remove_page,
    replace_page,
)
from tangthu.repository.models import DigitalFile
from tests.repository.making import pdf_of, picture, pictures, tiff_of

pytestmark = pytest.mark.django_db


def judged(identifier: str) -> tuple[bool, str]:
    """Return what ocfl-py's validator, which is not ours, says of an object of the archive."""
    passed, validator = Object().validate(str(archive.folder_of(identifier)), log_warnings=False)
    return passed, str(validator)


def test_images_become_pages_that_can_be_read_and_masters_that_are_kept(draft, keeper, tmp_path):
    files = pictures(tmp_path, 3)
    sent = [hashlib.sha256(file.path.read_bytes()).hexdigest() for file in files]

    add_page_images(draft, files, by=keeper)
    drawn = make_ready(draft, by=keeper)

    pages = list(draft.pages.with_files())
    assert drawn == 3
    assert [page.position for page in pages] == [1, 2, 3]
    assert [page.master.sha256 for page in pages] == sent
    assert [page.master.name for page in pages] == ["trang 1.png", "trang 2.png", "trang 3.png"]
    assert {(page.width, page.height) for page in pages} == {(300, 420)}
    for page, digest in zip(pages, sent, strict=True):
        kept = storage.path_of(page.master).read_bytes()
        assert hashlib.sha256(kept).hexdigest() == digest
        assert page.master.path.startswith("masters/")
        assert page.master.preserved_version == 1
        assert storage.delivery_path(page.delivery).read_bytes()[:2] in {b"II", b"MM"}
    assert judged(draft.identifier)[0]
    assert not any(storage.file_path(f"staging/{draft.identifier}").iterdir())


def test_what_comes_later_makes_another_version(draft, keeper, tmp_path):
    add_page_images(draft, [picture(tmp_path, ink=1)], by=keeper)
    make_ready(draft, by=keeper)

    add_page_images(draft, [picture(tmp_path, ink=2)], by=keeper)
    make_ready(draft, by=keeper)

    draft.refresh_from_db()
    assert draft.preserved_version == 2
    assert sorted(draft.files.preserved().values_list("preserved_version", flat=True)) == [1, 2]
    assert judged(draft.identifier)[0]


def test_nothing_new_makes_no_version(draft, keeper, tmp_path):
    add_page_images(draft, [picture(tmp_path)], by=keeper)
    make_ready(draft, by=keeper)

    again = preserve(draft, by=keeper)

    assert again == 1


def test_the_same_picture_twice_is_kept_twice(draft, keeper, tmp_path):
    one = picture(tmp_path)

    add_page_images(draft, [one, one], by=keeper)
    make_ready(draft, by=keeper)

    assert len(set(draft.files.preserved().values_list("path", flat=True))) == 2
    assert judged(draft.identifier)[0]


def test_a_tiff_with_several_pictures_makes_several_pages(draft, keeper, tmp_path):
    add_page_images(draft, [tiff_of(tmp_path, 3)], by=keeper)
    make_ready(draft, by=keeper)

    pages = list(draft.pages.with_files())
    assert [page.frame for page in pages] == [0, 1, 2]
    assert len({page.master_id for page in pages}) == 1
    assert all(page.is_ready for page in pages)


def test_a_pdf_is_drawn_page_by_page_and_kept_whole(draft, keeper, tmp_path):
    add_page_images(draft, [pdf_of(tmp_path, 2)], by=keeper)
    make_ready(draft, by=keeper)

    pages = list(draft.pages.with_files())
    assert [(page.width, page.height) for page in pages] == [(1167, 1653), (1167, 1653)]
    assert [page.master.role for page in pages] == ["original", "original"]
    assert judged(draft.identifier)[0]


def test_a_book_is_kept_as_it_is(new_object, keeper, tmp_path):
    obj = new_object(kind="pdf")

    file = add_file(obj, pdf_of(tmp_path, 2, "Sử thi Đăm Săn.pdf"), by=keeper)
    make_ready(obj, by=keeper)

    file.refresh_from_db()
    assert (file.role, file.media_type, file.preserved_version) == (
        "original",
        "application/pdf",
        1,
    )
    assert file.name == "Sử thi Đăm Săn.pdf"
    assert not obj.pages.exists()


def test_a_replaced_page_keeps_its_address_and_the_archive_its_old_master(draft, keeper, tmp_path):
    (page,) = add_page_images(draft, [picture(tmp_path, ink=1)], by=keeper)
    make_ready(draft, by=keeper)
    page.refresh_from_db()
    old = DigitalFile.objects.get(pk=page.master_id)

    replace_page(page, picture(tmp_path, "mới.png", ink=2), by=keeper)
    make_ready(draft, by=keeper)

    now = draft.pages.with_files().get()
    assert now.identifier == page.identifier
    assert now.master.name == "mới.png"
    assert now.is_ready
    old.refresh_from_db()
    assert old.replaced_at is not None
    assert storage.path_of(old).exists()
    inventory = archive.inventory_of(draft.identifier)
    assert old.logical_path not in inventory.state
    assert now.master.logical_path in inventory.state
    assert judged(draft.identifier)[0]


def test_the_pages_behind_a_removed_one_move_up(draft, keeper, tmp_path):
    pages = add_page_images(draft, pictures(tmp_path, 4), by=keeper)
    make_ready(draft, by=keeper)

    remove_page(pages[1], by=keeper)
    make_ready(draft, by=keeper)

    assert list(draft.pages.values_list("position", "master__name")) == [
        (1, "trang 1.png"),
        (2, "trang 3.png"),
        (3, "trang 4.png"),
    ]
    assert len(archive.inventory_of(draft.identifier).versions) == 2
    assert judged(draft.identifier)[0]


def test_the_whole_storage_root_is_valid(draft, keeper, tmp_path):
    add_page_images(draft, [picture(tmp_path)], by=keeper)
    make_ready(draft, by=keeper)

    root = StorageRoot(root=str(archive.ensure_root()))

    assert root.validate()
