from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.formats.alto import Box
from tangthu.patrons.models import Patron
from tangthu.repository.models import DigitalObject, PageText


class TaskState(models.TextChoices):
    OPEN = "open", _("Waits for answers")
    AGREED = "agreed", _("Two agreed")
    DISPUTED = "disputed", _("Answers differ")
    DECIDED = "decided", _("Decided by the library")
    GONE = "gone", _("Corrected meanwhile")


DONE = (TaskState.AGREED, TaskState.DECIDED, TaskState.GONE)


class CallQuerySet(models.QuerySet["VolunteerCall"]):
    def open(self) -> Self:
        """Return the calls that readers may answer: of published objects."""
        return self.filter(closed_at=None, object__state="published")

    def decided_by(self, actor: Actor) -> Self:
        """Return the calls of the libraries at which the actor decides."""
        if actor.everywhere:
            return self
        return self.filter(object__library__in=actor.libraries(DigitisationPermission.CORRECT))

    def with_progress(self) -> Self:
        return self.select_related("object__library").annotate(
            all_words=Count("object__word_tasks"),
            done_words=Count("object__word_tasks", filter=Q(object__word_tasks__state__in=DONE)),
            disputed_words=Count(
                "object__word_tasks", filter=Q(object__word_tasks__state="disputed")
            ),
        )


class VolunteerCall(models.Model):
    """That readers may help with the doubtful words of an object."""

    # As `with_progress` counts them.
    all_words: int
    done_words: int

    object = models.OneToOneField(DigitalObject, models.CASCADE, related_name="call")
    note = models.CharField(_("a word to the volunteers"), max_length=300, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for volunteers")
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return str(self.object_id)


class TaskQuerySet(models.QuerySet["WordTask"]):
    def open(self) -> Self:
        return self.filter(state=TaskState.OPEN)

    def awaited(self) -> Self:
        """Return what nobody has ended: open to volunteers, or for the library to decide."""
        return self.exclude(state__in=DONE)

    def of_text(self, text: PageText) -> Self:
        """Return the words of one page that were not ended by an answer."""
        return self.filter(text=text).exclude(state__in=(TaskState.AGREED, TaskState.DECIDED))

    def disputed(self) -> Self:
        return self.filter(state=TaskState.DISPUTED)

    def for_volunteer(self, patron_id: int) -> Self:
        """Return what this reader has not answered: first what one other has."""
        answered = WordAnswer.objects.filter(task=OuterRef("pk"), patron=patron_id)
        return (
            self.open()
            .exclude(Exists(answered))
            .select_related("text__page__delivery", "object")
            .order_by("-answered", "id")
        )


class WordTask(models.Model):
    """A doubtful word that volunteers read: where it stands, and what the machine read there."""

    object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="word_tasks")
    text = models.ForeignKey(PageText, models.CASCADE, related_name="word_tasks")
    left = models.PositiveIntegerField()
    top = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    read = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    answered = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("word to be read")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["text", "left", "top", "width", "height", "read"], name="one_task_per_word"
            ),
        ]
        indexes = [models.Index(fields=["object", "state", "-answered"], name="task_to_give")]

    def __str__(self) -> str:
        return self.read

    @property
    def box(self) -> Box:
        return (self.left, self.top, self.width, self.height)


class Counted(models.TextChoices):
    PENDING = "pending", _("Waits for a second answer")
    RIGHT = "right", _("Counts")
    WRONG = "wrong", _("Another answer was right")
    SKIPPED = "skipped", _("Could not be read")


class AnswerQuerySet(models.QuerySet["WordAnswer"]):
    def of(self, patron_id: int) -> Self:
        return self.filter(patron=patron_id)

    def since(self, moment: datetime) -> Self:
        return self.filter(at__gte=moment)

    def that_count(self) -> Self:
        """Return all but those that turned out wrong."""
        return self.exclude(counted=Counted.WRONG)

    def right(self) -> Self:
        return self.filter(counted=Counted.RIGHT)


class WordAnswer(models.Model):
    """What one volunteer read; empty where they could not. The name goes when the reader does."""

    task = models.ForeignKey(WordTask, models.CASCADE, related_name="answers")
    patron = models.ForeignKey(Patron, models.SET_NULL, null=True, related_name="word_answers")
    answer = models.CharField(max_length=200, blank=True)
    counted = models.CharField(max_length=8, choices=Counted.choices, default=Counted.PENDING)
    at = models.DateTimeField()

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "patron"], name="one_answer_per_volunteer"),
        ]
        indexes = [models.Index(fields=["patron", "-at"], name="answer_by_volunteer")]

    def __str__(self) -> str:
        return self.answer


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def thanked(self) -> Self:
        """Return who wished to be named, with what they did; the most first."""
        right = Count("patron__word_answers", filter=Q(patron__word_answers__counted="right"))
        shown = self.filter(is_listed=True, barred_at=None).exclude(shown_name="")
        return shown.annotate(words=right).filter(words__gt=0).order_by("-words", "pk")


class Volunteer(models.Model):
    """A reader who helps: the name they chose to be thanked by, if they did, and whether barred."""

    patron = models.OneToOneField(Patron, models.CASCADE, related_name="volunteer")
    shown_name = models.CharField(_("name to be thanked by"), max_length=60, blank=True)
    is_listed = models.BooleanField(_("show my name among the volunteers"), default=False)
    joined_at = models.DateTimeField()
    barred_at = models.DateTimeField(null=True)
    barred_by = models.CharField(max_length=150, blank=True)
    barred_why = models.CharField(max_length=300, blank=True)
    readmitted_at = models.DateTimeField(null=True)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("volunteer")

    def __str__(self) -> str:
        return self.shown_name
