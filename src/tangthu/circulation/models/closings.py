"""Closings that moved due dates."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tangthu.circulation.permissions import CirculationPermission
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library


class ClosingQuerySet(models.QuerySet["Closing"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.everywhere:
            return self
        return self.filter(library__in=actor.libraries(CirculationPermission.MANAGE_RULES))


class Closing(models.Model):
    """A library closed for some days, for a flood say, and how far its due dates were moved.

    `position` is the key of the last loan dealt with, `shelf_position` that of the last hold on
    the shelf: the work goes on there if it was cut off. `lost` are the days that were open before.
    """

    library = models.ForeignKey(Library, models.PROTECT, related_name="closings")
    first = models.DateField(_("first closed day"))
    last = models.DateField(_("last closed day"))
    reason = models.CharField(_("reason"), max_length=120)
    moved = models.PositiveIntegerField(default=0)
    position = models.BigIntegerField(default=0)
    lost = models.JSONField(default=list, db_default=[])
    shelf_moved = models.PositiveIntegerField(default=0, db_default=0)
    shelf_position = models.BigIntegerField(default=0, db_default=0)
    began_at = models.DateTimeField()
    begun_by = models.CharField(max_length=150)
    done_at = models.DateTimeField(null=True)

    objects = ClosingQuerySet.as_manager()

    class Meta:
        verbose_name = _("closing")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="closing_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library_id} {self.first} – {self.last}"

    @property
    def lost_days(self) -> tuple[date, ...]:
        """The days that were open before, the earliest first."""
        return tuple(sorted(date.fromisoformat(day) for day in self.lost))
