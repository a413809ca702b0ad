"""Copies that are carried from one library to another, and those that stay elsewhere."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Item, ItemType
from tangthu.circulation.models.holds import Hold
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library


class TransferReason(models.TextChoices):
    HOLD = "hold", _("For a reader")
    RETURN_HOME = "return_home", _("Back to its library")
    RECALL = "recall", _("For a reader who called it back")
    MANUAL = "manual", _("Sent by the staff")
    ROTATION = "rotation", _("Rotating stock")


class TransferQuerySet(models.QuerySet["Transfer"]):
    def open(self) -> Self:
        return self.filter(received_at=None, cancelled_at=None)

    def to_send(self) -> Self:
        return self.open().filter(sent_at=None)

    def on_the_way(self) -> Self:
        return self.open().filter(sent_at__isnull=False)

    def visible_to(self, actor: Actor) -> Self:
        """Return the transfers from or to libraries where the actor lends."""
        from tangthu.circulation.permissions import CirculationPermission

        if actor.everywhere:
            return self
        libraries = actor.libraries(CirculationPermission.LEND)
        return self.filter(Q(origin__in=libraries) | Q(destination__in=libraries))

    def for_list(self) -> Self:
        return self.select_related(
            "item__record", "item__library", "item__location", "origin", "destination", "hold"
        ).defer("item__record__marc")


class Transfer(models.Model):
    """A copy's way from one library to another: asked for, sent, and received or cancelled."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="transfers")
    origin = models.ForeignKey(Library, models.PROTECT, related_name="transfers_out")
    destination = models.ForeignKey(Library, models.PROTECT, related_name="transfers_in")
    reason = models.CharField(max_length=12, choices=TransferReason.choices)
    hold = models.ForeignKey(Hold, models.PROTECT, null=True, related_name="transfers")
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(received_at=None, cancelled_at=None),
                name="one_open_transfer_per_item",
            ),
            models.CheckConstraint(
                condition=Q(received_at=None) | Q(cancelled_at=None),
                name="transfer_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(received_at=None) | Q(sent_at__isnull=False),
                name="transfer_is_sent_before_received",
            ),
            models.CheckConstraint(
                condition=~Q(origin=models.F("destination")), name="transfer_goes_elsewhere"
            ),
        ]
        indexes = [
            models.Index(
                fields=["destination"],
                condition=Q(received_at=None, cancelled_at=None),
                name="transfer_open_to",
            ),
            models.Index(
                fields=["origin"],
                condition=Q(received_at=None, cancelled_at=None),
                name="transfer_open_from",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} to {self.destination_id}"


class TransferLimitQuerySet(models.QuerySet["TransferLimit"]):
    def holding_at(self, library: Library) -> Self:
        """Return the limits on what leaves the library, its own before those it inherits."""
        rows = self.filter(origin__in=library.chain)
        parts = rows.select_related("origin", "destination", "item_type")
        return parts.order_by("-origin__path", "destination__name", "item_type__name", "pk")


class TransferLimit(models.Model):
    """Whether copies are carried from one library to another, and from or to those below them.

    Where no limit speaks of a way, the lending rules say how far copies are carried for readers.
    No item type means any.
    """

    origin = models.ForeignKey(Library, models.CASCADE, related_name="limits_from")
    destination = models.ForeignKey(Library, models.CASCADE, related_name="limits_to")
    item_type = models.ForeignKey(ItemType, models.CASCADE, null=True, blank=True)
    allowed = models.BooleanField()

    objects = TransferLimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit of transports")
        constraints = [
            models.UniqueConstraint(
                "origin",
                "destination",
                Coalesce("item_type", Value(0)),
                name="one_limit_per_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} to {self.destination_id}: {self.allowed}"


class Stay(models.Model):
    """A copy that stands at another library than its own, until it is sent or fetched home."""

    item = models.OneToOneField(Item, models.CASCADE, related_name="stay")
    library = models.ForeignKey(Library, models.PROTECT, related_name="stays")
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("copy at another library")

    def __str__(self) -> str:
        return f"{self.item_id} at {self.library_id}"
