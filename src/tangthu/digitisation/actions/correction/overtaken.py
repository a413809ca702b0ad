"""Words given to volunteers, while the text that they stand in changes under them."""

from __future__ import annotations

from django.utils import timezone

from tangthu.digitisation.models import TaskState, WordTask
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
