"""What helps to type a word, and to mend a slip."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from tangthu.access.models import User
from tangthu.core.actor import Actor
from tangthu.digitisation.actions.volunteers import answer_word, call_volunteers
from tangthu.digitisation.models import TaskState, WordTask
from tangthu.digitisation.policy.letters import letters_for
from tangthu.libraries.models import Library
from tangthu.repository.actions.texts import keep_text
from tangthu.repository.models import DigitalObject, Page, PageText
from tangthu.repository.policy.texts import TextOrigin
from tests.conftest import client_of, client_of_reader
from tests.correction.making import read_page, words_of
from tests.correction.test_pages import address, hidden, text
from tests.correction.test_volunteers import reader
from tests.factories import PatronFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(book: DigitalObject) -> Page:
    DigitalObject.objects.filter(pk=book.pk).update(languages="rad vie")
    found = book.pages.select_related("object").first()
    read_page(found, "ở [buon] Ma [Thuôt]")
    return found


@pytest.fixture
def desk_browser(corrector_user: User) -> Client:
    return client_of(corrector_user)


def typed(browser: Client, page: Page, word: str) -> str:
    """Correct the first doubtful word, as the page does it without leaving; return what comes."""
    first = text(browser.get(address("doubtful", page)))
    posted = {name: hidden(first, name) for name in ("page", "box", "read", "here")}
    answer = browser.post(
        address("correct_word", page), posted | {"word": word}, headers={"HX-Request": "true"}
    )
    return text(answer)


@pytest.mark.parametrize(
    ("languages", "has", "has_not"),
    [("rad vie", "ƀ", "œ"), ("fre", "œ", "ƀ"), ("cmo fre", "ŏ", "đ")],
)
def test_letters_that_a_vietnamese_keyboard_lacks_are_offered(
    languages: str, has: str, has_not: str
) -> None:
    offered = letters_for(languages.split())

    assert has in offered
    assert has_not not in offered


def test_a_vietnamese_document_needs_no_letters_beside_the_keyboard() -> None:
    assert letters_for(("vie",)) == ()


def test_the_doubtful_word_is_marked_on_its_line_and_letters_stand_under_it(
    page: Page, desk_browser: Client
) -> None:
    shown = text(desk_browser.get(address("doubtful", page)))

    assert "<mark>buon</mark>" in shown
    assert "<mark>Ma</mark>" not in shown
    assert ">ƀ</button>" in shown


def test_a_slip_is_taken_back_from_the_next_word(page: Page, desk_browser: Client) -> None:
    following = typed(desk_browser, page, "buônn")
    undo = re.search(r'action="([^"]*/back/)"', following).group(1)

    answer = desk_browser.post(undo, {"then": hidden(following, "then")})

    assert words_of(page) == "ở buon Ma Thuôt"
    assert hidden(text(desk_browser.get(answer["Location"])), "read") == "buon"


def test_a_word_that_somebody_else_made_the_same_is_not_ones_own_to_take_back(
    page: Page, desk_browser: Client, second_corrector: Actor
) -> None:
    first = text(desk_browser.get(address("doubtful", page)))
    posted = {name: hidden(first, name) for name in ("page", "box", "read", "here")}
    other = client_of(User.objects.get(username="corrector2"))
    other.post(address("correct_word", page), posted | {"word": "buôn"})

    answer = desk_browser.post(
        address("correct_word", page), posted | {"word": "buôn"}, headers={"HX-Request": "true"}
    )

    assert "/back/" not in text(answer)


def test_the_library_decides_that_it_is_no_word(
    page: Page, desk_browser: Client, corrector: Actor, province: Library
) -> None:
    call_volunteers(page.object, by=corrector)
    task = WordTask.objects.get(read="buon")
    for word in ("ƀuôn", "buôn"):
        answer_word(task, word, by=reader(PatronFactory(library=province)))

    desk_browser.post(reverse("digitisation:decide", args=[task.pk]), {"word": ""})

    assert words_of(page) == "ở Ma Thuôt"
    assert WordTask.objects.get(pk=task.pk).state == TaskState.DECIDED


def test_history_names_volunteers_in_the_readers_language(
    page: Page, desk_browser: Client, corrector: Actor, province: Library
) -> None:
    call_volunteers(page.object, by=corrector)
    task = WordTask.objects.get(read="buon")
    for _ in range(2):
        answer_word(task, "ƀuôn", by=reader(PatronFactory(library=province)))

    shown = text(desk_browser.get(address("corrections", page)))

    assert "Tình nguyện viên thống nhất" in shown
    assert not re.search(r">\s*volunteers\b", shown)


def test_a_reader_is_offered_the_letters_too(
    page: Page, corrector: Actor, province: Library
) -> None:
    call_volunteers(page.object, by=corrector)
    browser = client_of_reader(PatronFactory(library=province))

    shown = text(browser.get(f"/account/helping/{page.object.identifier}/"))

    assert ">ƀ</button>" in shown


def test_a_word_that_the_list_of_names_repaired_wrongly_is_put_back(
    page: Page, desk_browser: Client
) -> None:
    row = PageText.objects.get(page=page)
    repaired = row.layout().each_word(
        lambda word: (
            replace(word, text="ƀuôn", original="buon", repaired=True)
            if word.text == "buon"
            else word
        )
    )
    machine = Actor.machine("test")
    keep_text(page, repaired, origin=TextOrigin.MACHINE, engine="tesseract", by=machine)
    shown = text(desk_browser.get(address("doubtful", page)))
    posted = {name: hidden(shown, name) for name in ("page", "box", "read", "here")}

    answer = desk_browser.post(
        address("correct_word", page),
        # As a browser sends it: the box that was not touched, then the button.
        posted | {"word": re.findall(r'name="word"\s+value="([^"]*)"', shown)},
    )

    assert answer.status_code == 302
    assert "Trả lại “buon”" in shown
    assert words_of(page) == "ở buon Ma Thuôt"
    assert not any(word.repaired for word in PageText.objects.get(page=page).layout().words())
