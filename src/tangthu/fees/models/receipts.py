from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.fees.models.ledger import Entry
from tangthu.fees.permissions import FeesPermission
from tangthu.libraries.models import Library
from tangthu.text.amounts import dong_in_words


class ReceiptKind(models.TextChoices):
    IN = "in", _("Receipt")
    OUT = "out", _("Payment voucher")


class Means(models.TextChoices):
    CASH = "cash", _("Cash")
    BANK = "bank", _("Bank transfer")


PREFIXES = {ReceiptKind.IN: "PT", ReceiptKind.OUT: "PC"}
"""Of the numbers: phiếu thu, phiếu chi."""


class ReceiptSeries(models.Model):
    """How far the receipts of a library have come in a year. Its row is the lock of the number."""

    library = models.ForeignKey(Library, models.PROTECT, related_name="receipt_series")
    kind = models.CharField(max_length=3, choices=ReceiptKind.choices)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "kind", "year"], name="one_receipt_series"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year} {self.last}"


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the receipts of the libraries where the actor handles money."""
        if actor.everywhere:
            return self
        return self.filter(library__in=actor.libraries(FeesPermission.TAKE_MONEY))

    def for_list(self) -> Self:
        return self.select_related("entry__patron", "entry__reversal", "library").order_by(
            "-issued_at", "-id"
        )


class Receipt(models.Model):
    """A paper that somebody signed for: money came in, or went out. Numbers have no gaps."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="receipt")
    library = models.ForeignKey(Library, models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=3, choices=ReceiptKind.choices)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    payer = models.CharField(_("name"), max_length=150)
    amount = models.BigIntegerField(_("amount"))
    means = models.CharField(_("by"), max_length=4, choices=Means.choices)
    prints = models.PositiveIntegerField(default=0)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        constraints = [
            models.UniqueConstraint(
                fields=["library", "kind", "year", "number"], name="receipt_number_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, amount__gte=1), name="receipt_says_something"
            ),
        ]
        indexes = [models.Index(fields=["library", "issued_at"], name="receipt_of_library")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as it is printed: `PT 000123/2026`."""
        return f"{PREFIXES[ReceiptKind(self.kind)]} {self.number:06}/{self.year}"

    @property
    def in_words(self) -> str:
        return dong_in_words(self.amount)
