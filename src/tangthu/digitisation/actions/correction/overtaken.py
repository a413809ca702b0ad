"""Words given to volunteers, while the text that they stand in changes under them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from tangthu.digitisation.models import Counted, TaskState, WordAnswer, WordTask
from tangthu.digitisation.policy.volunteering import NEEDED
from tangthu.repository.models import PageText


def follow_text(text: PageText, *, but: WordTask | None = None) -> None:
    """Close the tasks whose words the page has no more; open those again whose words are back.

    For whoever kept a page's text. Tasks that somebody is answering at this moment are passed
    over, for they wait for the object's lock that is held here: their answer finds what is new.
    """
    rows = WordTask.objects.select_for_update(skip_locked=True).of_text(text)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    tasks = list(rows)
    if not tasks:
        return
    there = {(word.box, word.text) for word in text.layout().words() if not word.corrected}
    gone = [task.pk for task in tasks if (task.box, task.read) not in there]
    back = [task.pk for task in tasks if (task.box, task.read) in there]
    found = WordTask.objects.filter(pk__in=gone).awaited()
    found.update(state=TaskState.GONE, decided_at=timezone.now())
    again = WordTask.objects.filter(pk__in=back, state=TaskState.GONE)
    again.filter(answered__lt=NEEDED).update(state=TaskState.OPEN, decided_at=None)
    again.update(state=TaskState.DISPUTED, decided_at=None)


def give_out_again(corrections: Sequence[int], *, patron_id: int | None = None) -> None:
    """Open the tasks again that led to corrections which are taken back now.

    Who read what is taken back was wrong; where only one reader's work is taken back, that reader
    alone, and the others' answers wait for a second one again.
    """
    ended = (TaskState.AGREED, TaskState.DECIDED)
    found = WordTask.objects.filter(corrections__in=corrections, state__in=ended)
    tasks = list(found.distinct())
    accepted = WordAnswer.objects.filter(task__in=tasks, counted=Counted.RIGHT)
    wrong = accepted if patron_id is None else accepted.of(patron_id)
    wrong.update(counted=Counted.WRONG)
    accepted.update(counted=Counted.PENDING)
    for task in tasks:
        task.state, task.answer = TaskState.OPEN, ""
        task.answered = task.answers.that_count().count()
        task.decided_at, task.decided_by = None, ""
    fields = ["state", "answer", "answered", "decided_at", "decided_by"]
    WordTask.objects.bulk_update(tasks, fields)
