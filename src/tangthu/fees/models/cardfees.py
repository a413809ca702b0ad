from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tangthu.libraries.models import Library, LibraryKind
from tangthu.patrons.models import Patron, PatronCategory


class Exemption(models.Model):
    """A reason in law for paying less: severely disabled, person of merit, poor household."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("exemption")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PatronExemptionQuerySet(models.QuerySet["PatronExemption"]):
    def in_force(self, on: date) -> Self:
        return self.filter(Q(until_on=None) | Q(until_on__gte=on))


class PatronExemption(models.Model):
    """A reader has shown a paper that proves an exemption. The paper itself is not kept."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="fee_exemptions")
    exemption = models.ForeignKey(Exemption, models.PROTECT, related_name="holders")
    until_on = models.DateField(_("until"), null=True, blank=True)
    seen_by = models.CharField(max_length=150)
    seen_at = models.DateTimeField()

    objects = PatronExemptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patron", "exemption"], name="one_proof_per_exemption"),
        ]

    def __str__(self) -> str:
        return f"{self.patron_id} {self.exemption_id}"


class CardFeeRule(models.Model):
    """What a card costs, or by how much less: for whom, from when, by which resolution."""

    library = models.ForeignKey(Library, models.PROTECT, related_name="card_fee_rules")
    library_kind = models.CharField(
        _("kind of library"), max_length=20, choices=LibraryKind.choices, blank=True
    )
    category = models.ForeignKey(
        PatronCategory, models.PROTECT, null=True, blank=True, related_name="card_fee_rules"
    )
    exemption = models.ForeignKey(
        Exemption, models.PROTECT, null=True, blank=True, related_name="rules"
    )
    minimum_age = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    amount = models.PositiveIntegerField(_("amount"), null=True, blank=True)
    reduction = models.PositiveSmallIntegerField(_("reduction in percent"), null=True, blank=True)
    from_on = models.DateField(_("in force from"))
    until_on = models.DateField(_("in force until"), null=True, blank=True)
    legal_reference = models.CharField(_("legal reference"), max_length=300)

    class Meta:
        verbose_name = _("card fee rule")
        ordering = ["library__path", "-from_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=None, reduction__range=(1, 100))
                | Q(amount__isnull=False, reduction=None, exemption=None),
                name="card_fee_is_an_amount_or_a_reduction",
            ),
            models.CheckConstraint(
                condition=Q(minimum_age=None)
                | Q(maximum_age=None)
                | Q(maximum_age__gte=F("minimum_age")),
                name="card_fee_ages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="card_fee_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library_id} {self.amount} {self.reduction}"
