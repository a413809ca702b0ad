from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.patrons.models import Patron
from tangthu.repository.models import DigitalObject


class MarkKind(StrEnum):
    """What a reader leaves in a document."""

    BOOKMARK = "bookmark"
    HIGHLIGHT = "highlight"
    NOTE = "note"


MARK_LABELS: Mapping[str, Promise] = {
    MarkKind.BOOKMARK: _("Bookmark"),
    MarkKind.HIGHLIGHT: _("Highlight"),
    MarkKind.NOTE: _("Note"),
}


class ReadingChoice(models.Model):
    """Whether the reader wants places and marks kept on the card, where they said so."""

    patron = models.OneToOneField(Patron, models.CASCADE, related_name="reading_choice")
    keeps = models.BooleanField()
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.patron_id} {self.keeps}"


class PlaceQuerySet(models.QuerySet["Place"]):
    def of(self, patron: Patron) -> Self:
        """Return the reader's places, the one read last first."""
        return self.filter(patron=patron).select_related("object__library").order_by("-at", "-id")


class Place(models.Model):
    """How far a reader has come in a document. `at` is when, by the device's clock."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="places")
    object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="places")
    locator = models.JSONField()
    progress = models.FloatField(default=0)
    label = models.CharField(max_length=80, blank=True)
    device = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patron", "object"], name="one_place_per_document"),
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=1), name="progress_is_a_share"
            ),
        ]
        indexes = [models.Index(fields=["patron", "-at"], name="place_newest")]

    def __str__(self) -> str:
        return f"{self.object_id} {self.label}"

    @property
    def percent(self) -> int:
        return round(self.progress * 100)


class Mark(models.Model):
    """A bookmark, a highlight or a note; its name `uid` was given by the device that made it."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="reading_marks")
    object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="reading_marks")
    uid = models.UUIDField()
    kind = models.CharField(max_length=10, choices=list(MARK_LABELS.items()))
    locator = models.JSONField()
    label = models.CharField(max_length=80, blank=True)
    quote = models.TextField(blank=True)
    note = models.TextField(blank=True)
    colour = models.CharField(max_length=10, blank=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["patron", "uid"], name="one_mark_per_name"),
        ]
        indexes = [models.Index(fields=["patron", "object", "made_at"], name="mark_by_document")]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"
