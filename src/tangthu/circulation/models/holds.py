"""Readers who wait for a title or a copy, and loans called back for them."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Item, Record
from tangthu.circulation.models.loans import Loan
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.patrons.permissions import PatronsPermission


class HoldState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    IN_TRANSIT = "in_transit", _("On its way")
    ON_SHELF = "on_shelf", _("Ready to fetch")
    FILLED = "filled", _("Fetched")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


OPEN_STATES = (HoldState.WAITING, HoldState.IN_TRANSIT, HoldState.ON_SHELF)
TRAPPED_STATES = (HoldState.IN_TRANSIT, HoldState.ON_SHELF)


class CancelReason(models.TextChoices):
    BY_READER = "by_reader", _("The reader does not want it any more")
    BY_DESK = "by_desk", _("Cancelled at the desk")
    NO_COPY = "no_copy", _("No copy is left")
    NOT_FETCHED = "not_fetched", _("It was not fetched in time")
    TOO_LATE = "too_late", _("It did not come in the time that the reader gave")
    READER_LEFT = "reader_left", _("The reader has left the library")


class HoldQuerySet(models.QuerySet["Hold"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def waiting(self) -> Self:
        return self.filter(state=HoldState.WAITING)

    def trapped(self) -> Self:
        return self.filter(state__in=TRAPPED_STATES)

    def in_order(self) -> Self:
        """Return them as they are served: recalls first, then by rank."""
        return self.order_by(F("recall__requested_at").asc(nulls_last=True), "rank", "pk")

    def visible_to(self, actor: Actor) -> Self:
        """Return the holds of patrons whom the actor may see, those to fetch there, one's own."""
        if actor.everywhere:
            return self
        own = Q(patron=actor.patron_id) if actor.patron_id else Q(pk=None)
        libraries = actor.libraries(PatronsPermission.SEE_PATRONS)
        return self.filter(Q(patron__library__in=libraries) | Q(pickup__in=libraries) | own)

    def for_list(self) -> Self:
        return self.select_related(
            "record", "patron", "pickup", "item", "trapped__library", "trapped__location"
        ).defer("record__marc")

    def for_account(self, patron: Patron) -> Self:
        """Return the reader's open holds, the readiest first, with their places in the queue."""
        return (
            self.open()
            .filter(patron=patron)
            .for_list()
            .with_place()
            .order_by(F("shelf_until").asc(nulls_last=True), "placed_at", "pk")
        )

    def with_place(self) -> Self:
        """Add `place`: 1 for the first in the queue of its title; meaningless out of it."""
        before = (
            Hold.objects.waiting()
            .filter(record=OuterRef("record"))
            .filter(Q(rank__lt=OuterRef("rank")) | Q(rank=OuterRef("rank"), pk__lt=OuterRef("pk")))
            .order_by()
            .values("record")
            .annotate(count=Count("pk"))
            .values("count")
        )
        return self.annotate(place=Coalesce(Subquery(before), 0) + 1)

    def on_shelf_past(self, day: date, *, library: Library) -> Self:
        """Return the holds kept on the shelves of the library, and below it, on that day."""
        return self.filter(
            state=HoldState.ON_SHELF, pickup__path__startswith=library.path, shelf_until__gte=day
        )

    def left_on_shelf(self) -> Self:
        """Return the ended holds whose copies still stand on the hold shelf."""
        return self.exclude(state__in=OPEN_STATES).filter(trapped__isnull=False)


class Hold(models.Model):
    """A reader's wish for a title, or for one copy of it, to be fetched at a library.

    `rank` orders the queue of a title, smaller first, then by key: what leaves the queue
    leaves no gap, since a place is counted, not kept. `item` is the one copy that will do;
    `trapped` the copy kept for the reader, which an ended hold has until it is taken down.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="holds")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="holds")
    patron = models.ForeignKey(Patron, models.PROTECT, null=True, related_name="holds")
    pickup = models.ForeignKey(Library, models.PROTECT, related_name="holds")
    placed_at = models.DateTimeField()
    rank = models.BigIntegerField()
    starts_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    suspended = models.BooleanField(default=False)
    suspended_until = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=HoldState.choices, default=HoldState.WAITING)
    trapped = models.ForeignKey(Item, models.PROTECT, null=True, related_name="trapped_holds")
    trapped_at = models.DateTimeField(null=True)
    shelf_until = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=12, choices=CancelReason.choices, blank=True)
    overridden = models.JSONField(default=list)

    objects = HoldQuerySet.as_manager()

    place: int
    """In the queue of its title; only on rows of `with_place`."""

    class Meta:
        verbose_name = _("hold")
        constraints = [
            models.UniqueConstraint(
                fields=["trapped"],
                condition=Q(state__in=["in_transit", "on_shelf"]),
                name="one_hold_per_trapped_copy",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_transit", "on_shelf"]) | Q(trapped__isnull=False),
                name="trapped_hold_has_a_copy",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(trapped__isnull=True),
                name="waiting_hold_has_no_copy",
            ),
            models.CheckConstraint(
                condition=Q(state="on_shelf", shelf_until__isnull=False)
                | ~Q(state="on_shelf") & Q(shelf_until__isnull=True),
                name="hold_on_shelf_has_a_last_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "in_transit", "on_shelf"],
                    patron__isnull=False,
                    closed_at__isnull=True,
                )
                | Q(state__in=["filled", "cancelled", "expired"], closed_at__isnull=False),
                name="open_hold_has_a_patron",
            ),
            models.CheckConstraint(
                condition=Q(suspended=True) | Q(suspended_until__isnull=True),
                name="hold_suspended_until_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["record", "rank"], condition=Q(state="waiting"), name="hold_queue"
            ),
            models.Index(
                fields=["pickup", "shelf_until"],
                condition=Q(state="on_shelf"),
                name="hold_shelf",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} for {self.patron_id}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def is_resting(self, today: date) -> bool:
        """Tell whether it waits for nothing today: suspended, or wanted only later."""
        return self.suspended or (self.starts_on is not None and self.starts_on > today)


class RecallQuerySet(models.QuerySet["Recall"]):
    def open(self) -> Self:
        """Return the recalls whose holds wait still."""
        return self.filter(hold__state__in=OPEN_STATES)


class Recall(models.Model):
    """A loan called back for a hold, which then comes before all others.

    Its state is that of its hold; `former_due_at` is the day that the borrower had before.
    """

    hold = models.OneToOneField(Hold, models.PROTECT, related_name="recall")
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="recalls")
    requested_at = models.DateTimeField()
    former_due_at = models.DateTimeField()
    due_at = models.DateTimeField()

    objects = RecallQuerySet.as_manager()

    class Meta:
        verbose_name = _("recall")

    def __str__(self) -> str:
        return f"{self.loan_id} for {self.hold_id}"
