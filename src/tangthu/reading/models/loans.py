"""Electronic loans and holds. A loan is over at its due moment, whether a job has looked or not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Self

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Item
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading.models.licences import Licence
from tangthu.reading.permissions import ReadingPermission
from tangthu.repository.models import DigitalObject


class Ending(StrEnum):
    """How an electronic loan ended."""

    DUE = "due"
    EARLY = "early"
    BY_STAFF = "by_staff"


ENDING_LABELS: Mapping[str, Promise] = {
    Ending.DUE: _("By itself, on its day"),
    Ending.EARLY: _("Given back by the reader"),
    Ending.BY_STAFF: _("Ended by staff"),
}


class HoldState(StrEnum):
    """How far a hold has come."""

    WAITING = "waiting"
    READY = "ready"
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


HOLD_LABELS: Mapping[str, Promise] = {
    HoldState.WAITING: _("Waiting"),
    HoldState.READY: _("Ready to borrow"),
    HoldState.FILLED: _("Borrowed"),
    HoldState.CANCELLED: _("Cancelled"),
    HoldState.EXPIRED: _("Not borrowed in time"),
}


class DigitalLoanQuerySet(models.QuerySet["DigitalLoan"]):
    def live(self, now: datetime) -> Self:
        """Return the loans that open their object at that moment."""
        return self.filter(returned_at=None, due_at__gt=now)

    def over(self, now: datetime) -> Self:
        """Return the loans that ended by themselves and were not tidied up yet."""
        return self.filter(returned_at=None, due_at__lte=now)

    def visible_to(self, actor: Actor) -> Self:
        """Return one's own loans, and those of readers whose loans the actor may see."""
        if actor.everywhere:
            return self
        own = Q(patron=actor.patron_id) if actor.patron_id else Q(pk=None)
        return self.filter(Q(library__in=actor.libraries(ReadingPermission.LOANS)) | own)

    def kept_by_choice(self) -> Self:
        """Return the past loans that their readers wish to keep: those since they chose to."""
        return self.filter(due_at__gte=F("patron__account__keeps_history_since"))

    def for_shelf(self) -> Self:
        return self.select_related("object__library", "licence").order_by("due_at", "id")


class DigitalLoan(models.Model):
    """An object lent to a patron. `item` is the printed copy that stays in meanwhile.

    Once it has ended and is past its time, the patron is forgotten.
    """

    object = models.ForeignKey(DigitalObject, models.PROTECT, related_name="digital_loans")
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="loans")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    patron = models.ForeignKey(Patron, models.PROTECT, null=True, related_name="digital_loans")
    library = models.ForeignKey(Library, models.PROTECT, related_name="+")
    slot = models.PositiveSmallIntegerField(null=True)
    borrowed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=list(ENDING_LABELS.items()), blank=True)
    renewals = models.PositiveSmallIntegerField(default=0)

    objects = DigitalLoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("electronic loan")
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "slot"],
                condition=Q(returned_at=None),
                name="a_place_of_a_licence_is_lent_once",
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(returned_at=None), name="a_copy_bears_one_scan_loan"
            ),
            models.UniqueConstraint(
                fields=["patron", "object"],
                condition=Q(returned_at=None),
                name="a_reader_has_an_object_once",
            ),
            models.CheckConstraint(
                condition=Q(patron__isnull=False) | Q(returned_at__isnull=False),
                name="open_digital_loan_has_a_patron",
            ),
        ]
        indexes = [
            models.Index(
                fields=["object", "due_at"], condition=Q(returned_at=None), name="digital_out"
            ),
            models.Index(fields=["due_at"], condition=Q(returned_at=None), name="digital_by_due"),
            models.Index(fields=["patron", "-due_at"], name="digital_by_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.object_id} {self.borrowed_at:%Y-%m-%d}"

    def is_live(self, now: datetime) -> bool:
        """Tell whether the loan opens its object at that moment."""
        return self.returned_at is None and now < self.due_at


OPEN = (HoldState.WAITING, HoldState.READY)


class DigitalHoldQuerySet(models.QuerySet["DigitalHold"]):
    def open(self, now: datetime) -> Self:
        """Return the holds that wait, or for which a copy is still kept at that moment."""
        kept = Q(state=HoldState.READY, ready_until__gt=now)
        return self.filter(Q(state=HoldState.WAITING) | kept)

    def waiting(self) -> Self:
        return self.filter(state=HoldState.WAITING)

    def ready(self, now: datetime) -> Self:
        return self.filter(state=HoldState.READY, ready_until__gt=now)

    def missed(self, now: datetime) -> Self:
        """Return the holds whose copy was kept long enough, and were not tidied up yet."""
        return self.filter(state=HoldState.READY, ready_until__lte=now)

    def in_order(self) -> Self:
        """Order as they were placed: nobody overtakes."""
        return self.order_by("id")

    def for_shelf(self) -> Self:
        return self.with_place().select_related("object__library").in_order()

    def with_place(self) -> Self:
        """Add `ahead`: how many wait for the same object and came before."""
        earlier = (
            DigitalHold.objects.waiting()
            .filter(object=OuterRef("object"), pk__lt=OuterRef("pk"))
            .order_by()
            .values("object")
            .annotate(count=Count("pk"))
        )
        return self.annotate(ahead=Coalesce(Subquery(earlier.values("count")), 0))

    def visible_to(self, actor: Actor) -> Self:
        """Return one's own holds, and those of readers whose loans the actor may see."""
        if actor.everywhere:
            return self
        own = Q(patron=actor.patron_id) if actor.patron_id else Q(pk=None)
        return self.filter(Q(library__in=actor.libraries(ReadingPermission.LOANS)) | own)


class DigitalHold(models.Model):
    """That a patron waits for an object. When a place is free it is kept until `ready_until`."""

    object = models.ForeignKey(DigitalObject, models.PROTECT, related_name="digital_holds")
    patron = models.ForeignKey(Patron, models.PROTECT, null=True, related_name="digital_holds")
    library = models.ForeignKey(Library, models.PROTECT, related_name="+")
    licence = models.ForeignKey(Licence, models.PROTECT, null=True, related_name="holds")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        max_length=10, choices=list(HOLD_LABELS.items()), default=HoldState.WAITING
    )
    placed_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    ready_until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    ahead: int
    """How many came before; there only where `with_place` asked."""

    objects = DigitalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("electronic hold")
        constraints = [
            models.UniqueConstraint(
                fields=["patron", "object"],
                condition=Q(state__in=OPEN),
                name="a_reader_waits_for_an_object_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(ready_until__isnull=False, licence__isnull=False),
                name="a_ready_hold_is_kept_something",
            ),
        ]
        indexes = [
            models.Index(fields=["object", "placed_at"], name="digital_queue"),
            models.Index(fields=["patron", "-placed_at"], name="digital_holds_of"),
        ]

    def __str__(self) -> str:
        return f"{self.object_id} {self.state}"

    @property
    def is_ready(self) -> bool:
        """Whether a place is kept for the reader."""
        return self.state == HoldState.READY

    @property
    def place(self) -> int:
        """The place in the queue, 1 being next; 0 where a copy is kept already."""
        return 0 if self.is_ready else self.ahead + 1
