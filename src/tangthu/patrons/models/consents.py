from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tangthu.patrons.models.applications import Application
from tangthu.patrons.models.patron import Patron
from tangthu.patrons.policy.applying import Purpose


class ConsentPurpose(models.TextChoices):
    CARD = Purpose.CARD.value, _("Library card")
    REMINDERS = Purpose.REMINDERS.value, _("Reminders by e-mail and text message")
    ZALO = Purpose.ZALO.value, _("Messages by Zalo")
    PHOTO = Purpose.PHOTO.value, _("Photo")
    STATISTICS = Purpose.STATISTICS.value, _("Statistics")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self) -> Self:
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """What somebody agreed to: the very words, their version, who, and when. Never changed."""

    application = models.ForeignKey(
        Application, models.SET_NULL, null=True, blank=True, related_name="consents"
    )
    patron = models.ForeignKey(
        Patron, models.CASCADE, null=True, blank=True, related_name="consents"
    )
    purpose = models.CharField(max_length=20, choices=ConsentPurpose.choices)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    text = models.TextField()
    given_by = models.CharField(max_length=150)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patron", "purpose"],
                condition=Q(withdrawn_at=None, patron__isnull=False),
                name="one_consent_in_force_per_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"
