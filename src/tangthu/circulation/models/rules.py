"""The lending rules that libraries set."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import ItemType
from tangthu.circulation.policy import DEFINITIONS, RuleName, RuleRow
from tangthu.libraries.models import Library
from tangthu.patrons.models import PatronCategory


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
