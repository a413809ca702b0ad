"""How far the text of objects has come, in numbers that people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tangthu.core.actor import Actor
from tangthu.digitisation.models.ocr import TextJob
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.recognition import JobState
from tangthu.repository.beside import Link
from tangthu.repository.models import DigitalObject, PageText

LATELY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class TextProgress:
    """The text of one object: what there is, what waits, and how quickly it goes."""

    texts: int
    words: int
    doubtful: int
    confidence: float | None
    waiting: int
    running: int
    failed: int
    done: int
    per_minute: float

    @property
    def open(self) -> int:
        return self.waiting + self.running

    @property
    def total(self) -> int:
        """Of what was asked for lately, all of it."""
        return self.open + self.done + self.failed

    @property
    def minutes_left(self) -> int | None:
        return round(self.open / self.per_minute) or 1 if self.per_minute and self.open else None

    @property
    def percent_sure(self) -> int | None:
        return round(100 * self.confidence) if self.confidence is not None else None


def progress_of(obj: DigitalObject, *, now: datetime) -> TextProgress:
    """Return how far the text of the object has come. Three queries."""
    texts = PageText.objects.of_object(obj).order_by()
    found = texts.aggregate(
        texts=Count("pk"), words=Sum("words"), doubtful=Sum("doubtful"), sure=Avg("confidence")
    )
    jobs = TextJob.objects.of_object(obj)
    states = jobs.by_state()
    return TextProgress(
        texts=found["texts"],
        words=found["words"] or 0,
        doubtful=found["doubtful"] or 0,
        confidence=found["sure"],
        waiting=states[JobState.WAITING],
        running=states[JobState.RUNNING],
        failed=states[JobState.FAILED],
        done=states[JobState.DONE],
        per_minute=jobs.per_minute(now=now, window=LATELY),
    )


def beside(obj: DigitalObject, actor: Actor) -> Link | None:
    """Offer the text of an object on its desk page, with how far it has come."""
    if not actor.may(DigitisationPermission.RECOGNISE, at=obj.library_id):
        return None
    progress = progress_of(obj, now=timezone.now())
    if progress.open:
        words = _("%(done)s of %(total)s pages read, %(rate)s a minute")
        rate = f"{progress.per_minute:.0f}"
        note = words % {"done": progress.done, "total": progress.total, "rate": rate}
    elif progress.failed:
        note = _("%(count)s pages could not be read") % {"count": progress.failed}
    else:
        note = _("%(count)s pages with text") % {"count": progress.texts}
    url = reverse("digitisation:text", args=[obj.identifier])
    return Link(url, _("Text recognition"), "body-text", note)
