"""Copies that are with readers, and those that were."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Item
from tangthu.circulation.policy import Remarked
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.notices.kinds import Topic
from tangthu.notices.models import Choice
from tangthu.patrons.models import Patron
from tangthu.patrons.permissions import PatronsPermission


class LoanQuerySet(models.QuerySet["Loan"]):
    def open(self) -> Self:
        return self.filter(returned_at=None)

    def overdue(self, at: datetime) -> Self:
        """Return the open loans past their due date; not those that are said to be returned."""
        return self.open().filter(due_at__lt=at, claimed_at=None)

    def forgettable(self) -> Self:
        """Return the loans whose readers nothing needs any more: no harm of them is open."""
        open_harm = Q(harms__isnull=False, harms__settled_at=None)
        return self.exclude(pk__in=Loan.objects.filter(open_harm).values("pk"))

    def kept_by_choice(self) -> Self:
        """Return the past loans that their readers wish to keep: those since they chose to."""
        return self.filter(returned_at__gte=F("patron__account__keeps_history_since"))

    def with_wish_for_slip(self) -> Self:
        """Add `wants_slip`: whether the reader chose to be sent a slip when a loan ends."""
        chosen = Choice.objects.for_topic(Topic.RETURN_SLIPS).filter(patron=OuterRef("patron"))
        return self.annotate(wants_slip=Exists(chosen))

    def visible_to(self, actor: Actor) -> Self:
        """Return the loans of patrons whom the actor may see, and one's own."""
        if actor.everywhere:
            return self
        own = Q(patron=actor.patron_id) if actor.patron_id else Q(pk=None)
        return self.filter(
            Q(patron__library__in=actor.libraries(PatronsPermission.SEE_PATRONS)) | own
        )

    def for_desk(self) -> Self:
        return self.select_related("item__record", "item__item_type", "library").defer(
            "item__record__marc"
        )


class LoanEnding(models.TextChoices):
    """How a loan ended, where the copy did not simply come back."""

    LOST = "lost", _("Lost")
    REPLACED = "replaced", _("Replaced by the reader")
    TAKEN_HOME = "taken_home", _("Read on site, then taken home")


class Loan(models.Model):
    """A copy lent to a patron. Once returned and past its time, the patron is forgotten.

    `returned_at` is when the loan ended, in whatever way: `ending` says it where the copy did
    not come back. `claimed_at` is when the reader said that it had. `fetched_by` came for the
    reader, and is forgotten when the loan ends. `decided` are the rules that held, as they were.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="loans")
    patron = models.ForeignKey(Patron, models.PROTECT, null=True, related_name="loans")
    library = models.ForeignKey(Library, models.PROTECT, related_name="loans")
    lent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    renewals = models.PositiveSmallIntegerField(default=0)
    overridden = models.JSONField(default=list)
    on_site = models.BooleanField(default=False)
    ending = models.CharField(max_length=12, choices=LoanEnding.choices, blank=True)
    claimed_at = models.DateTimeField(null=True)
    unseen_renewals = models.PositiveSmallIntegerField(default=0)
    fetched_by = models.ForeignKey(Patron, models.SET_NULL, null=True, related_name="fetched_loans")
    decided = models.JSONField(default=list)

    remarks: tuple[Remarked, ...] = ()
    """What the desk says with a loan just made. It is not kept."""

    wants_slip: bool = False
    """Whether the reader chose a slip of its return; asked by `with_wish_for_slip` alone."""

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
            models.CheckConstraint(
                condition=Q(ending="") | Q(returned_at__isnull=False),
                name="only_a_closed_loan_has_an_ending",
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
