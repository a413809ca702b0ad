"""How often documents are used: events without anybody's name, then sums by month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.libraries.models import Library
from tangthu.reading.policy.counter import Use
from tangthu.repository.models import DigitalObject

USE_LABELS: Mapping[str, Promise] = {
    Use.INVESTIGATION: _("Looked at"),
    Use.REQUEST: _("Read"),
    Use.LIMIT_EXCEEDED: _("Turned away: all on loan"),
    Use.NO_LICENSE: _("Turned away: no licence"),
}


class UsageEventQuerySet(models.QuerySet["UsageEvent"]):
    def between(self, first: datetime, last: datetime) -> Self:
        """Return the events from one moment up to the other, which is not part of it."""
        return self.filter(at__gte=first, at__lt=last)


class UsageEvent(models.Model):
    """One use of an object. `session` is a digest that names nobody and changes with the day.

    `library` is that of the reader, else of the object: whose report counts it.
    """

    object = models.ForeignKey(DigitalObject, models.PROTECT, related_name="+")
    library = models.ForeignKey(Library, models.PROTECT, related_name="+")
    use = models.CharField(max_length=20, choices=list(USE_LABELS.items()))
    access = models.CharField(max_length=20)
    session = models.CharField(max_length=32)
    at = models.DateTimeField()

    objects = UsageEventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["at"], name="usage_by_time")]

    def __str__(self) -> str:
        return f"{self.object_id} {self.use}"


class UsageMonth(models.Model):
    """How often one metric was counted for an object in a month that is over."""

    object = models.ForeignKey(DigitalObject, models.PROTECT, related_name="+")
    library = models.ForeignKey(Library, models.PROTECT, related_name="+")
    month = models.DateField()
    access = models.CharField(max_length=20)
    metric = models.CharField(max_length=40)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object", "library", "month", "access", "metric"],
                name="a_month_is_summed_once",
            ),
        ]
        indexes = [models.Index(fields=["month", "library"], name="usage_of_month")]

    def __str__(self) -> str:
        return f"{self.object_id} {self.month:%Y-%m} {self.metric}"


class UsageSalt(models.Model):
    """What the sessions of one day are digested with; thrown away when the day is over."""

    day = models.DateField(unique=True)
    salt = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.day}"
