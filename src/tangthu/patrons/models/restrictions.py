from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RestrictionKind(models.TextChoices):
    MANUAL = "manual", _("By the staff")
    ADDRESS = "address", _("Address is not valid")
    CONDUCT = "conduct", _("Broke the library's rules")
    SUSPENSION = "suspension", _("Suspended for lateness")


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def in_force(self, on: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=on), lifted_at=None)

    def past(self, on: date) -> Self:
        return self.exclude(Q(until=None) | Q(until__gte=on), lifted_at=None)


class Restriction(models.Model):
    """A stop put on a patron's card, for a time or until it is lifted."""

    patron = models.ForeignKey("patrons.Patron", models.CASCADE, related_name="restrictions")
    kind = models.CharField(max_length=20, choices=RestrictionKind.choices)
    until = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("reason"), max_length=300, blank=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=150)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=150, blank=True)

    objects = RestrictionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.patron_id} {self.kind}"
