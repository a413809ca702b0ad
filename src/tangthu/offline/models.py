from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tangthu.access.models import User
from tangthu.catalogue.models import Item
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.offline.permissions import OfflinePermission
from tangthu.offline.policy import EventKind as Kind
from tangthu.patrons.models import Patron


class DeviceQuerySet(models.QuerySet["Device"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the devices of the libraries at which the actor uses or manages them."""
        if actor.everywhere:
            return self
        held = actor.libraries(OfflinePermission.USE) | actor.libraries(OfflinePermission.MANAGE)
        return self.filter(library__in=held)


class Device(models.Model):
    """A browser that may work without a line. Its keys are derived, with `salt`, not stored.

    `last_number` is the last event that came from it; `offset_ms` what its clock was behind when
    it was last asked; `cards` the card numbers kept for readers whom it registers; `users`
    the staff who have opened it.
    """

    uid = models.UUIDField(unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    library = models.ForeignKey(Library, models.PROTECT, related_name="offline_devices")
    salt = models.BinaryField(max_length=32, editable=False)
    browser = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    met_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    last_number = models.PositiveBigIntegerField(default=0)
    offset_ms = models.BigIntegerField(default=0)
    cards = models.JSONField(default=list)
    users = models.JSONField(default=list)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=150, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("offline device")
        ordering = ["library__path", "name", "id"]

    def __str__(self) -> str:
        return self.name


class EventKind(models.TextChoices):
    CHECK_OUT = Kind.CHECK_OUT.value, _("Lent")
    CHECK_IN = Kind.CHECK_IN.value, _("Returned")
    RENEW = Kind.RENEW.value, _("Renewed")
    REGISTER = Kind.REGISTER.value, _("Reader registered")


class EventState(models.TextChoices):
    """What became of an event. `NOTED` was done, but somebody should look at it."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    NOTED = "noted", _("Done; please look at it")
    REFUSED = "refused", _("Not done")
    SETTLED = "settled", _("Settled by a person")
    DISMISSED = "dismissed", _("Put aside")


OPEN_STATES = (EventState.NOTED, EventState.REFUSED)
"""What is on the to-do list."""


class OfflineEventQuerySet(models.QuerySet["OfflineEvent"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the events of the devices whose library's offline desk the actor uses."""
        if actor.everywhere:
            return self
        return self.filter(device__library__in=actor.libraries(OfflinePermission.USE))

    def waiting(self) -> Self:
        return self.filter(state=EventState.WAITING).order_by("id")

    def to_do(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def for_list(self) -> Self:
        return self.select_related(
            "device__library", "user", "patron__library", "item__record", "item__library"
        ).defer("item__record__marc")


class OfflineEvent(models.Model):
    """A deed of the offline desk, and what became of it when it was done again here.

    `at` is when it happened, as well as can be told; `wall_at` what the device's clock showed.
    `body` is the event as it came; of a registration the personal data goes once it is settled.
    `outcome` says what was done, or why not: codes and data, never prose.
    """

    device = models.ForeignKey(Device, models.PROTECT, related_name="events")
    uid = models.UUIDField(unique=True, editable=False)
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10, choices=EventKind.choices)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    patron = models.ForeignKey(Patron, models.SET_NULL, null=True, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    wall_at = models.DateTimeField()
    at = models.DateTimeField()
    doubts = models.JSONField(default=list)
    body = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=150)
    state = models.CharField(max_length=10, choices=EventState.choices, default=EventState.WAITING)
    outcome = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = OfflineEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("offline event")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(reason=""),
                name="dismissed_event_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["device", "id"], condition=Q(state="waiting"), name="offline_waiting"
            ),
            models.Index(
                fields=["device", "id"],
                condition=Q(state__in=["noted", "refused"]),
                name="offline_to_do",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} #{self.number} {self.kind}"
