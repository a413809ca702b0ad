from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.repository.models.objects import DigitalObject
from tangthu.repository.policy.identifiers import SECRET_LENGTH, new_secret


class UploadPurpose(models.TextChoices):
    OBJECT = "object", _("Files of an object")
    BATCH = "batch", _("A batch of objects")


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the uploads of this member of staff: nobody goes on with another's."""
        if actor.user_id is None:
            return self if actor.everywhere else self.none()
        return self.filter(user_id=actor.user_id)

    def open(self) -> Self:
        return self.filter(finished_at=None)

    def without_room(self) -> Self:
        """Return what came whole and waits until the disk has room for it."""
        return self.open().filter(offset=F("length"), fault="disk_full")

    def expired(self, *, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)


class Upload(models.Model):
    """A file that comes in pieces (tus 1.0). `offset` is how many of its bytes are safe on disk.

    `fault_file` is which file within a ZIP file the fault is of.
    """

    identifier = models.CharField(
        max_length=SECRET_LENGTH, unique=True, default=new_secret, editable=False
    )
    purpose = models.CharField(max_length=10, choices=UploadPurpose.choices)
    library = models.ForeignKey(Library, models.PROTECT, related_name="+")
    object = models.ForeignKey(
        DigitalObject, models.CASCADE, null=True, blank=True, related_name="uploads"
    )
    name = models.CharField(max_length=200)
    length = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    user_id = models.BigIntegerField(null=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=60, blank=True)
    fault_file = models.CharField(max_length=200, blank=True)
    outline = models.JSONField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(offset__lte=F("length")), name="upload_within_its_length"
            ),
        ]
        indexes = [models.Index(fields=["user_id", "-id"], name="upload_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_complete(self) -> bool:
        return self.offset == self.length

    @property
    def is_being_taken_in(self) -> bool:
        return self.is_complete and self.finished_at is None and not self.fault
