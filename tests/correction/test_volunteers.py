"""Readers who help: two must read the same, the rest is the library's to decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.core.actor import Actor, Face
from tangthu.core.errors import Invalid, NotPermitted
from tangthu.digitisation.actions.correction import correct_word, undo, undo_all_of_volunteer
from tangthu.digitisation.actions.correction.words import Spot
from tangthu.digitisation.actions.ocr.queue import Result, claim, finish
from tangthu.digitisation.actions.volunteers import (
    Taken,
    answer_word,
    bar_volunteer,
    call_volunteers,
    close_call,
    decide_word,
    forget_volunteer,
    gather_words,
    name_volunteer,
    readmit_volunteer,
    take_in_words,
)
from tangthu.digitisation.errors import AnswerRefused, CallRefused, VolunteerStopped
from tangthu.digitisation.models import (
    Correction,
    Counted,
    How,
    TaskState,
    Volunteer,
    VolunteerCall,
    WordAnswer,
    WordTask,
)
from tangthu.digitisation.models.ocr import TextJob
from tangthu.digitisation.policy import volunteering
from tangthu.digitisation.policy.volunteering import Outcome, Record, Stop, Verdict, judge, stop_of
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.repository.models import DigitalObject, Page
from tangthu.repository.policy.texts import TextOrigin
from tests.correction.making import layout_of, read_page, words_of
from tests.factories import PatronFactory
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(book: DigitalObject, corrector: Actor) -> Page:
    found = book.pages.first()
    read_page(found, "Buôn Ma [Thuôt] và [dỏ]", "[---]")
    call_volunteers(book, by=corrector)
    return found


@pytest.fixture
def helpers(province: Library) -> list[Actor]:
    patrons = [PatronFactory(library=province) for _ in range(3)]
    return [reader(patron) for patron in patrons]


def reader(patron: Patron) -> Actor:
    return Actor(face=Face.OPAC, patron_id=patron.pk, library_id=patron.library_id)


def task_of(word: str) -> WordTask:
    return WordTask.objects.get(read=word)


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([], Outcome(Verdict.WAITING)),
        (["đỏ"], Outcome(Verdict.WAITING)),
        (["đỏ", "đỏ"], Outcome(Verdict.AGREED, "đỏ")),
        (["đỏ", ""], Outcome(Verdict.WAITING)),
        (["đỏ", "", "đỏ"], Outcome(Verdict.AGREED, "đỏ")),
        (["đỏ", "Đỏ"], Outcome(Verdict.DISPUTED)),
        (["", ""], Outcome(Verdict.DISPUTED)),
    ],
)
def test_what_answers_come_to(answers: list[str], outcome: Outcome) -> None:
    assert judge(answers) == outcome


@pytest.mark.parametrize(
    ("record", "stop"),
    [
        (Record(today=499, last_minute=39, right=12, wrong=8), None),
        (Record(is_barred=True), Stop.BARRED),
        (Record(today=500), Stop.ENOUGH_TODAY),
        (Record(last_minute=40), Stop.TOO_FAST),
        (Record(right=11, wrong=9), Stop.TOO_MANY_WRONG),
        (Record(right=0, wrong=19), None),
    ],
)
def test_what_stops_a_volunteer(record: Record, stop: Stop | None) -> None:
    assert stop_of(record) == stop


def test_every_doubtful_word_that_can_be_read_becomes_one_task(page: Page) -> None:
    gather_words(page.object)

    assert sorted(WordTask.objects.values_list("read", flat=True)) == ["Thuôt", "dỏ"]


def test_what_not_every_cardholder_may_read_is_not_opened(
    new_object, corrector: Actor, desk: Actor, book: DigitalObject
) -> None:
    for closed in (new_object(access="staff"), new_object(state="draft")):
        with pytest.raises(CallRefused):
            call_volunteers(closed, by=corrector)
    with pytest.raises(NotPermitted):
        call_volunteers(book, by=desk)

    assert not WordTask.objects.exists()


def test_the_second_who_reads_the_same_corrects_the_word(page: Page, helpers: list[Actor]) -> None:
    task = task_of("Thuôt")

    first = answer_word(task, "Thuột", by=helpers[0])
    assert "Thuôt" in words_of(page)
    second = answer_word(task, " Thuo\u0323\u0302t ", by=helpers[1])

    assert (first, second) == (Taken.KEPT, Taken.AGREED)
    assert words_of(page).startswith("Buôn Ma Thuột và")
    found = Correction.objects.get()
    assert (found.how, found.task, found.user_id) == (How.VOLUNTEERS, task, None)
    assert set(WordAnswer.objects.values_list("counted", flat=True)) == {Counted.RIGHT}


def test_one_reader_does_not_agree_with_themself(page: Page, helpers: list[Actor]) -> None:
    task = task_of("Thuôt")
    answer_word(task, "Thuột", by=helpers[0])

    again = answer_word(task, "Thuột", by=helpers[0])

    assert again == Taken.TOO_LATE
    assert "Thuôt" in words_of(page)


def test_who_accepts_what_the_machine_read_confirms_it(page: Page, helpers: list[Actor]) -> None:
    for each in helpers[:2]:
        answer_word(task_of("Thuôt"), "Thuôt", by=each)

    assert task_of("Thuôt").state == TaskState.AGREED
    assert Correction.objects.get().change.is_confirmation


def test_different_answers_are_decided_by_the_library(
    page: Page, helpers: list[Actor], corrector: Actor
) -> None:
    task = task_of("dỏ")
    answer_word(task, "đỏ", by=helpers[0])
    disputed = answer_word(task, "dõ", by=helpers[1])

    assert (disputed, task_of("dỏ").state) == (Taken.DISPUTED, TaskState.DISPUTED)
    assert answer_word(task, "đỏ", by=helpers[2]) == Taken.TOO_LATE
    decide_word(task, "đỏ", by=corrector)

    assert "đỏ" in words_of(page)
    assert dict(WordAnswer.objects.values_list("answer", "counted")) == {
        "đỏ": Counted.RIGHT,
        "dõ": Counted.WRONG,
    }
    assert Correction.objects.get().how == How.DECIDED


@pytest.mark.parametrize("typed", ["x" * 61, "http://a.b", "một hai ba bốn năm", "😀", "a\u202eb"])
def test_what_is_no_word_is_refused(page: Page, helpers: list[Actor], typed: str) -> None:
    with pytest.raises(AnswerRefused):
        answer_word(task_of("dỏ"), typed, by=helpers[0])

    assert not WordAnswer.objects.exists()


def test_strangers_and_closed_calls_take_no_answers(
    page: Page, helpers: list[Actor], corrector: Actor
) -> None:
    with pytest.raises(NotPermitted):
        answer_word(task_of("dỏ"), "đỏ", by=Actor(face=Face.OPAC))
    close_call(page.object.call, by=corrector)

    assert answer_word(task_of("dỏ"), "đỏ", by=helpers[0]) == Taken.TOO_LATE
    assert not WordAnswer.objects.exists()


def test_who_answers_too_fast_waits(
    page: Page, helpers: list[Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volunteering, "MOST_A_MINUTE", 1)
    answer_word(task_of("dỏ"), "đỏ", by=helpers[0])

    with pytest.raises(VolunteerStopped) as refused:
        answer_word(task_of("Thuôt"), "Thuột", by=helpers[0])
    assert refused.value.data["reason"] == Stop.TOO_FAST

    moment_ago = timezone.now() - timedelta(minutes=2)
    WordAnswer.objects.update(at=moment_ago)
    assert answer_word(task_of("Thuôt"), "Thuột", by=helpers[0]) == Taken.KEPT


def test_who_is_barred_is_told_why_and_may_come_back(
    page: Page, helpers: list[Actor], corrector: Actor
) -> None:
    answer_word(task_of("dỏ"), "xx", by=helpers[0])
    volunteer = Volunteer.objects.get()
    bar_volunteer(volunteer, why="Gõ bừa", by=corrector)

    with pytest.raises(VolunteerStopped) as refused:
        answer_word(task_of("Thuôt"), "yy", by=helpers[0])
    assert refused.value.data == {"reason": "barred", "why": "Gõ bừa"}

    readmit_volunteer(volunteer, by=corrector)
    assert answer_word(task_of("Thuôt"), "yy", by=helpers[0]) == Taken.KEPT


def test_all_that_a_volunteer_led_to_is_taken_back(
    page: Page, helpers: list[Actor], corrector: Actor
) -> None:
    for each in helpers[:2]:
        answer_word(task_of("dỏ"), "xx", by=each)
    assert "xx" in words_of(page)

    found = undo_all_of_volunteer(helpers[1].patron_id, by=corrector)

    assert found.done == 1
    assert "dỏ" in words_of(page)


def test_nobody_is_thanked_by_name_who_did_not_ask_for_it(page: Page, helpers: list[Actor]) -> None:
    for each in helpers[:2]:
        answer_word(task_of("dỏ"), "đỏ", by=each)
    assert not Volunteer.objects.thanked().exists()

    name_volunteer("Chim chơ rao", is_listed=True, by=helpers[0])
    with pytest.raises(Invalid):
        name_volunteer(" ", is_listed=True, by=helpers[1])

    assert [(each.shown_name, each.words) for each in Volunteer.objects.thanked()] == [
        ("Chim chơ rao", 1)
    ]


def test_an_erased_reader_is_parted_from_the_answers(page: Page, helpers: list[Actor]) -> None:
    answer_word(task_of("dỏ"), "đỏ", by=helpers[0])

    forget_volunteer(Patron.objects.get(pk=helpers[0].patron_id))

    assert WordAnswer.objects.get().patron is None
    assert not Volunteer.objects.exists()
    assert answer_word(task_of("dỏ"), "đỏ", by=helpers[1]) == Taken.AGREED


@pytest.mark.django_db(transaction=True)
def test_two_volunteers_at_once_correct_a_word_once(page: Page, helpers: list[Actor]) -> None:
    task = task_of("dỏ")

    given = at_once(
        lambda: answer_word(task, "đỏ", by=helpers[0]),
        lambda: answer_word(task, "đỏ", by=helpers[1]),
    )

    assert sorted(map(str, given)) == ["agreed", "kept"]
    assert Correction.objects.count() == 1
    assert "đỏ" in words_of(page)


def test_words_of_a_page_that_is_read_after_the_call_are_given_out(
    book: DigitalObject, corrector: Actor
):
    page = book.pages.first()
    call_volunteers(book, by=corrector)
    now = timezone.now()
    TextJob.objects.create(object=book, page=page, next_try_at=now, asked_at=now)
    job = claim("máy 1", now=now)
    assert job is not None
    read = Result(
        place=page, layout=layout_of(["đất [dỏ]"]), origin=TextOrigin.MACHINE, engine="tesseract"
    )

    assert finish(job, [read], seconds=1.0, by=Actor.machine("ocr"))

    assert [task.read for task in WordTask.objects.filter(object=book)] == ["dỏ"]


def test_words_of_a_document_that_is_not_open_to_volunteers_are_nobodys_task(
    book: DigitalObject, corrector: Actor
):
    close_call(call_volunteers(book, by=corrector), by=corrector)

    take_in_words(read_page(book.pages.first(), "đất [dỏ]"))

    assert not WordTask.objects.filter(object=book).exists()


def test_a_word_that_a_new_reading_replaced_is_not_counted_as_open(page: Page) -> None:
    take_in_words(read_page(page, "Buôn Ma [Thuôt] và đỏ", "[---]"))

    call = VolunteerCall.objects.with_progress().get()
    assert (task_of("Thuôt").state, task_of("dỏ").state) == (TaskState.OPEN, TaskState.GONE)
    assert (call.done_words, call.all_words) == (1, 2)


def test_a_disputed_word_that_a_new_reading_replaced_needs_no_decision(
    page: Page, helpers: list[Actor]
) -> None:
    for helper, typed in zip(helpers, ("đỏ", "dò"), strict=False):
        answer_word(task_of("dỏ"), typed, by=helper)

    take_in_words(read_page(page, "Buôn Ma [Thuôt] và đỏ"))

    assert VolunteerCall.objects.with_progress().get().disputed_words == 0


def test_a_word_that_the_library_corrected_is_done_and_open_again_when_it_is_taken_back(
    page: Page, corrector: Actor
) -> None:
    task = task_of("dỏ")

    correct_word(page, Spot(task.box, "dỏ"), "đỏ", by=corrector)
    after_correction = task_of("dỏ").state
    undo(Correction.objects.get(), by=corrector)

    assert after_correction == TaskState.GONE
    assert task_of("dỏ").state == TaskState.OPEN
    assert task_of("Thuôt").state == TaskState.OPEN


def test_words_of_one_volunteer_that_are_taken_back_are_read_again(
    page: Page, helpers: list[Actor], corrector: Actor
) -> None:
    careless, careful, third = helpers
    for helper in (careless, careful):
        answer_word(task_of("dỏ"), "đỏ", by=helper)

    undo_all_of_volunteer(careless.patron_id, by=corrector)
    counted = dict(WordAnswer.objects.values_list("patron", "counted"))
    task = task_of("dỏ")
    taken = answer_word(task, "đỏ", by=third)

    assert counted == {
        careless.patron_id: Counted.WRONG,
        careful.patron_id: Counted.PENDING,
    }
    assert (task.state, task.answered) == (TaskState.OPEN, 1)
    assert taken == Taken.AGREED
    assert "đỏ" in words_of(page)


def test_an_agreement_that_the_library_takes_back_was_wrong_of_both(
    page: Page, helpers: list[Actor], corrector: Actor
) -> None:
    for helper in helpers[:2]:
        answer_word(task_of("dỏ"), "cỏ", by=helper)

    undo(Correction.objects.get(), by=corrector)
    again = answer_word(task_of("dỏ"), "đỏ", by=helpers[2])

    wrong = WordAnswer.objects.filter(counted=Counted.WRONG)
    assert set(wrong.values_list("patron", flat=True)) == {each.patron_id for each in helpers[:2]}
    assert again == Taken.KEPT
    assert "dỏ" in words_of(page)
