"""Opening the doubtful words of an object to readers who want to help."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.digitisation.actions.correction.overtaken import follow_text
from tangthu.digitisation.errors import CallRefused
from tangthu.digitisation.models import VolunteerCall, WordTask
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.formats.alto import Word
from tangthu.repository.models import DigitalObject, PageText
from tangthu.repository.policy.kinds import Access, Restriction, State
from tangthu.repository.policy.texts import DOUBTFUL_BELOW
from tangthu.text import normalise

# Nobody needs more at once, and a page of noise must not fill the table.
MOST_OF_PAGE, MOST_OF_OBJECT = 200, 20_000
_OPEN_LEVELS = frozenset({Access.PUBLIC, Access.CARDHOLDERS})


@transaction.atomic
def call_volunteers(obj: DigitalObject, *, note: str = "", by: Actor) -> VolunteerCall:
    """Open an object's doubtful words to readers. Raises CallRefused.

    Only what every cardholder may read anyway is opened, for a volunteer sees pieces of it.
    """
    by.require(DigitisationPermission.CORRECT, at=obj.library_id)
    locked = DigitalObject.objects.select_for_update(no_key=True).get(pk=obj.pk)
    if (
        locked.state != State.PUBLISHED
        or locked.access not in _OPEN_LEVELS
        or locked.restriction != Restriction.NONE
    ):
        raise CallRefused(object=locked.identifier)
    told = {"note": normalise(note)[:300], "closed_at": None}
    new = {"opened_at": timezone.now(), "opened_by": by.name[:150]}
    call, _ = VolunteerCall.objects.update_or_create(
        object=locked, defaults=told, create_defaults=told | new
    )
    gather_words(locked)
    _told("text.volunteers_called", locked, by=by)
    return call


@transaction.atomic
def close_call(call: VolunteerCall, *, by: Actor) -> None:
    """Take an object from the volunteers. What they answered stays."""
    by.require(DigitisationPermission.CORRECT, at=call.object.library_id)
    VolunteerCall.objects.filter(pk=call.pk, closed_at=None).update(closed_at=timezone.now())
    _told("text.volunteers_thanked", call.object, by=by)


def gather_words(obj: DigitalObject) -> int:
    """Make a task of each doubtful word that has none; return how many words there are.

    May be done again at any time: a word has one task.
    """
    texts = PageText.objects.filter(object=obj, page__delivery__isnull=False, doubtful__gt=0)
    tasks: list[WordTask] = []
    for text in texts.select_related("page").order_by("page__position"):
        tasks.extend(_tasks_of(text))
    tasks = tasks[:MOST_OF_OBJECT]
    WordTask.objects.bulk_create(tasks, ignore_conflicts=True, batch_size=500)
    return len(tasks)


def take_in_words(text: PageText) -> None:
    """Make tasks of a page that was read just now, where its object is open to volunteers.

    Words of an earlier reading that are not there any more wait for nobody, open or not. Who holds
    the object's lock may call it: it waits for no other.
    """
    follow_text(text)
    if not VolunteerCall.objects.filter(object=text.object_id, closed_at=None).exists():
        return
    room = MOST_OF_OBJECT - WordTask.objects.filter(object=text.object_id).count()
    tasks = _tasks_of(text)[: max(0, room)]
    WordTask.objects.bulk_create(tasks, ignore_conflicts=True, batch_size=500)


def _tasks_of(text: PageText) -> list[WordTask]:
    """Return a task for each doubtful word of the page, unless it shows another picture by now."""
    if text.page is None or not text.fits(text.page):
        return []
    doubtful = [word for word in text.layout().words() if word.is_doubtful(DOUBTFUL_BELOW)]
    return [_task(text, word) for word in doubtful[:MOST_OF_PAGE] if _readable(word)]


def _readable(word: Word) -> bool:
    """Tell whether there is something to read: specks and rules are left to the library."""
    return any(each.isalnum() for each in word.text) and word.box[2] > 0 and word.box[3] > 0


def _task(text: PageText, word: Word) -> WordTask:
    left, top, width, height = word.box
    return WordTask(
        object_id=text.object_id,
        text=text,
        left=left,
        top=top,
        width=width,
        height=height,
        read=word.text[:200],
        created_at=timezone.now(),
    )


def _told(action: str, obj: DigitalObject, *, by: Actor) -> None:
    audit.record(action, by=by, kind="object", key=obj.pk, library=obj.library_id)
