from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.fees.permissions import FeesPermission
from tangthu.libraries.models import Library


class CashDrawer(models.Model):
    """A till of a library: one box of money, for which one person answers at a time."""

    library = models.ForeignKey(Library, models.PROTECT, related_name="cash_drawers")
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("cash drawer")
        constraints = [
            models.UniqueConstraint(fields=["library", "name"], name="drawer_name_in_library"),
        ]

    def __str__(self) -> str:
        return self.name


class CashSessionQuerySet(models.QuerySet["CashSession"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the sessions of the libraries whose cash desk the actor may see."""
        if actor.everywhere:
            return self
        seen = actor.libraries(FeesPermission.CASH_DESK) | actor.libraries(
            FeesPermission.TAKE_MONEY
        )
        return self.filter(drawer__library__in=seen)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def for_list(self) -> Self:
        return self.select_related("drawer__library").order_by("-opened_at", "-id")


class CashSession(models.Model):
    """A drawer from its float to its count. `counts` holds how many of each note there were."""

    drawer = models.ForeignKey(CashDrawer, models.PROTECT, related_name="sessions")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150)
    opener_id = models.BigIntegerField(null=True)
    float_amount = models.BigIntegerField(_("float"), default=0)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)
    counts = models.JSONField(default=dict)
    counted = models.BigIntegerField(null=True)
    expected = models.BigIntegerField(null=True)
    explanation = models.CharField(_("explanation"), max_length=500, blank=True)

    objects = CashSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("cash session")
        constraints = [
            models.UniqueConstraint(
                fields=["drawer"], condition=Q(closed_at=None), name="one_open_session_per_drawer"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, counted=None, expected=None)
                | Q(closed_at__isnull=False, counted__isnull=False, expected__isnull=False),
                name="closed_session_is_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.drawer_id} {self.opened_at}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def difference(self) -> int | None:
        """What the count found too much; below zero, too little."""
        if self.counted is None or self.expected is None:
            return None
        return self.counted - self.expected
