from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.digitisation.policy.changes import Change
from tangthu.digitisation.policy.packing import from_rows, rows_of
from tangthu.repository.models import DigitalFile, DigitalObject, PageText


class How(models.TextChoices):
    WORD = "word", _("One word")
    PAGE = "page", _("The page's text")
    VOLUNTEERS = "volunteers", _("Volunteers agreed")
    DECIDED = "decided", _("Decided between volunteers")
    UNDONE = "undone", _("Taken back")


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def of_object(self, obj: DigitalObject) -> Self:
        return self.filter(object=obj)

    def standing(self) -> Self:
        """Return what was not taken back, and is no taking back itself."""
        return self.filter(undone_at=None).exclude(how=How.UNDONE)

    def of_staff(self, user_id: int) -> Self:
        return self.filter(user_id=user_id)

    def of_volunteer(self, patron_id: int) -> Self:
        """Return the corrections to which this reader's answers led."""
        return self.filter(task__answers__patron=patron_id, task__answers__counted="right")

    def of_revision(self, text: PageText) -> Self:
        """Return what made the text what it is now."""
        return self.filter(text=text, revision=text.revision)

    def for_list(self) -> Self:
        return self.select_related("text__page", "object").order_by("-id")


class Correction(models.Model):
    """One run of words on a line that became another: who did it, when, and what stood before.

    `words` holds both with their boxes, so that it can be taken back. `revision` is that of the
    text after it; all that was saved at once has the same.
    """

    object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="corrections")
    text = models.ForeignKey(PageText, models.CASCADE, related_name="corrections")
    revision = models.PositiveIntegerField()
    how = models.CharField(max_length=12, choices=How.choices)
    before = models.CharField(max_length=1000, blank=True)
    after = models.CharField(max_length=1000, blank=True)
    words: models.JSONField[Any] = models.JSONField(default=dict)
    task = models.ForeignKey(
        "digitisation.WordTask", models.SET_NULL, null=True, related_name="corrections"
    )
    user_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["object", "-id"], name="correction_of_object"),
            models.Index(fields=["text", "-id"], name="correction_of_text"),
            models.Index(fields=["user_id", "-id"], name="correction_by_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"

    @property
    def change(self) -> Change:
        """Return it as the rules of undoing want it."""
        return Change(from_rows(self.words["before"]), from_rows(self.words["after"]))

    @staticmethod
    def kept(change: Change) -> dict[str, list[list[Any]]]:
        """Return what `words` keeps of a change."""
        return {"before": rows_of(change.before), "after": rows_of(change.after)}


class Form(models.TextChoices):
    PDF = "pdf", _("PDF/A with searchable text")
    EPUB = "epub", _("E-book (EPUB 3)")
    TEXT = "text", _("Plain text")


class CopyState(models.TextChoices):
    WAITING = "waiting", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


COPY_FAULTS: Mapping[str, Promise] = {
    "no_text": _("No page has text yet."),
    "no_pages": _("No page can be shown yet."),
    "disk_full": _("There is not enough room. Tell whoever looks after the server."),
    "damaged": _("A page's picture cannot be read. Let it be drawn again."),
}


class TextCopyQuerySet(models.QuerySet["TextCopy"]):
    def ready(self) -> Self:
        return self.filter(file__isnull=False)

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(object__in=DigitalObject.objects.visible_to(actor))


class TextCopy(models.Model):
    """A file made of an object's text: made anew when the text is another (`made_of`)."""

    object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="text_copies")
    form = models.CharField(max_length=5, choices=Form.choices)
    state = models.CharField(max_length=8, choices=CopyState.choices, default=CopyState.WAITING)
    file = models.ForeignKey(DigitalFile, models.SET_NULL, null=True, related_name="+")
    made_of = models.CharField(max_length=64, blank=True)
    fault = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    objects = TextCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("file made of the text")
        ordering = ["form"]
        constraints = [
            models.UniqueConstraint(fields=["object", "form"], name="one_copy_of_each_form"),
            models.CheckConstraint(
                condition=Q(state__in=CopyState.values), name="copy_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_id} {self.form}"
