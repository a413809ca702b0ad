"""Taking volunteers' answers: two who read the same correct the word."""

from __future__ import annotations

from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.digitisation.actions.correction.keeping import hold
from tangthu.digitisation.actions.correction.words import Spot, put_word, word_at
from tangthu.digitisation.actions.volunteers.people import record_of, volunteer_of
from tangthu.digitisation.errors import (
    AnswerRefused,
    PictureChanged,
    VolunteerStopped,
    WordChanged,
)
from tangthu.digitisation.models import Counted, How, TaskState, VolunteerCall, WordAnswer, WordTask
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.volunteering import Verdict, judge, stop_of, word_typed
from tangthu.repository.errors import ObjectWithdrawn
from tangthu.repository.models import Page
from tangthu.repository.reading import require_open

VOLUNTEERS = "volunteers"


class Taken(StrEnum):
    """What became of an answer."""

    KEPT = "kept"
    AGREED = "agreed"
    DISPUTED = "disputed"
    TOO_LATE = "too_late"


def answer_word(task: WordTask, typed: str, *, by: Actor) -> Taken:
    """Take what a reader read; empty where they could not read it.

    The second who reads the same decides, and the word is corrected at once; who reads otherwise
    leaves it to the library. Locks the volunteer, the task, then the object and its text. Raises
    NotPermitted, ObjectClosed, AnswerRefused, and VolunteerStopped with the reason.
    """
    word = word_typed(typed)
    if word is None:
        raise AnswerRefused("answer")
    try:
        return _take(task, word, by=by)
    except IntegrityError:
        # They answered it a moment ago, in another window.
        return Taken.TOO_LATE


@transaction.atomic
def decide_word(task: WordTask, typed: str, *, by: Actor) -> WordTask:
    """Decide a word for which volunteers' answers differ. Nothing typed takes the word out.

    Who had read it so is counted right, the others wrong. Raises AnswerRefused, WordChanged.
    """
    by.require(DigitisationPermission.CORRECT, at=task.object.library_id)
    word = word_typed(typed)
    if word is None:
        raise AnswerRefused("answer")
    locked = WordTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if locked.state not in {TaskState.OPEN, TaskState.DISPUTED}:
        return locked
    if not _put(locked, word, how=How.DECIDED, by=by):
        return _end(locked, TaskState.GONE, by=by)
    _count(locked, word)
    return _end(locked, TaskState.DECIDED, answer=word, by=by)


@transaction.atomic
def _take(task: WordTask, word: str, *, by: Actor) -> Taken:
    now = timezone.now()
    volunteer = volunteer_of(by)
    stop = stop_of(record_of(volunteer, now=now))
    if stop is not None:
        raise VolunteerStopped(reason=str(stop), why=volunteer.barred_why)
    locked = (
        WordTask.objects.select_for_update(of=("self",)).select_related("object").get(pk=task.pk)
    )
    require_open(locked.object, by, address=None, now=now)
    called = VolunteerCall.objects.open().filter(object=locked.object_id).exists()
    if locked.state != TaskState.OPEN or not called:
        return Taken.TOO_LATE
    counted = Counted.PENDING if word else Counted.SKIPPED
    WordAnswer.objects.create(
        task=locked, patron_id=by.patron_id, answer=word, counted=counted, at=now
    )
    WordTask.objects.filter(pk=locked.pk).update(answered=F("answered") + 1)
    return _judged(locked)


def _judged(task: WordTask) -> Taken:
    """Do what the answers to a task come to."""
    machine = Actor.machine(VOLUNTEERS)
    outcome = judge(list(task.answers.that_count().values_list("answer", flat=True)))
    if outcome.verdict == Verdict.WAITING:
        return Taken.KEPT
    if outcome.verdict == Verdict.DISPUTED:
        task.state = TaskState.DISPUTED
        task.save(update_fields=["state"])
        return Taken.DISPUTED
    if not _put(task, outcome.word, how=How.VOLUNTEERS, by=machine):
        _end(task, TaskState.GONE, by=machine)
        return Taken.TOO_LATE
    _count(task, outcome.word)
    _end(task, TaskState.AGREED, answer=outcome.word, by=machine)
    return Taken.AGREED


def _put(task: WordTask, word: str, *, how: How, by: Actor) -> bool:
    """Correct the word on its page; tell whether it was still there as it had been."""
    page = Page.objects.select_related("object").get(text=task.text_id)
    try:
        held = hold(page)
        put_word(held, Spot(task.box, task.read), word, how=how, by=by, task=task)
    except (WordChanged, PictureChanged, ObjectWithdrawn):
        return False
    return True


def _count(task: WordTask, word: str) -> None:
    given = task.answers.exclude(answer="")
    given.filter(answer=word).update(counted=Counted.RIGHT)
    given.exclude(answer=word).update(counted=Counted.WRONG)


def _end(task: WordTask, state: TaskState, *, answer: str = "", by: Actor) -> WordTask:
    task.state, task.answer = state, answer
    task.decided_at, task.decided_by = timezone.now(), by.name[:150]
    task.save(update_fields=["state", "answer", "decided_at", "decided_by"])
    if state == TaskState.DECIDED:
        audit.record(
            "text.word_decided",
            by=by,
            kind="object",
            key=task.object_id,
            library=task.object.library_id,
            after={"word": answer},
        )
    return task


def still_there(task: WordTask) -> bool:
    """Tell whether the word stands on its page as it did when it was given out."""
    found = word_at(task.text.layout(), task.box)
    return found is not None and found.text == task.read and not found.corrected


def set_aside(task: WordTask) -> None:
    """Give a word out no more that was corrected by somebody else meanwhile."""
    now = timezone.now()
    WordTask.objects.open().filter(pk=task.pk).update(state=TaskState.GONE, decided_at=now)
