"""Correcting words and pages, its history, and taking it back."""

from __future__ import annotations

import pytest

from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid, NotPermitted
from tangthu.core.models import Change
from tangthu.digitisation.actions.correction import (
    Spot,
    Typed,
    correct_word,
    save_page,
    undo,
    undo_all_of_staff,
    undo_page,
)
from tangthu.digitisation.errors import EditsMeet, NothingUndone, PictureChanged, WordChanged
from tangthu.digitisation.models import Correction, How
from tangthu.repository.models import DigitalObject, Page, PageText
from tangthu.repository.policy.texts import TextOrigin
from tests.correction.making import read_page, words_of
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(book: DigitalObject) -> Page:
    found = book.pages.first()
    read_page(found, "Buôn Ma [Thuôt] năm 1932", "là đất [dỏ] ba-dan")
    return found


def spot(page: Page, word: str) -> Spot:
    found = next(each for each in page.text.layout().words() if each.text == word)
    return Spot(found.box, word)


def typed(page: Page, text: str, **values: object) -> Typed:
    return Typed(**({"text": text, "base": words_of(page), "revision": 1} | values))


def test_a_corrected_word_is_in_the_text_at_once(page: Page, corrector: Actor) -> None:
    place = spot(page, "Thuôt")
    seen = Change.objects.filter(kind="object").count()

    text = correct_word(page, place, "Thuột", by=corrector)

    assert text.plain == "Buôn Ma Thuột năm 1932\nlà đất dỏ ba-dan"
    assert (text.origin, text.revision, text.doubtful) == (TextOrigin.CORRECTED, 2, 1)
    assert spot(Page.objects.get(pk=page.pk), "Thuột").box == place.box
    assert Change.objects.filter(kind="object").count() > seen


def test_the_history_tells_who_corrected_what(page: Page, corrector: Actor) -> None:
    correct_word(page, spot(page, "dỏ"), "đỏ", by=corrector)

    found = Correction.objects.get()

    assert (found.before, found.after, found.revision) == ("dỏ", "đỏ", 2)
    assert (found.by, found.user_id, found.how) == (corrector.name, corrector.user_id, How.WORD)


def test_accepting_a_word_leaves_it_and_ends_the_doubt(page: Page, corrector: Actor) -> None:
    text = correct_word(page, spot(page, "Thuôt"), "Thuôt", by=corrector)

    assert text.plain.startswith("Buôn Ma Thuôt")
    assert text.doubtful == 1
    assert Correction.objects.get().change.is_confirmation


def test_a_word_typed_as_two_or_as_nothing(page: Page, corrector: Actor) -> None:
    correct_word(page, spot(page, "ba-dan"), "ba dan", by=corrector)
    page.refresh_from_db()
    correct_word(page, spot(page, "1932"), "  ", by=corrector)

    assert words_of(page) == "Buôn Ma Thuôt năm\nlà đất dỏ ba dan"


def test_a_decomposed_word_is_kept_composed(page: Page, corrector: Actor) -> None:
    correct_word(page, spot(page, "dỏ"), "đo\u0309", by=corrector)

    assert "đỏ" in words_of(page)


def test_a_word_that_somebody_else_changed_is_not_overwritten(
    page: Page, corrector: Actor, second_corrector: Actor
) -> None:
    place = spot(page, "Thuôt")
    correct_word(page, place, "Thuột", by=corrector)

    with pytest.raises(WordChanged) as refused:
        correct_word(page, place, "Thuốt", by=second_corrector)

    assert refused.value.data == {"now": "Thuột"}
    assert correct_word(page, place, "Thuột", by=second_corrector).revision == 2
    assert Correction.objects.count() == 1


def test_without_the_right_nothing_is_corrected(page: Page, desk: Actor) -> None:
    with pytest.raises(NotPermitted):
        correct_word(page, spot(page, "dỏ"), "đỏ", by=desk)
    with pytest.raises(NotPermitted):
        save_page(page, typed(page, "khác"), by=desk)

    assert PageText.objects.get().revision == 1
    assert not Correction.objects.exists()


def test_too_long_a_word_is_refused(page: Page, corrector: Actor) -> None:
    with pytest.raises(Invalid):
        correct_word(page, spot(page, "dỏ"), "đ" * 201, by=corrector)

    assert PageText.objects.get().revision == 1


def test_a_page_that_shows_another_picture_is_not_corrected(page: Page, corrector: Actor) -> None:
    place = spot(page, "dỏ")
    Page.objects.filter(pk=page.pk).update(rotation=90)

    with pytest.raises(PictureChanged):
        correct_word(page, place, "đỏ", by=corrector)

    assert not Correction.objects.exists()


def test_a_whole_page_keeps_the_boxes_of_its_words(page: Page, corrector: Actor) -> None:
    boxes = [word.box for word in page.text.layout().words()]

    save_page(page, typed(page, "Buôn Ma Thuột năm 1932\nlà đất đỏ ba-dan"), by=corrector)

    layout = PageText.objects.get().layout()
    assert [word.box for word in layout.words()] == boxes
    assert [each.after for each in Correction.objects.all()] == ["Thuột", "đỏ"]
    assert {each.revision for each in Correction.objects.all()} == {2}


def test_lines_are_taken_one_for_one(page: Page, corrector: Actor) -> None:
    lines = ("Buôn Ma Thuột năm 1932", "")

    save_page(page, typed(page, "", lines=lines, is_read=True), by=corrector)

    text = PageText.objects.get()
    assert text.plain == "Buôn Ma Thuột năm 1932"
    assert text.doubtful == 0


def test_two_who_edit_one_page_both_keep_their_work(
    page: Page, corrector: Actor, second_corrector: Actor
) -> None:
    base = words_of(page)
    save_page(page, typed(page, base.replace("Thuôt", "Thuột")), by=corrector)

    save_page(page, typed(page, base.replace("dỏ", "đỏ"), base=base), by=second_corrector)

    assert words_of(page) == "Buôn Ma Thuột năm 1932\nlà đất đỏ ba-dan"


def test_two_edits_of_one_word_are_shown_to_the_second(
    page: Page, corrector: Actor, second_corrector: Actor
) -> None:
    base = words_of(page)
    save_page(page, typed(page, base.replace("Thuôt", "Thuột")), by=corrector)

    with pytest.raises(EditsMeet) as refused:
        save_page(page, typed(page, base.replace("Thuôt", "Thuốt"), base=base), by=second_corrector)

    assert refused.value.data == {"mine": "Thuốt", "theirs": "Thuột"}
    assert "Thuột" in words_of(page)


def test_a_page_that_nobody_read_gets_its_first_text(
    book: DigitalObject,
    corrector: Actor,
) -> None:
    page = book.pages.get(position=2)

    text = save_page(page, Typed(text="Chữ viết tay\ndòng hai", revision=0), by=corrector)

    assert text.plain == "Chữ viết tay\ndòng hai"
    assert (text.origin, text.revision) == (TextOrigin.CORRECTED, 1)
    assert text.layout().width == 700


def test_one_correction_is_taken_back_and_the_others_stay(page: Page, corrector: Actor) -> None:
    before = page.text.layout()
    correct_word(page, spot(page, "Thuôt"), "Thuột", by=corrector)
    page.refresh_from_db()
    correct_word(page, spot(page, "dỏ"), "đỏ", by=corrector)
    first, second = Correction.objects.all()

    undo(first, by=corrector)

    assert words_of(page) == "Buôn Ma Thuôt năm 1932\nlà đất đỏ ba-dan"
    undo(second, by=corrector)
    assert PageText.objects.get().layout() == before
    assert Correction.objects.filter(how=How.UNDONE).count() == 2
    assert not Correction.objects.standing().exists()


def test_what_was_changed_again_since_is_not_taken_back(page: Page, corrector: Actor) -> None:
    correct_word(page, spot(page, "dỏ"), "đỏ", by=corrector)
    page = Page.objects.get(pk=page.pk)
    correct_word(page, spot(page, "đỏ"), "đen", by=corrector)

    with pytest.raises(NothingUndone):
        undo(Correction.objects.first(), by=corrector)

    assert "đen" in words_of(page)
    assert Correction.objects.standing().count() == 2


def test_a_page_is_taken_back_to_how_it_was(page: Page, corrector: Actor) -> None:
    before = page.text.layout()
    save_page(page, typed(page, "Buôn Ma Thuột\nxóa"), by=corrector)
    page = Page.objects.get(pk=page.pk)
    correct_word(page, spot(page, "Thuột"), "Thuốt", by=corrector)

    found = undo_page(page, since=2, by=corrector)

    assert (found.left, Correction.objects.standing().count()) == (0, 0)
    assert [word.text for word in PageText.objects.get().layout().words()] == [
        word.text for word in before.words()
    ]


def test_all_that_one_person_did_is_taken_back(
    page: Page, corrector: Actor, second_corrector: Actor
) -> None:
    other = page.object.pages.get(position=2)
    read_page(other, "trang [hái]")
    correct_word(page, spot(page, "Thuôt"), "XXX", by=corrector)
    correct_word(other, spot(other, "hái"), "YYY", by=corrector)
    page = Page.objects.get(pk=page.pk)
    correct_word(page, spot(page, "dỏ"), "đỏ", by=second_corrector)

    found = undo_all_of_staff(corrector.user_id, by=second_corrector)

    assert (found.done, found.left) == (2, 0)
    assert words_of(page) == "Buôn Ma Thuôt năm 1932\nlà đất đỏ ba-dan"
    assert words_of(other) == "trang hái"


@pytest.mark.django_db(transaction=True)
def test_two_who_correct_one_page_at_once_lose_nothing(
    page: Page, corrector: Actor, second_corrector: Actor
) -> None:
    first, second = spot(page, "Thuôt"), spot(page, "dỏ")

    given = at_once(
        lambda: correct_word(page, first, "Thuột", by=corrector),
        lambda: correct_word(page, second, "đỏ", by=second_corrector),
    )

    assert sorted(text.revision for text in given) == [2, 3]
    assert words_of(page) == "Buôn Ma Thuột năm 1932\nlà đất đỏ ba-dan"
    assert Correction.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_correct_one_word_at_once_the_second_is_told(
    page: Page, corrector: Actor, second_corrector: Actor
) -> None:
    place = spot(page, "Thuôt")

    given = at_once(
        lambda: correct_word(page, place, "Thuột", by=corrector),
        lambda: correct_word(page, place, "Thuốt", by=second_corrector),
    )

    refused = [each for each in given if isinstance(each, WordChanged)]
    assert len(refused) == 1
    assert str(refused[0].data["now"]) in words_of(page)
    assert Correction.objects.count() == 1
