from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.libraries.models import Library
from tangthu.text.phones import local_phone


class CarrierKind(models.TextChoices):
    COURIER = "courier", _("Courier or post")
    STAFF = "staff", _("Library staff or volunteer")
    POST_POINT = "post_point", _("Post-office culture point")


class CarrierQuerySet(models.QuerySet["Carrier"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the carriers of the libraries whose deliveries the actor handles."""
        if actor.everywhere:
            return self
        return self.filter(library__in=actor.libraries(DeliveryPermission.HANDLE))

    def active(self) -> Self:
        return self.filter(is_active=True)


class Carrier(models.Model):
    """Somebody who carries parcels for a library, or a point where readers fetch them."""

    library = models.ForeignKey(Library, models.PROTECT, related_name="carriers")
    kind = models.CharField(_("kind"), max_length=12, choices=CarrierKind.choices)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    point = models.ForeignKey(
        Library,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("post-office culture point"),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = CarrierQuerySet.as_manager()

    class Meta:
        verbose_name = _("carrier")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["library", "name"], name="carrier_name_in_library"),
            models.CheckConstraint(
                condition=Q(kind="post_point") | Q(point=None), name="only_a_post_point_has_a_point"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def dialled_phone(self) -> str:
        return local_phone(self.phone)


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the runs of the libraries whose deliveries the actor handles."""
        if actor.everywhere:
            return self
        return self.filter(library__in=actor.libraries(DeliveryPermission.HANDLE))

    def under_way(self, at: datetime) -> Self:
        """Return the runs whose carrier may use the link."""
        return self.exclude(sent_at=None).filter(expires_at__gt=at)

    def loading(self) -> Self:
        return self.filter(sent_at=None)

    def for_list(self) -> Self:
        return self.select_related("carrier", "library").order_by("-id")


class Run(models.Model):
    """Parcels handed over together to one carrier.

    The carrier's link is made of the run and its nonce, signed; another nonce ends it.
    """

    library = models.ForeignKey(Library, models.PROTECT, related_name="runs")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="runs")
    nonce = models.CharField(max_length=32)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        indexes = [models.Index(fields=["library", "-id"], name="run_newest")]

    def __str__(self) -> str:
        return f"{self.carrier_id} {self.created_at}"

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None
