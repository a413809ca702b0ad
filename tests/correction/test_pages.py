"""The screens of correcting, at the desk and for readers who help."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tangthu.access.models import User
from tangthu.core.actor import Actor
from tangthu.digitisation.actions.copies import ask_for_copies, make_copies
from tangthu.digitisation.actions.volunteers import answer_word, call_volunteers
from tangthu.digitisation.models import Correction, Volunteer, WordAnswer, WordTask
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.repository.models import DigitalObject, Page, PageText
from tests.conftest import client_of, client_of_reader
from tests.correction.making import read_page, words_of
from tests.correction.test_volunteers import reader
from tests.factories import PatronFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(book: DigitalObject) -> Page:
    found = book.pages.first()
    read_page(found, "Buôn Ma [Thuôt] năm 1932", "là đất [dỏ] ba-dan")
    return found


@pytest.fixture
def desk_browser(corrector_user: User) -> Client:
    return client_of(corrector_user)


@pytest.fixture
def helper(province: Library) -> Patron:
    return PatronFactory(library=province)


def text(answer: object) -> str:
    return answer.content.decode()


def hidden(html: str, name: str) -> str:
    return re.search(rf'name="{name}"\s+value="([^"]*)"', html).group(1)


def address(name: str, page: Page, *more: object) -> str:
    return reverse(f"digitisation:{name}", args=[page.object.identifier, *more])


def test_the_list_leads_to_the_text_and_the_text_to_its_pages(
    page: Page, desk_browser: Client
) -> None:
    listed = text(desk_browser.get("/desk/digitisation/correct/"))
    shown = text(desk_browser.get(address("correct", page)))

    assert address("correct", page) in listed
    assert "2 từ nghi ngờ" in shown
    assert address("page_text", page, page.identifier) in shown


def test_doubtful_words_come_one_after_the_other(page: Page, desk_browser: Client) -> None:
    first = text(desk_browser.get(address("doubtful", page)))
    assert hidden(first, "read") == "Thuôt"
    posted = {name: hidden(first, name) for name in ("page", "box", "read", "here")}

    second = text(
        desk_browser.post(
            address("correct_word", page),
            posted | {"word": "Thuột"},
            headers={"HX-Request": "true"},
        )
    )

    assert words_of(page).startswith("Buôn Ma Thuột")
    assert hidden(second, "read") == "dỏ"
    assert "<html" not in second


def test_a_word_that_was_changed_meanwhile_is_shown(
    page: Page, desk_browser: Client, corrector: Actor
) -> None:
    shown = text(desk_browser.get(address("doubtful", page)))
    posted = {name: hidden(shown, name) for name in ("page", "box", "read", "here")}
    for word in ("Thuột", "Thuốt"):
        answer = desk_browser.post(
            address("correct_word", page), posted | {"word": word}, follow=True
        )

    assert "Thuột" in words_of(page)
    assert "Bây giờ là “Thuột”" in text(answer)


def test_the_piece_of_a_word_is_a_picture_and_strangers_get_none(
    page: Page, desk_browser: Client, client: Client
) -> None:
    shown = text(desk_browser.get(address("doubtful", page)))
    url = re.search(r'src="([^"]+\.jpg)"', shown).group(1)

    answer = desk_browser.get(url)

    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content[:2] == b"\xff\xd8"
    assert client.get(url).status_code == 302
    assert desk_browser.get(url.replace(hidden(shown, "box"), "1,2,3")).status_code == 404
    assert desk_browser.get(url.replace(hidden(shown, "box"), "999999,1,1,1")).status_code == 404


def test_staff_of_another_library_do_not_find_the_text(page: Page, desk_client: Client) -> None:
    assert desk_client.get(address("correct", page)).status_code == 403


def test_a_page_is_saved_line_by_line(page: Page, desk_browser: Client) -> None:
    url = address("page_text", page, page.identifier)
    shown = text(desk_browser.get(url))
    posted = {
        "revision": hidden(shown, "revision"),
        "base": words_of(page),
        "lines": "2",
        "line-1": "Buôn Ma Thuột năm 1932",
        "line-2": "là đất đỏ ba-dan",
        "is_read": "1",
        "then": "next",
    }

    answer = desk_browser.post(url, posted)

    assert answer["Location"] != url
    row = PageText.objects.get()
    assert (row.plain, row.doubtful) == ("Buôn Ma Thuột năm 1932\nlà đất đỏ ba-dan", 0)


def test_what_was_typed_is_not_lost_when_two_edits_meet(page: Page, desk_browser: Client) -> None:
    url = address("page_text", page, page.identifier)
    base = words_of(page)
    for word in ("Thuột", "Thuốt"):
        typed = {"revision": "1", "base": base, "text": base.replace("Thuôt", word)}
        answer = desk_browser.post(url, typed)

    assert answer.status_code == 409
    assert "Bạn viết “Thuốt”" in text(answer)
    assert "Buôn Ma Thuốt năm 1932" in text(answer)
    assert "Thuột" in words_of(page)
    again = {name: hidden(text(answer), name) for name in ("revision",)}
    desk_browser.post(url, again | {"base": words_of(page), "text": "Buôn Ma Thuốt"})
    assert words_of(page) == "Buôn Ma Thuốt"


def test_a_page_without_text_can_be_typed(book: DigitalObject, desk_browser: Client) -> None:
    page = book.pages.get(position=3)
    url = address("page_text", page, page.identifier)
    assert 'name="text"' in text(desk_browser.get(url))

    desk_browser.post(url, {"revision": "0", "text": "Viết tay"})

    assert words_of(page) == "Viết tay"


def test_the_history_shows_and_takes_back(page: Page, desk_browser: Client) -> None:
    url = address("page_text", page, page.identifier)
    desk_browser.post(url, {"revision": "1", "text": words_of(page).replace("dỏ", "đỏ")})
    shown = text(desk_browser.get(address("corrections", page)))
    row = Correction.objects.get()

    answer = desk_browser.post(address("take_back", page, row.pk), follow=True)

    assert "<del>dỏ</del> → <ins>đỏ</ins>" in shown
    assert "Đã hoàn tác: 1" in text(answer)
    assert "dỏ" in words_of(page)


def test_copies_ask_for_themselves_until_they_are_made(
    page: Page, desk_browser: Client, corrector: Actor
) -> None:
    assert "copies-made" not in text(desk_browser.get(address("correct", page)))
    ask_for_copies(page.object, by=corrector)

    awaited = text(desk_browser.get(address("copies_made", page)))
    make_copies(page.object)
    made = text(desk_browser.get(address("copies_made", page)))

    assert f'hx-get="{address("copies_made", page)}"' in awaited
    assert "Đang tạo" in awaited
    assert "<html" not in awaited
    assert "hx-get" not in made
    assert made.count("download") == 3


def test_copies_are_asked_for_and_taken_along(
    page: Page, desk_browser: Client, corrector: Actor, desk_client: Client
) -> None:
    ask_for_copies(page.object, by=corrector)
    make_copies(page.object)

    shown = text(desk_browser.get(address("correct", page)))
    answer = desk_browser.get(address("copy", page, "epub"))

    assert address("copy", page, "pdf") in shown
    assert answer["Content-Type"] == "application/epub+zip"
    assert b"".join(answer.streaming_content)[38:58] == b"application/epub+zip"
    assert "attachment" in answer["Content-Disposition"]
    assert desk_client.get(address("copy", page, "epub")).status_code == 403
    assert desk_browser.get(address("copy", page, "exe")).status_code == 404


def test_volunteers_are_called_and_thanked_for_at_the_desk(
    page: Page, desk_browser: Client
) -> None:
    answer = desk_browser.post(address("call", page), {"open": "1", "note": "Lớp 9A"}, follow=True)
    assert "Bạn đọc giờ có thể giúp" in text(answer)
    assert WordTask.objects.count() == 2

    desk_browser.post(address("call", page), {})

    assert page.object.call.closed_at is not None


def test_a_reader_reads_words_on_the_phone(
    page: Page, corrector: Actor, helper: Patron, province: Library
) -> None:
    call_volunteers(page.object, by=corrector)
    browser = client_of_reader(helper)
    other = reader(PatronFactory(library=province))
    task = WordTask.objects.get(read="Thuôt")
    answer_word(task, "Thuột", by=other)

    listed = text(browser.get("/account/helping/"))
    url = reverse("helping:word", args=[page.object.identifier])
    assert url in listed
    shown = text(browser.get(url))
    # The word that somebody else has read comes first.
    assert reverse("helping:answer", args=[task.pk]) in shown
    assert browser.get(reverse("helping:piece", args=[task.pk])).content[:2] == b"\xff\xd8"
    answer = browser.post(reverse("helping:answer", args=[task.pk]), {"word": "Thuột"}, follow=True)

    assert "từ đã được sửa" in text(answer)
    assert "Thuột" in words_of(page)
    assert reverse("helping:answer", args=[task.pk]) not in text(answer)


def test_a_reader_may_skip_but_not_send_nothing(
    page: Page, corrector: Actor, helper: Patron
) -> None:
    call_volunteers(page.object, by=corrector)
    browser = client_of_reader(helper)
    task = WordTask.objects.first()

    browser.post(reverse("helping:answer", args=[task.pk]), {"word": " "})
    assert not WordAnswer.objects.exists()
    browser.post(reverse("helping:answer", args=[task.pk]), {"word": "x", "skip": "1"})

    assert WordAnswer.objects.get().answer == ""


def test_strangers_are_sent_to_log_in_and_no_word_of_a_closed_object_is_shown(
    page: Page, corrector: Actor, helper: Patron, client: Client
) -> None:
    call_volunteers(page.object, by=corrector)
    task = WordTask.objects.first()
    assert client.get("/account/helping/").status_code == 302
    assert client.get(reverse("helping:piece", args=[task.pk])).status_code == 302
    DigitalObject.objects.update(access="staff")
    browser = client_of_reader(helper)

    assert browser.get(reverse("helping:piece", args=[task.pk])).status_code == 404
    assert browser.post(reverse("helping:answer", args=[task.pk]), {"word": "x"}).status_code == 404
    assert not WordAnswer.objects.exists()


def test_thanks_name_only_who_wished_it_and_the_certificate_is_ones_own(
    page: Page, corrector: Actor, helper: Patron, province: Library, client: Client
) -> None:
    call_volunteers(page.object, by=corrector)
    browser = client_of_reader(helper)
    assert browser.get("/account/helping/certificate/").status_code == 404
    task = WordTask.objects.first()
    for each in (reader(helper), reader(PatronFactory(library=province))):
        answer_word(task, "Thuột", by=each)
    assert "Chim" not in text(client.get("/account/helping/thanks/"))

    browser.post("/account/helping/name", {"shown_name": "Chim chơ rao", "is_listed": "1"})

    thanked = text(client.get("/account/helping/thanks/"))
    assert "Chim chơ rao" in thanked
    assert helper.name not in thanked
    assert helper.name in text(browser.get("/account/helping/certificate/"))


def test_staff_decide_and_bar(
    page: Page, corrector: Actor, desk_browser: Client, province: Library
) -> None:
    call_volunteers(page.object, by=corrector)
    task = WordTask.objects.get(read="dỏ")
    for word in ("đỏ", "dõ"):
        answer_word(task, word, by=reader(PatronFactory(library=province)))
    shown = text(desk_browser.get("/desk/digitisation/volunteers/"))
    assert 'value="dõ"' in shown
    piece = desk_browser.get(reverse("digitisation:disputed_piece", args=[task.pk]))
    assert piece.content[:2] == b"\xff\xd8"

    desk_browser.post(reverse("digitisation:decide", args=[task.pk]), {"word": "đỏ"})
    wrong = Volunteer.objects.get(patron__word_answers__counted="wrong")
    url = reverse("digitisation:volunteer", args=[wrong.pk])
    desk_browser.post(url, {"deed": "bar", "why": "Gõ bừa"})

    assert "đỏ" in words_of(page)
    wrong.refresh_from_db()
    assert wrong.barred_why == "Gõ bừa"
    desk_browser.post(url, {"deed": "readmit"})
    wrong.refresh_from_db()
    assert wrong.barred_at is None
