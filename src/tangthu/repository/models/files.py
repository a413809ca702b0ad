from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.repository.models.objects import DigitalObject
from tangthu.repository.models.pages import Page
from tangthu.repository.policy.identifiers import LENGTH, new_identifier
from tangthu.repository.policy.kinds import PRESERVED, EventKind, FileRole, Outcome

ROLE_LABELS: Mapping[str, Promise] = {
    FileRole.MASTER: _("Master"),
    FileRole.ORIGINAL: _("Original file"),
    FileRole.DELIVERY: _("For reading"),
    FileRole.TEXT: _("Text"),
}


class DigitalFileQuerySet(models.QuerySet["DigitalFile"]):
    def current(self) -> Self:
        """Return the files that were not replaced."""
        return self.filter(replaced_at=None)

    def shown(self) -> Self:
        """Return the files that are read as they are, or the copies made of them for reading."""
        roles = [FileRole.DELIVERY, FileRole.ORIGINAL]
        return self.current().filter(role__in=roles, page_shown=None)

    def preserved(self) -> Self:
        """Return the files that lie in the archive, the replaced ones too: nothing is dropped."""
        return self.exclude(preserved_version=None)

    def to_preserve(self) -> Self:
        """Return what was taken in and does not lie in the archive yet."""
        return self.filter(preserved_version=None, role__in=sorted(PRESERVED), replaced_at=None)

    def damaged(self) -> Self:
        return self.exclude(damaged_at=None)

    def longest_unchecked(self, *, before: datetime) -> Self:
        """Return the preserved files that were last read before that moment, oldest first."""
        due = Q(checked_at=None) | Q(checked_at__lt=before)
        return self.preserved().filter(due).order_by(F("checked_at").asc(nulls_first=True), "id")


class DigitalFile(models.Model):
    """One file of an object. `path` is where it lies in the store; `sha256` what it was at ingest.

    The type is found from the content. `replaced_at` tells that another has taken its place; its
    bytes stay in the archive's earlier versions.
    """

    object = models.ForeignKey(DigitalObject, models.PROTECT, related_name="files")
    page = models.ForeignKey(Page, models.SET_NULL, null=True, related_name="files")
    identifier = models.CharField(
        max_length=LENGTH, unique=True, default=new_identifier, editable=False
    )
    role = models.CharField(max_length=10, choices=list(ROLE_LABELS.items()))
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=500)
    preserved_version = models.PositiveIntegerField(null=True)
    frames = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150, blank=True)
    replaced_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    damaged_at = models.DateTimeField(null=True)

    objects = DigitalFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="file_is_not_empty"),
            models.UniqueConstraint(fields=["path"], name="one_row_per_stored_file"),
        ]
        indexes = [
            models.Index(fields=["object", "role", "id"], name="file_by_role"),
            models.Index(fields=["checked_at", "id"], name="file_by_check"),
            models.Index(fields=["sha256"], name="file_by_digest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def logical_path(self) -> str:
        """Its name within the archive, which no other file of the object has."""
        return f"{self.role}/{self.identifier}/{self.name}"


EVENT_LABELS: Mapping[str, Promise] = {
    EventKind.INGESTION: _("Taken in"),
    EventKind.FORMAT_IDENTIFICATION: _("Format found"),
    EventKind.VIRUS_CHECK: _("Looked through for viruses"),
    EventKind.MESSAGE_DIGEST_CALCULATION: _("Digest calculated"),
    EventKind.FIXITY_CHECK: _("Read again and compared"),
    EventKind.MIGRATION: _("Copy for reading made"),
    EventKind.REPLACEMENT: _("Replaced"),
    EventKind.DELETION: _("Removed"),
    EventKind.PUBLICATION: _("Published"),
    EventKind.DEACCESSION: _("Withdrawn from readers"),
}
OUTCOME_LABELS: Mapping[str, Promise] = {
    Outcome.SUCCESS: _("Well"),
    Outcome.WARNING: _("With a warning"),
    Outcome.FAILURE: _("Failed"),
}


class PreservationEvent(models.Model):
    """What was done to an object or a file, when, by whom, and how it ended (PREMIS 3.0)."""

    object = models.ForeignKey(DigitalObject, models.PROTECT, related_name="events")
    file = models.ForeignKey(DigitalFile, models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=30, choices=list(EVENT_LABELS.items()))
    at = models.DateTimeField()
    agent = models.CharField(max_length=150)
    outcome = models.CharField(max_length=10, choices=list(OUTCOME_LABELS.items()))
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["object", "-id"], name="event_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"
