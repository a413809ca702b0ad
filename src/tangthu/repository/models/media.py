from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tangthu.repository.models.files import DigitalFile
from tangthu.repository.models.objects import DigitalObject


class RecordingQuerySet(models.QuerySet["Recording"]):
    def in_order(self) -> Self:
        """Return the recordings as they are played, with their files: one query."""
        return self.select_related("source", "delivery", "poster").order_by("position", "id")

    def waiting(self) -> Self:
        """Return those that nobody can listen to yet."""
        return self.filter(delivery=None, fault="")

    def ready(self) -> Self:
        return self.exclude(delivery=None)


class Recording(models.Model):
    """Something to listen to or to watch: one tape of an epic, one film. Times in milliseconds.

    `delivery` is what is played: the source itself where every browser plays it.
    """

    object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="recordings")
    position = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=300, blank=True)
    source = models.OneToOneField(DigitalFile, models.PROTECT, related_name="recording")
    delivery = models.ForeignKey(DigitalFile, models.PROTECT, null=True, related_name="played_as")
    poster = models.ForeignKey(DigitalFile, models.PROTECT, null=True, related_name="poster_of")
    duration = models.PositiveIntegerField(null=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    fault = models.CharField(max_length=40, blank=True)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("recording")
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["object", "position"], name="recording_in_order")]

    def __str__(self) -> str:
        return self.title or self.source.name


class Chapter(models.Model):
    """Where a part of a recording begins."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="chapters")
    start = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=300)

    class Meta:
        ordering = ["start"]
        constraints = [
            models.UniqueConstraint(fields=["recording", "start"], name="one_chapter_per_moment")
        ]

    def __str__(self) -> str:
        return self.title


class CaptionsKind(models.TextChoices):
    SPOKEN = "spoken", _("What is said, in the language that is spoken")
    TRANSLATION = "translation", _("A translation")


class Captions(models.Model):
    """What a recording says, in one language, in time."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="captions")
    kind = models.CharField(max_length=11, choices=CaptionsKind.choices)
    language = models.CharField(max_length=3)
    file = models.OneToOneField(DigitalFile, models.PROTECT, related_name="captions")

    class Meta:
        verbose_name = _("captions")
        ordering = ["kind", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["recording", "language"], name="one_captions_per_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recording_id} {self.language}"
