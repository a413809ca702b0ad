from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.fees.models.cash import CashSession
from tangthu.fees.policy import Account, EntryKind
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.patrons.permissions import PatronsPermission


class FeeKind(models.TextChoices):
    CARD = "card", _("Card fee")
    OVERDUE = "overdue", _("Overdue fee")
    LOST = "lost", _("Lost copy")
    DAMAGE = "damage", _("Damaged copy")
    PROCESSING = "processing", _("Processing fee")
    HOLD = "hold", _("Hold fee")
    PHOTOCOPY = "photocopy", _("Photocopies")
    DELIVERY = "delivery", _("Delivery")
    OTHER = "other", _("Other fee")


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the entries of the readers and of the libraries whose readers the actor may see.

        A reader sees their own. Entries without a reader, of cash alone, need the library.
        """
        if actor.everywhere:
            return self
        seen = actor.libraries(PatronsPermission.SEE_PATRONS)
        own = Q(patron=actor.patron_id) if actor.patron_id else Q(pk=None)
        return self.filter(Q(library__in=seen) | Q(patron__library__in=seen) | own)

    def of_patron(self, patron_id: int) -> Self:
        return self.filter(patron=patron_id)

    def newest(self) -> Self:
        return self.order_by("-at", "-id")

    def for_list(self) -> Self:
        """Return the entries with all that a line of an account shows."""
        return self.select_related("library", "reversal", "receipt").prefetch_related("postings")

    def between(self, start: datetime, end: datetime) -> Self:
        return self.filter(at__gte=start, at__lt=end)


class Entry(models.Model):
    """One thing that happened to money. The database refuses to change or delete it.

    The postings are written first: a trigger lets the entry in only when they sum to zero, and
    no posting in once its entry is there. So the key is given, not made by the database.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in EntryKind])
    fee_kind = models.CharField(max_length=20, choices=FeeKind.choices, blank=True)
    library = models.ForeignKey(Library, models.PROTECT, related_name="fee_entries")
    patron = models.ForeignKey(Patron, models.PROTECT, null=True, related_name="fee_entries")
    source = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")
    entered_by = models.CharField(max_length=150)
    user_id = models.BigIntegerField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=~Q(source=""), name="one_entry_per_source"
            ),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.REVERSAL, reverses__isnull=False)
                | (~Q(kind=EntryKind.REVERSAL) & Q(reverses=None)),
                name="only_a_reversal_reverses",
            ),
            models.CheckConstraint(
                condition=(Q(kind=EntryKind.CHARGE) & ~Q(fee_kind="") & Q(patron__isnull=False))
                | (~Q(kind=EntryKind.CHARGE) & Q(fee_kind="")),
                name="a_charge_has_a_kind_and_a_reader",
            ),
        ]
        indexes = [
            models.Index(fields=["patron", "at", "id"], name="entry_of_patron"),
            models.Index(fields=["library", "at", "id"], name="entry_of_library"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class PostingQuerySet(models.QuerySet["Posting"]):
    def owed_by(self, patron_id: int) -> Self:
        return self.filter(patron=patron_id, account=Account.OWED)

    def total(self) -> int:
        """Return the sum of the amounts. One query along the index."""
        return self.aggregate(total=Sum("amount"))["total"] or 0

    def on_day(self, day: date) -> Self:
        return self.filter(entry__at__date=day)


class Posting(models.Model):
    """A part of an entry on one account. `charge` is the entry that a reader's debt came from."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings")
    account = models.CharField(max_length=20, choices=[(name, name) for name in Account])
    amount = models.BigIntegerField()
    patron = models.ForeignKey(Patron, models.PROTECT, null=True, related_name="postings")
    session = models.ForeignKey(CashSession, models.PROTECT, null=True, related_name="postings")
    fee_kind = models.CharField(max_length=20, choices=FeeKind.choices, blank=True)
    charge = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="settlements")

    objects = PostingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="posting_moves_something"),
            models.CheckConstraint(
                condition=Q(account__in=[Account.OWED, Account.DEPOSIT], patron__isnull=False)
                | (~Q(account__in=[Account.OWED, Account.DEPOSIT]) & Q(patron=None)),
                name="posting_of_a_reader_names_them",
            ),
            models.CheckConstraint(
                condition=Q(account=Account.DRAWER, session__isnull=False)
                | (~Q(account=Account.DRAWER) & Q(session=None)),
                name="posting_of_a_drawer_has_a_session",
            ),
            models.CheckConstraint(
                condition=(Q(account__in=[Account.INCOME, Account.WRITTEN_OFF]) & ~Q(fee_kind=""))
                | (~Q(account__in=[Account.INCOME, Account.WRITTEN_OFF]) & Q(fee_kind="")),
                name="posting_of_income_has_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(charge=None) | Q(account=Account.OWED),
                name="only_debts_come_from_charges",
            ),
        ]
        indexes = [
            models.Index(
                fields=["patron", "account", "charge", "amount"], name="posting_of_patron"
            ),
            models.Index(fields=["session", "amount"], name="posting_of_session"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"
