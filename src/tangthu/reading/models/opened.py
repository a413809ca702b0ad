from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from tangthu.core.actor import Actor
from tangthu.patrons.models import Patron
from tangthu.repository.models import DigitalObject


class RestrictedViewQuerySet(models.QuerySet["RestrictedView"]):
    def of(self, actor: Actor) -> Self:
        """Return the views by this reader or member of staff; those of nobody, for a stranger."""
        return self.filter(patron_id=actor.patron_id, user_id=actor.user_id)

    def named(self) -> Self:
        """Return the views that still tell who it was."""
        return self.filter(Q(patron__isnull=False) | Q(user_id__isnull=False) | ~Q(address=""))

    def before(self, moment: datetime) -> Self:
        return self.filter(last_at__lt=moment)


class RestrictedView(models.Model):
    """That somebody opened a restricted object: from then to then, from that address."""

    object = models.ForeignKey(DigitalObject, models.PROTECT, related_name="restricted_views")
    patron = models.ForeignKey(Patron, models.SET_NULL, null=True, related_name="+")
    user_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=45, blank=True)
    access = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = RestrictedViewQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object", "-last_at"], name="view_of_object"),
            models.Index(fields=["patron", "-last_at"], name="view_by_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.object_id} {self.opened_at:%Y-%m-%d}"
