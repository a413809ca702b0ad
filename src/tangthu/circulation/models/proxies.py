"""Who may borrow for whom."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tangthu.patrons.models import Patron


class HelperQuerySet(models.QuerySet["Helper"]):
    def in_force(self, on: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=on))


class Helper(models.Model):
    """A reader who may come and borrow for another: a member of the family, a carer, a pupil.

    The loans stay those of the other, who answers for them.
    """

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="helpers")
    helper = models.ForeignKey(Patron, models.CASCADE, related_name="helps")
    until = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=150)

    objects = HelperQuerySet.as_manager()

    class Meta:
        verbose_name = _("helper")
        constraints = [
            models.UniqueConstraint(fields=["patron", "helper"], name="helper_once"),
            models.CheckConstraint(
                condition=~Q(patron=F("helper")), name="nobody_is_their_own_helper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper_id} for {self.patron_id}"
