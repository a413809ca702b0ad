from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from ocfl import Object

from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted, StaleVersion
from tangthu.core.models import Change
from tangthu.formats import alto
from tangthu.formats.alto import Block, Layout, Line, Word
from tangthu.repository import archive, storage
from tangthu.repository.actions import (
    add_page_images,
    crop_page,
    make_ready,
    remove_page,
    turn_page,
)
from tangthu.repository.actions.texts import Unit, archive_settled, archive_text, keep_text
from tangthu.repository.errors import TextIsCorrected
from tangthu.repository.models import DigitalFile, DigitalObject, Page, PageText
from tangthu.repository.policy.kinds import FileRole
from tangthu.repository.policy.outlines import Box
from tangthu.repository.policy.texts import TextOrigin
from tests.repository.making import pictures

pytestmark = pytest.mark.django_db

MACHINE, CORRECTED = TextOrigin.MACHINE, TextOrigin.CORRECTED


def said(text: str, *, confidence: float | None = 0.95) -> Layout:
    """One line of words, side by side."""
    words = tuple(
        Word(word, (10 + 50 * at, 10, 40, 20), confidence) for at, word in enumerate(text.split())
    )
    return Layout(300, 420, (Block((Line(words),)),))


@pytest.fixture
def page(draft: DigitalObject, keeper: Actor, tmp_path: Path) -> Page:
    return add_page_images(draft, pictures(tmp_path, 2), by=keeper)[0]


def test_the_text_of_a_page_is_kept_with_its_boxes(page: Page, keeper: Actor) -> None:
    layout = said("Đắk Lắk", confidence=0.5)

    text = keep_text(page, layout, origin=MACHINE, engine="tesseract 5.3.0 vie", by=keeper)

    kept = PageText.objects.get()
    assert kept == text
    assert kept.layout() == layout
    assert (kept.plain, kept.words, kept.doubtful, kept.confidence) == ("Đắk Lắk", 2, 2, 0.5)
    assert (kept.origin, kept.engine, kept.revision) == ("machine", "tesseract 5.3.0 vie", 1)
    assert kept.fits(page)


def test_new_text_is_told_to_the_feed(page: Page, keeper: Actor) -> None:
    Change.objects.all().delete()

    keep_text(page, said("Đắk Lắk"), origin=MACHINE, by=keeper)

    news = Change.objects.values_list("kind", "key", "library_id")
    assert list(news) == [("object", str(page.object_id), page.object.library_id)]


def test_each_change_raises_the_revision(page: Page, keeper: Actor) -> None:
    keep_text(page, said("Đăk Lăk"), origin=MACHINE, by=keeper)

    text = keep_text(page, said("Đắk Lắk"), origin=CORRECTED, revision=1, by=keeper)

    assert (text.revision, text.plain, text.origin) == (2, "Đắk Lắk", "corrected")
    assert PageText.objects.count() == 1


def test_a_change_of_text_that_somebody_changed_is_refused(page: Page, keeper: Actor) -> None:
    keep_text(page, said("một"), origin=CORRECTED, by=keeper)
    keep_text(page, said("hai"), origin=CORRECTED, by=keeper)

    with pytest.raises(StaleVersion):
        keep_text(page, said("ba"), origin=CORRECTED, revision=1, by=keeper)

    assert PageText.objects.get().plain == "hai"


def test_no_machine_writes_over_what_people_corrected(page: Page, keeper: Actor) -> None:
    keep_text(page, said("Ƀuôn Đôn"), origin=CORRECTED, by=keeper)

    with pytest.raises(TextIsCorrected):
        keep_text(page, said("Buôn Đôn"), origin=MACHINE, by=keeper)

    assert PageText.objects.get().plain == "Ƀuôn Đôn"


def test_corrections_of_another_picture_give_way(page: Page, keeper: Actor) -> None:
    keep_text(page, said("Ƀuôn Đôn"), origin=CORRECTED, by=keeper)
    turned = turn_page(page, quarters=1, by=keeper)

    assert not PageText.objects.get().fits(turned)
    text = keep_text(turned, said("Buôn Đôn"), origin=MACHINE, by=keeper)

    assert text.fits(turned)
    assert text.origin == "machine"


def test_units_are_numbered_within_their_object(draft: DigitalObject, keeper: Actor) -> None:
    born = TextOrigin.BORN_DIGITAL
    keep_text(Unit(draft, 2, "c2.xhtml"), said("hai", confidence=None), origin=born, by=keeper)
    keep_text(Unit(draft, 1, "c1.xhtml"), said("một", confidence=None), origin=born, by=keeper)
    keep_text(Unit(draft, 1, "c1.xhtml"), said("Một", confidence=None), origin=born, by=keeper)

    texts = PageText.objects.of_object(draft).values_list("number", "locator", "plain", "revision")
    assert list(texts) == [(1, "c1.xhtml", "Một", 2), (2, "c2.xhtml", "hai", 1)]


def test_staff_of_another_library_keep_no_text_here(page: Page, neighbour: Actor) -> None:
    with pytest.raises(NotPermitted):
        keep_text(page, said("không"), origin=MACHINE, by=neighbour)

    assert not PageText.objects.exists()


def test_the_text_of_a_removed_page_goes_with_it(page: Page, keeper: Actor) -> None:
    keep_text(page, said("một"), origin=MACHINE, by=keeper)

    remove_page(page, by=keeper)

    assert not PageText.objects.exists()


def test_text_goes_into_the_archive_and_masters_stay(page: Page, keeper: Actor) -> None:
    obj = page.object
    make_ready(obj, by=keeper)
    masters = digests(obj)
    keep_text(page, said("Đắk Lắk"), origin=MACHINE, by=keeper)

    file = archive_text(obj, by=keeper)

    assert file is not None
    with zipfile.ZipFile(storage.path_of(DigitalFile.objects.get(pk=file.pk))) as kept:
        name = f"page-00001-{page.identifier}"
        assert kept.namelist() == [f"alto/{name}.xml", f"plain/{name}.txt"]
        assert alto.plain(alto.read(kept.read(f"alto/{name}.xml"))) == "Đắk Lắk"
    assert digests(obj) == masters
    assert is_valid(obj)
    assert archive_text(obj, by=keeper) is None


def test_earlier_text_stays_in_earlier_versions(page: Page, keeper: Actor) -> None:
    obj = page.object
    keep_text(page, said("một"), origin=MACHINE, by=keeper)
    first = archive_text(obj, by=keeper)
    keep_text(page, said("hai"), origin=CORRECTED, by=keeper)

    second = archive_text(obj, by=keeper)

    assert first is not None
    assert second is not None
    current = DigitalFile.objects.current().filter(object=obj, role=FileRole.TEXT)
    assert list(current) == [second]
    assert storage.path_of(DigitalFile.objects.get(pk=first.pk)).is_file()
    assert is_valid(obj)


def test_only_text_that_has_come_to_rest_is_archived(
    page: Page, new_object: Callable[..., DigitalObject], keeper: Actor
) -> None:
    other = Unit(new_object("Truyện cổ"), 1)
    keep_text(page, said("một"), origin=MACHINE, by=keeper)
    keep_text(other, said("hai"), origin=MACHINE, by=keeper)
    hour_ago = timezone.now() - timedelta(hours=1)
    PageText.objects.filter(page=page).update(changed_at=hour_ago - timedelta(minutes=1))

    count = archive_settled(before=hour_ago, by=keeper)

    assert count == 1
    assert list(PageText.objects.to_archive()) == [PageText.objects.get(page=None)]


def digests(obj: DigitalObject) -> dict[str, str]:
    masters = obj.files.filter(role=FileRole.MASTER)
    return {file.name: storage.digests_of(storage.path_of(file)).sha256 for file in masters}


def is_valid(obj: DigitalObject) -> bool:
    folder = str(archive.folder_of(obj.identifier))
    passed, _ = Object().validate(folder, log_warnings=False)
    return bool(passed)


def test_text_does_not_fit_a_page_that_was_cropped(page: Page, keeper: Actor) -> None:
    text = keep_text(page, said("đất đỏ"), origin=CORRECTED, by=keeper)
    assert text.fits(page)

    crop_page(page, Box(0.0, 0.0, 0.5, 0.5), by=keeper)

    page.refresh_from_db()
    assert not text.fits(page)
    again = keep_text(page, said("đất"), origin=MACHINE, by=keeper)
    assert (again.plain.strip(), again.fits(page)) == ("đất", True)
