from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Item, ItemType, Record
from tangthu.circulation.policy import (
    DEFINITIONS,
    LoanTally,
    RuleName,
    RuleRow,
    RulesFrom,
    meeting_distance,
)
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library, Location, chain_of
from tangthu.patrons.models import Patron, PatronCategory
from tangthu.patrons.permissions import PatronsPermission


class LendingRuleQuerySet(models.QuerySet["LendingRule"]):
    def rows_for(self, library: Library, category: PatronCategory) -> tuple[RuleRow, ...]:
        """Return what the library and those above it have set for this category. One query."""
        chain = library.chain
        rows = self.filter(Q(category=None) | Q(category=category), library__in=chain)
        return tuple(
            RuleRow(
                name=RuleName(name),
                distance=chain.index(library_id),
                library=code,
                category=category_code,
                item_type=item_type,
                value=value,
            )
            for name, library_id, code, category_code, item_type, value in rows.values_list(
                "name", "library_id", "library__code", "category__code", "item_type__code", "value"
            )
            if name in DEFINITIONS
        )


class LendingRule(models.Model):
    """One named value for a library (and those below), a category and an item type.

    No category or item type means any. Each name is inherited by itself.
    """

    library = models.ForeignKey(Library, models.CASCADE, related_name="lending_rules")
    category = models.ForeignKey(PatronCategory, models.CASCADE, null=True, blank=True)
    item_type = models.ForeignKey(ItemType, models.CASCADE, null=True, blank=True)
    name = models.CharField(max_length=40)
    value = models.CharField(max_length=100, blank=True)

    objects = LendingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("lending rule")
        constraints = [
            models.UniqueConstraint(
                "library",
                "name",
                Coalesce("category", Value(0)),
                Coalesce("item_type", Value(0)),
                name="one_value_per_rule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class LoanQuerySet(models.QuerySet["Loan"]):
    def open(self) -> Self:
        return self.filter(returned_at=None)

    def overdue(self, at: datetime) -> Self:
        return self.open().filter(due_at__lt=at)

    def visible_to(self, actor: Actor) -> Self:
        """Return the loans of patrons whom the actor may see, and one's own."""
        if actor.everywhere:
            return self
        own = Q(patron=actor.patron_id) if actor.patron_id else Q(pk=None)
        return self.filter(
            Q(patron__library__in=actor.libraries(PatronsPermission.SEE_PATRONS)) | own
        )

    def tallies(
        self, at: datetime, *, library: Library, rules_from: RulesFrom
    ) -> tuple[tuple[LoanTally, ...], int]:
        """Count the open loans by type and by library, and those overdue. One query.

        The distance of a tally is measured from the deciding library to that of the loans:
        of the copies, or of the desks that lent them, as the rules are chosen.
        """
        path = {
            RulesFrom.ITEM_LIBRARY: F("item__library__path"),
            RulesFrom.DESK_LIBRARY: F("library__path"),
            RulesFrom.PATRON_LIBRARY: Value(library.path),
        }[rules_from]
        groups = (
            self.open()
            .annotate(own_path=path)
            .values("item__item_type__code", "own_path")
            .annotate(loans=Count("id"), late=Count("id", filter=Q(due_at__lt=at)))
            .values_list("item__item_type__code", "own_path", "loans", "late")
        )
        tallies, overdue = list[LoanTally](), 0
        for item_type, own_path, loans, late in groups:
            distance = meeting_distance(library.chain, chain_of(own_path))
            tallies.append(LoanTally(item_type=item_type, distance=distance, loans=loans))
            overdue += late
        return tuple(tallies), overdue

    def for_desk(self) -> Self:
        return self.select_related("item__record", "item__item_type", "library").defer(
            "item__record__marc"
        )


class Loan(models.Model):
    """A copy lent to a patron. Once returned and past its time, the patron is forgotten."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="loans")
    patron = models.ForeignKey(Patron, models.PROTECT, null=True, related_name="loans")
    library = models.ForeignKey(Library, models.PROTECT, related_name="loans")
    lent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    renewals = models.PositiveSmallIntegerField(default=0)
    overridden = models.JSONField(default=list)

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan")
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(returned_at=None), name="one_open_loan_per_item"
            ),
            models.CheckConstraint(
                condition=Q(patron__isnull=False) | Q(returned_at__isnull=False),
                name="open_loan_has_a_patron",
            ),
        ]
        indexes = [
            models.Index(
                fields=["patron", "due_at"], condition=Q(returned_at=None), name="open_by_patron"
            ),
            models.Index(fields=["due_at"], condition=Q(returned_at=None), name="open_by_due"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} to {self.patron_id}"


class LoanEventKind(models.TextChoices):
    CHECK_OUT = "check_out", _("Lent")
    CHECK_IN = "check_in", _("Returned")
    RENEW = "renew", _("Renewed")


class LoanEvent(models.Model):
    """A lending act for statistics. It never names the reader, nor the loan that would."""

    kind = models.CharField(max_length=10, choices=LoanEventKind.choices)
    at = models.DateTimeField()
    library = models.ForeignKey(Library, models.PROTECT, related_name="loan_events")
    face = models.CharField(max_length=20)
    item = models.ForeignKey(Item, models.PROTECT, related_name="loan_events")
    record = models.ForeignKey(Record, models.PROTECT, related_name="loan_events")
    location = models.ForeignKey(Location, models.PROTECT, null=True)
    item_type = models.ForeignKey(ItemType, models.PROTECT)
    patron_category = models.ForeignKey(PatronCategory, models.PROTECT, null=True)
    age_band = models.CharField(max_length=10, blank=True)

    class Meta:
        indexes = [models.Index(fields=["library", "at"], name="loan_event_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
