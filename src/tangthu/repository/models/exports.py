from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from tangthu.core.actor import Actor
from tangthu.repository.models.collections import Collection
from tangthu.repository.policy.identifiers import SECRET_LENGTH, new_secret


class CollectionExportQuerySet(models.QuerySet["CollectionExport"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return what this member of staff asked for: it was made with their rights alone."""
        return self.filter(user_id=actor.user_id) if actor.user_id is not None else self.none()

    def unfinished(self) -> Self:
        return self.filter(finished_at=None)

    def expired(self, *, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)


class CollectionExport(models.Model):
    """A collection that was asked for as one file: how far it is, and until when it is kept."""

    identifier = models.CharField(
        max_length=SECRET_LENGTH, unique=True, default=new_secret, editable=False
    )
    collection = models.ForeignKey(Collection, models.CASCADE, related_name="exports")
    library_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    withheld = models.PositiveIntegerField(default=0)
    damaged = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    fault = models.CharField(max_length=60, blank=True)

    objects = CollectionExportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "user_id"],
                condition=Q(finished_at=None),
                name="one_export_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.identifier

    @property
    def is_ready(self) -> bool:
        return self.finished_at is not None and not self.fault
