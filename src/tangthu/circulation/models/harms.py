"""Copies that readers lost or damaged, until it is settled."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tangthu.circulation.models.loans import Loan
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.permissions import PatronsPermission


class HarmKind(models.TextChoices):
    LOST = "lost", _("Lost")
    DAMAGED = "damaged", _("Damaged")
    PARTS_MISSING = "parts_missing", _("Parts missing")


class HarmSettlement(models.TextChoices):
    CAME_BACK = "came_back", _("The copy came back")
    REPLACED = "replaced", _("Replaced by the reader")
    SETTLED = "settled", _("Paid or settled otherwise")
    FORGIVEN = "forgiven", _("Forgiven")


class HarmQuerySet(models.QuerySet["HarmReport"]):
    def open(self) -> Self:
        return self.filter(settled_at=None)

    def visible_to(self, actor: Actor) -> Self:
        """Return what was reported of readers whom the actor may see."""
        if actor.everywhere:
            return self
        seen = actor.libraries(PatronsPermission.SEE_PATRONS)
        return self.filter(Q(loan__patron__library__in=seen) | Q(library__in=seen))

    def for_list(self) -> Self:
        return self.select_related(
            "loan__item__record", "loan__item__library", "loan__patron", "library"
        ).defer("loan__item__record__marc")


class HarmReport(models.Model):
    """A copy that a reader lost, damaged, or brought back without a part.

    `amount` is what was charged for it, in whole đồng, the processing fee apart.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="harms")
    library = models.ForeignKey(Library, models.PROTECT, related_name="harms")
    kind = models.CharField(max_length=14, choices=HarmKind.choices)
    at = models.DateTimeField()
    reported_by = models.CharField(max_length=150)
    note = models.CharField(_("note"), max_length=300, blank=True)
    amount = models.PositiveBigIntegerField(default=0)
    processing = models.PositiveBigIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    settlement = models.CharField(max_length=10, choices=HarmSettlement.choices, blank=True)

    objects = HarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of harm")
        constraints = [
            models.UniqueConstraint(
                fields=["loan", "kind"],
                condition=Q(settled_at=None),
                name="one_open_harm_per_loan_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settlement="")
                | Q(settled_at__isnull=False) & ~Q(settlement=""),
                name="harm_is_settled_somehow",
            ),
        ]
        indexes = [models.Index(fields=["library", "at"], name="harm_by_library")]

    def __str__(self) -> str:
        return f"{self.kind} of loan {self.loan_id}"
