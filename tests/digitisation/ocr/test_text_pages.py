"""The screens of text recognition."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tangthu.access.models import User
from tangthu.core.actor import Actor
from tangthu.digitisation.actions.ocr import Wish, ask_for_text, claim, fail
from tangthu.digitisation.models import HighlandName, TextJob
from tangthu.digitisation.policy.recognition import Priority
from tangthu.repository.actions import add_page_images, make_ready
from tangthu.repository.actions.texts import keep_text
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.texts import TextOrigin
from tests.conftest import client_of
from tests.repository.making import pictures
from tests.repository.test_texts import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(keeper_user: User) -> Client:
    return client_of(keeper_user)


@pytest.fixture
def pages(draft: DigitalObject, keeper: Actor, tmp_path: Path) -> DigitalObject:
    add_page_images(draft, pictures(tmp_path, 3), by=keeper)
    make_ready(draft, by=keeper)
    return draft


def test_staff_ask_for_the_text_of_an_object(staff: Client, pages: DigitalObject) -> None:
    address = reverse("digitisation:text", args=[pages.identifier])

    answer = staff.post(address, {"languages": ["vie", "fre"], "priority": "1"}, follow=True)

    jobs = TextJob.objects.values_list("languages", "priority", "state")
    assert set(jobs) == {("vie fre", 1, "waiting")}
    assert jobs.count() == 3
    assert "0 / 3" in answer.content.decode()


def test_an_object_without_pages_says_so(staff: Client, draft: DigitalObject) -> None:
    answer = staff.post(reverse("digitisation:text", args=[draft.identifier]), {"priority": "5"})

    assert answer.status_code == 422
    assert not TextJob.objects.exists()


def test_the_part_asks_for_itself_while_pages_wait(
    staff: Client, pages: DigitalObject, keeper: Actor
) -> None:
    address = reverse("digitisation:text_progress", args=[pages.identifier])
    before = staff.get(address).content.decode()
    ask_for_text(pages, Wish(), by=keeper)

    during = staff.get(address).content.decode()

    assert "hx-get" not in before
    assert f'hx-get="{address}"' in during


def test_failed_pages_are_told_with_their_reason_and_tried_again(
    staff: Client, pages: DigitalObject, keeper: Actor
) -> None:
    ask_for_text(pages, Wish(), by=keeper)
    job = claim("w", now=timezone.now())
    assert job is not None
    fail(job, "language_missing", lasting=True)

    page = staff.get(reverse("digitisation:text", args=[pages.identifier])).content.decode()
    staff.post(reverse("digitisation:text_retry", args=[pages.identifier]))

    assert "Tesseract" in page
    assert not TextJob.objects.filter(state="failed").exists()


def test_waiting_pages_get_another_turn_and_are_cancelled(
    staff: Client, pages: DigitalObject, keeper: Actor
) -> None:
    ask_for_text(pages, Wish(), by=keeper)

    staff.post(reverse("digitisation:text_first", args=[pages.identifier]), {"priority": "9"})
    priorities = set(TextJob.objects.values_list("priority", flat=True))
    staff.post(reverse("digitisation:text_cancel", args=[pages.identifier]))

    assert priorities == {Priority.IDLE}
    assert set(TextJob.objects.values_list("state", flat=True)) == {"cancelled"}


def test_the_objects_page_tells_of_its_text(
    staff: Client, pages: DigitalObject, keeper: Actor
) -> None:
    keep_text(pages.pages.first(), said("Đắk Lắk"), origin=TextOrigin.MACHINE, by=keeper)

    page = staff.get(reverse("repository:object", args=[pages.identifier])).content.decode()

    assert reverse("digitisation:text", args=[pages.identifier]) in page


def test_the_queue_lists_what_is_read(
    staff: Client, pages: DigitalObject, keeper: Actor, django_assert_max_num_queries: Callable
) -> None:
    ask_for_text(pages, Wish(), by=keeper)
    claim("máy-1", now=timezone.now())

    with django_assert_max_num_queries(16):
        page = staff.get(reverse("digitisation:text_queue")).content.decode()

    assert pages.title in page
    assert "máy-1" in page


def test_objects_of_another_library_are_not_found(
    neighbour_user: User, pages: DigitalObject
) -> None:
    from tangthu.digitisation.permissions import DigitisationPermission
    from tests.factories import grant

    grant(neighbour_user, neighbour_user.library, DigitisationPermission.RECOGNISE)
    other = client_of(neighbour_user)

    answers = [
        other.get(reverse("digitisation:text", args=[pages.identifier])),
        other.post(reverse("digitisation:text_cancel", args=[pages.identifier])),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert pages.title not in other.get(reverse("digitisation:text_queue")).content.decode()


def test_names_are_added_and_removed(staff: Client) -> None:
    address = reverse("digitisation:names")

    staff.post(address, {"names": "Ƀuôn Kmrơ̆ng  # Cư M'gar\nKrông Wăkŭr"})
    names = list(HighlandName.objects.values_list("text", flat=True))
    staff.post(
        reverse("digitisation:remove_name", args=[HighlandName.objects.get(text=names[0]).pk])
    )

    assert sorted(names) == ["Krông Wăkŭr", "Ƀuôn Kmrơ̆ng"]
    assert HighlandName.objects.count() == 1


def test_a_name_without_such_letters_is_refused_in_words(staff: Client) -> None:
    answer = staff.post(reverse("digitisation:names"), {"names": "Buôn Hồ"})

    assert answer.status_code == 422
    assert "Buôn Hồ" in answer.content.decode()
    assert not HighlandName.objects.exists()
