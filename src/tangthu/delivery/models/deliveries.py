from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Item, Record
from tangthu.circulation.models import Loan
from tangthu.core.actor import Actor
from tangthu.delivery import policy
from tangthu.delivery.models.carriers import Run
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.text.phones import local_phone


class DeliveryLeg(models.TextChoices):
    OUT = "out", _("To the reader")
    BACK = "back", _("Collection")


class DeliveryState(models.TextChoices):
    ASKED = "asked", _("Asked for")
    APPROVED = "approved", _("Approved")
    PICKED = "picked", _("Taken from the shelf")
    PACKED = "packed", _("Packed")
    ON_THE_WAY = "on_the_way", _("On the way")
    FAILED = "failed", _("Not delivered yet")
    DELIVERED = "delivered", _("Delivered")
    COLLECTED = "collected", _("Collected from the reader")
    RECEIVED = "received", _("Back at the library")
    CAME_BACK = "came_back", _("Came back undelivered")
    REJECTED = "rejected", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")
    LOST = "lost", _("Lost on the way")


class StepName(models.TextChoices):
    """The steps of a delivery, as its history tells them."""

    APPROVE = "approve", _("Approved")
    REJECT = "reject", _("Declined")
    CANCEL = "cancel", _("Cancelled")
    PICK = "pick", _("Taken from the shelf")
    PACK = "pack", _("Packed")
    HAND_OVER = "hand_over", _("Handed to the carrier")
    DELIVER = "deliver", _("Delivered")
    FAIL = "fail", _("Not delivered")
    RETRY = "retry", _("On the way again")
    COME_BACK = "come_back", _("Came back undelivered")
    LOSE = "lose", _("Lost on the way")
    COLLECT = "collect", _("Collected from the reader")
    RECEIVE = "receive", _("Back at the library")
    ASK = "ask", _("Asked for")
    ADDRESS = "address", _("Address corrected")


class FailReason(models.TextChoices):
    NOT_HOME = "not_home", _("Nobody was there")
    WRONG_ADDRESS = "wrong_address", _("The address is wrong")
    REFUSED = "refused", _("The reader did not want it")
    OTHER = "other", _("Another reason")


class Route(models.TextChoices):
    DOOR = "door", _("To the door")
    POINT = "point", _("To a post-office culture point")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the deliveries of the libraries that the actor handles, and one's own."""
        if actor.everywhere:
            return self
        own = Q(patron=actor.patron_id) if actor.patron_id else Q(pk=None)
        libraries = actor.libraries(DeliveryPermission.HANDLE) | actor.libraries(
            DeliveryPermission.APPROVE
        )
        return self.filter(Q(library__in=libraries) | own)

    def for_account(self, patron: Patron) -> Self:
        """Return the reader's deliveries, the newest first, with what their pages show."""
        return self.filter(patron=patron).with_books().order_by("-id")

    def for_board(self) -> Self:
        return self.with_books().select_related("patron", "run__carrier").order_by("asked_at", "id")

    def with_books(self) -> Self:
        lines = DeliveryItem.objects.select_related(
            "record", "item__location", "item__library", "loan"
        ).defer("record__marc")
        return self.select_related("library", "point").prefetch_related(
            Prefetch("lines", queryset=lines.order_by("id"))
        )

    def open(self) -> Self:
        return self.exclude(state__in=[str(state) for state in policy.CLOSED_STATES])

    def to_forget(self, closed_before: datetime) -> Self:
        """Return those that ended before the moment and still name their reader."""
        return self.filter(closed_at__lt=closed_before, forgotten_at=None)


class Delivery(models.Model):
    """Books that go to a reader's door, or are fetched there.

    The reference stands on the label and names nobody. Where it goes is written down for this
    parcel alone and forgotten a while after its end, together with whose it was.
    """

    library = models.ForeignKey(Library, models.PROTECT, related_name="deliveries")
    patron = models.ForeignKey(Patron, models.PROTECT, null=True, related_name="deliveries")
    leg = models.CharField(max_length=4, choices=DeliveryLeg.choices)
    state = models.CharField(max_length=12, choices=DeliveryState.choices)
    reference = models.CharField(max_length=16, unique=True)
    route = models.CharField(max_length=5, choices=Route.choices, default=Route.DOOR)
    point = models.ForeignKey(Library, models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=150, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    address_verified = models.BooleanField(default=False)
    address_changed_at = models.DateTimeField(null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    fee = models.PositiveBigIntegerField(default=0)  # whole đồng
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="deliveries")
    tracking_number = models.CharField(_("tracking number"), max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failed_for = models.CharField(max_length=15, choices=FailReason.choices, blank=True)
    failed_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("home delivery")
        constraints = [
            models.CheckConstraint(
                condition=Q(patron__isnull=False) | Q(closed_at__isnull=False),
                name="open_delivery_has_a_reader",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at=None)
                | Q(patron=None, name="", phone="", address="", note=""),
                name="forgotten_delivery_names_nobody",
            ),
            models.CheckConstraint(
                condition=Q(route="door", point=None) | Q(route="point", point__isnull=False),
                name="delivery_goes_to_a_door_or_a_point",
            ),
        ]
        indexes = [
            models.Index(
                fields=["library", "state", "asked_at"],
                condition=Q(closed_at=None),
                name="open_deliveries",
            ),
            models.Index(fields=["patron", "-id"], name="delivery_by_patron"),
            models.Index(
                fields=["closed_at"], condition=Q(forgotten_at=None), name="delivery_to_forget"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state not in policy.CLOSED_STATES

    @property
    def books(self) -> list[DeliveryItem]:
        """The books still meant to go, in the order in which they were asked for."""
        return [line for line in self.lines.all() if not line.is_dropped]

    @property
    def dialled_phone(self) -> str:
        return local_phone(self.phone)

    @property
    def destination(self) -> str:
        """Where it goes, in one line."""
        if self.point is not None:
            return f"{self.point.name}, {self.point.address}".strip(", ")
        return self.address


class DeliveryItemQuerySet(models.QuerySet["DeliveryItem"]):
    def to_pick(self) -> Self:
        """Return the books in the order in which one walks along the shelves."""
        return (
            self.select_related("record", "delivery", "item__location", "item__library")
            .defer("record__marc")
            .order_by(
                "item__library__path",
                "item__location__code",
                "item__call_number",
                "item__accession_number",
                "id",
            )
        )


class DeliveryItem(models.Model):
    """One book of a delivery. The copy is known once it is chosen, the loan once it begins.

    While the line is open its copy is in no other delivery.
    """

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="lines")
    record = models.ForeignKey(Record, models.PROTECT, related_name="delivery_lines")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="delivery_lines")
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, related_name="delivery_lines")
    is_open = models.BooleanField(default=True)
    is_dropped = models.BooleanField(default=False)
    drop_reason = models.CharField(max_length=200, blank=True)
    picked_at = models.DateTimeField(null=True)
    packed_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    objects = DeliveryItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(is_open=True, item__isnull=False),
                name="copy_in_one_open_delivery",
            ),
            models.UniqueConstraint(
                fields=["delivery", "record"],
                condition=Q(item=None, is_dropped=False),
                name="record_asked_once_per_delivery",
            ),
            models.CheckConstraint(
                condition=Q(is_dropped=False) | Q(is_open=False), name="dropped_line_is_closed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.record_id}"


class DeliveryEvent(models.Model):
    """One step of a delivery: when, by whom. The note is forgotten with the address."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="events")
    step = models.CharField(max_length=10, choices=StepName.choices)
    source = models.CharField(max_length=12, choices=DeliveryState.choices, blank=True)
    target = models.CharField(max_length=12, choices=DeliveryState.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=150, blank=True)
    face = models.CharField(max_length=20)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.step}"
