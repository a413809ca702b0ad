"""Lending acts, kept for statistics without their readers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Item, ItemType, Record
from tangthu.libraries.models import Library, Location
from tangthu.patrons.models import PatronCategory


class LoanEventKind(models.TextChoices):
    CHECK_OUT = "check_out", _("Lent")
    CHECK_IN = "check_in", _("Returned")
    RENEW = "renew", _("Renewed")
    ON_SITE = "on_site", _("Given out to read on site")
    USED = "used", _("Used in the room")
    CLAIM = "claim", _("Said to be returned")
    LOST = "lost", _("Reported lost")
    DAMAGED = "damaged", _("Damaged")
    PARTS = "parts", _("Parts missing")
    REPLACED = "replaced", _("Replaced by the reader")


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
