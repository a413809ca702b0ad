from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.repository.models.collections import Collection
from tangthu.repository.models.objects import ACCESS_LABELS, DigitalObject
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.kinds import Access


class BatchState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    LOOKED = "looked", _("To be checked")
    ACCEPTED = "accepted", _("About to be taken in")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


UNDER_WAY = frozenset({BatchState.WAITING, BatchState.ACCEPTED, BatchState.RUNNING})
"""What the workers have still to do something about."""


class IngestBatchQuerySet(models.QuerySet["IngestBatch"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the batches of the libraries whose objects the actor edits."""
        if actor.everywhere:
            return self
        return self.filter(library__in=actor.libraries(RepositoryPermission.EDIT_OBJECTS))

    def without_room(self) -> Self:
        """Return what stopped because the disk was full."""
        return self.filter(state=BatchState.ACCEPTED, fault="disk_full")

    def for_list(self) -> Self:
        """Say of each how many folders it has, and how many were taken in."""
        done = Q(entries__state__in=[EntryState.DONE, EntryState.KNOWN])
        counts = {"folders": Count("entries"), "taken": Count("entries", filter=done)}
        return self.select_related("library").annotate(**counts).order_by("-id")


class IngestBatch(models.Model):
    """Scans that came together, in a ZIP file or a folder: one object for each folder within.

    What its objects shall be is chosen once: collections, rights, access, embargo.
    """

    library = models.ForeignKey(Library, models.PROTECT, related_name="ingest_batches")
    name = models.CharField(max_length=200)
    stored_path = models.CharField(max_length=500, blank=True)
    rights = models.CharField(max_length=16, blank=True)
    access = models.CharField(
        max_length=12, choices=list(ACCESS_LABELS.items()), default=Access.STAFF
    )
    embargo_until = models.DateField(null=True, blank=True)
    collections = models.ManyToManyField(Collection, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.WAITING)
    fault = models.CharField(max_length=60, blank=True)
    user_id = models.BigIntegerField(null=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = IngestBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY and not self.fault


class EntryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Taken in")
    REFUSED = "refused", _("Not taken in")
    KNOWN = "known", _("Came before")
    LEFT_OUT = "left_out", _("Left out")


OPEN_ENTRIES = frozenset({EntryState.WAITING, EntryState.REFUSED, EntryState.LEFT_OUT})
"""Of which nothing was taken in: it can still be said what becomes of them."""


class IngestEntry(models.Model):
    """One folder of a batch: what it was matched by, and what became of it."""

    batch = models.ForeignKey(IngestBatch, models.CASCADE, related_name="entries")
    folder = models.CharField(max_length=300)
    files = models.PositiveIntegerField(default=0)
    record = models.ForeignKey(Record, models.SET_NULL, null=True, related_name="+")
    matched_by = models.CharField(max_length=20, blank=True)
    object = models.ForeignKey(DigitalObject, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=EntryState.choices, default=EntryState.WAITING)
    fault = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["folder", "id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "folder"], name="one_entry_per_folder"),
        ]

    def __str__(self) -> str:
        return self.folder

    @property
    def is_open(self) -> bool:
        """Whether it can still be said what becomes of it."""
        return self.state in OPEN_ENTRIES


class IngestFault(models.Model):
    """What was wrong with one file of a folder that was not taken in."""

    entry = models.ForeignKey(IngestEntry, models.CASCADE, related_name="faults")
    name = models.CharField(max_length=300)
    fault = models.CharField(max_length=60)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.fault}"


class BagReceipt(models.Model):
    """That a bag came, by the digest of its payload: the same one again makes no second object."""

    digest = models.CharField(max_length=64, unique=True)
    object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="bags")
    name = models.CharField(max_length=300)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
