from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.fees.models.ledger import Entry
from tangthu.fees.permissions import FeesPermission
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron


class TransferPurpose(models.TextChoices):
    FEES = "fees", _("Fees")
    DEPOSIT = "deposit", _("Deposit")


class TransferState(models.TextChoices):
    OPEN = "open", _("Waiting for the money")
    PAID = "paid", _("Paid")
    CANCELLED = "cancelled", _("Cancelled")


class BankTransferQuerySet(models.QuerySet["BankTransfer"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return what was asked for at the actor's libraries; a reader sees their own."""
        if actor.everywhere:
            return self
        seen = actor.libraries(FeesPermission.TAKE_MONEY) | actor.libraries(
            FeesPermission.READ_BANK
        )
        own = Q(patron=actor.patron_id) if actor.patron_id else Q(pk=None)
        return self.filter(Q(library__in=seen) | own)

    def open(self) -> Self:
        return self.filter(state=TransferState.OPEN)

    def for_list(self) -> Self:
        return self.select_related("patron", "library", "entry__receipt").order_by("-id")


class BankTransfer(models.Model):
    """A payment by bank that the library waits for, known by its reference."""

    reference = models.CharField(max_length=12, unique=True)
    library = models.ForeignKey(Library, models.PROTECT, related_name="bank_transfers")
    patron = models.ForeignKey(Patron, models.PROTECT, related_name="bank_transfers")
    purpose = models.CharField(
        max_length=10, choices=TransferPurpose.choices, default=TransferPurpose.FEES
    )
    charges = models.ManyToManyField(Entry, related_name="+")
    amount = models.BigIntegerField(_("amount"))
    state = models.CharField(
        max_length=10, choices=TransferState.choices, default=TransferState.OPEN
    )
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="bank_transfer")

    objects = BankTransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=1), name="transfer_of_something"),
            models.CheckConstraint(
                condition=Q(state=TransferState.PAID, entry__isnull=False)
                | (~Q(state=TransferState.PAID) & Q(entry=None)),
                name="paid_transfer_has_its_entry",
            ),
        ]
        indexes = [models.Index(fields=["patron", "state"], name="transfer_of_patron")]

    def __str__(self) -> str:
        return self.reference


class BankFileQuerySet(models.QuerySet["BankFile"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.everywhere:
            return self
        return self.filter(library__in=actor.libraries(FeesPermission.READ_BANK))


class BankFile(models.Model):
    """A list of transactions that was brought in. Its digest keeps it from coming twice."""

    library = models.ForeignKey(Library, models.PROTECT, related_name="bank_files")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    brought_at = models.DateTimeField()
    brought_by = models.CharField(max_length=150)
    repeated = models.PositiveIntegerField(default=0)

    objects = BankFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank file")
        constraints = [
            models.UniqueConstraint(fields=["library", "digest"], name="bank_file_once"),
        ]

    def __str__(self) -> str:
        return self.name


class BankLineState(models.TextChoices):
    PAID = "paid", _("Entered")
    WAITING = "waiting", _("For a person to decide")
    ASIDE = "aside", _("Set aside")
    WRONG = "wrong", _("Cannot be read")


class BankLineQuerySet(models.QuerySet["BankLine"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.everywhere:
            return self
        return self.filter(file__library__in=actor.libraries(FeesPermission.READ_BANK))


class BankLine(models.Model):
    """Money that came in, as the bank told it, and what became of it."""

    file = models.ForeignKey(BankFile, models.PROTECT, related_name="lines")
    library = models.ForeignKey(Library, models.PROTECT, related_name="+")
    row = models.PositiveIntegerField()
    on = models.DateField(null=True)
    amount = models.BigIntegerField(default=0)
    text = models.CharField(max_length=500, blank=True)
    number = models.CharField(max_length=60, blank=True)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=BankLineState.choices)
    reason = models.CharField(max_length=40, blank=True)
    transfer = models.ForeignKey(BankTransfer, models.PROTECT, null=True, related_name="lines")
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="bank_line")
    decided_by = models.CharField(max_length=150, blank=True)

    objects = BankLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank line")
        ordering = ["row"]
        constraints = [
            models.UniqueConstraint(
                fields=["library", "fingerprint"],
                condition=~Q(state=BankLineState.WRONG),
                name="bank_line_once",
            ),
            models.CheckConstraint(
                condition=Q(state=BankLineState.PAID, entry__isnull=False)
                | (~Q(state=BankLineState.PAID) & Q(entry=None)),
                name="paid_bank_line_has_its_entry",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="bank_line_state")]

    def __str__(self) -> str:
        return f"{self.row} {self.amount}"
