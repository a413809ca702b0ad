from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from django.db import models
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.digitisation.policy.pagechecks import Flaw
from tangthu.repository.models import DigitalObject, Page


class PageMeasureQuerySet(models.QuerySet["PageMeasure"]):
    def of_object(self, obj: DigitalObject) -> Self:
        """Return the measures of its pages, in the order of the pages."""
        return self.filter(page__object=obj).select_related("page").order_by("page__position")


class PageMeasure(models.Model):
    """What the machine measured on the picture of a page, and on which drawing of it."""

    page = models.OneToOneField(Page, models.CASCADE, related_name="measure")
    delivery = models.BigIntegerField()
    ink = models.FloatField()
    sharpness = models.FloatField()
    skew = models.FloatField()
    brightness = models.FloatField()
    dark_edge = models.FloatField()
    cut = models.FloatField()
    look = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    measured_at = models.DateTimeField()

    objects = PageMeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure of a page")

    def __str__(self) -> str:
        return f"page {self.page_id}"


class FindingState(models.TextChoices):
    OPEN = "open", _("Not looked at yet")
    ACCEPTED = "accepted", _("To be mended")
    DISMISSED = "dismissed", _("All right as it is")


FLAW_LABELS: Mapping[str, Promise] = {
    Flaw.BLANK: _("Empty page"),
    Flaw.BLURRED: _("Blurred"),
    Flaw.SKEWED: _("Skewed"),
    Flaw.DOUBLE: _("Scanned twice"),
    Flaw.MISSING: _("A page is missing before it"),
    Flaw.ODD_SIZE: _("Another size than its neighbours"),
    Flaw.TOO_DARK: _("Too dark"),
    Flaw.DARK_EDGE: _("Dark edge"),
    Flaw.CUT: _("Text cut off at the edge"),
}


class FindingQuerySet(models.QuerySet["Finding"]):
    def of_object(self, obj: DigitalObject) -> Self:
        return self.filter(page__object=obj).select_related("page").order_by("page__position", "id")

    def unsettled(self) -> Self:
        """Return those that stand between a document and the end of its check."""
        return self.exclude(state=FindingState.DISMISSED)


class Finding(models.Model):
    """A flaw that the machine saw on a page: what it measured, and what a person says of it."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=10, choices=list(FLAW_LABELS.items()))
    delivery = models.BigIntegerField()
    measure = models.FloatField()
    threshold = models.FloatField()
    detail = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("flaw of a page")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["page", "kind"], name="one_finding_per_flaw_of_page"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on page {self.page_id}"

    @property
    def extent(self) -> str:
        """How bad it is, where a number says it to a person: degrees, numbers, a percentage."""
        if self.kind == Flaw.SKEWED:
            return f"{localize(round(abs(self.measure), 1))}°"
        if self.kind == Flaw.ODD_SIZE:
            return f"{self.measure:.0%}".replace("%", " %")
        return self.detail
