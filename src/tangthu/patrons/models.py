from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.permissions import PatronsPermission


class PatronCategory(models.Model):
    """A kind of reader (loại bạn đọc)."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=100)
    minimum_age = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    card_months = models.PositiveSmallIntegerField(_("months a card is valid"), default=12)
    needs_guardian = models.BooleanField(_("needs a guardian"), default=False)

    class Meta:
        verbose_name = _("patron category")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CardStatus(models.TextChoices):
    ACTIVE = "active", _("In use")
    LOST = "lost", _("Reported lost")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PatronQuerySet(models.QuerySet["Patron"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the patrons of the libraries whose readers the actor may see."""
        if actor.everywhere:
            return self
        own = Q(pk=actor.patron_id) if actor.patron_id else Q(pk=None)
        return self.filter(Q(library__in=actor.libraries(PatronsPermission.SEE_PATRONS)) | own)

    def for_list(self) -> Self:
        return self.select_related("category", "library").order_by("sort_key", "id")


class Patron(models.Model):
    """A reader and the card. The citizen number is kept encrypted, and hashed for look-up."""

    card = models.CharField(_("card number"), max_length=40, unique=True)
    card_status = models.CharField(
        max_length=10, choices=CardStatus.choices, default=CardStatus.ACTIVE
    )
    name = models.CharField(_("full name"), max_length=150)
    sort_name = models.CharField(_("sort name"), max_length=160)
    sort_key = models.BinaryField(max_length=255, editable=False)
    folded_name = models.CharField(max_length=160, editable=False, db_index=True)
    category = models.ForeignKey(PatronCategory, models.PROTECT, related_name="patrons")
    library = models.ForeignKey(Library, models.PROTECT, related_name="patrons")
    birth_on = models.DateField(_("date of birth"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    ward_code = models.CharField(_("ward code"), max_length=10, blank=True)
    guardian = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="wards"
    )
    guardian_name = models.CharField(_("guardian's name"), max_length=150, blank=True)
    guardian_phone = models.CharField(_("guardian's phone"), max_length=20, blank=True)
    citizen_number_sealed = models.BinaryField(null=True, editable=False)
    citizen_number_digest = models.CharField(
        max_length=64, null=True, blank=True, unique=True, editable=False
    )
    note = models.TextField(_("note"), blank=True)
    registered_on = models.DateField(_("registered on"))
    expires_on = models.DateField(_("card valid until"))
    version = models.PositiveIntegerField(default=1)

    objects = PatronQuerySet.as_manager()

    class Meta:
        verbose_name = _("patron")
        indexes = [models.Index(fields=["library", "sort_key"], name="patron_list")]

    def __str__(self) -> str:
        return self.name

    def age(self, on: date) -> int | None:
        if self.birth_on is None:
            return None
        had_birthday = (on.month, on.day) >= (self.birth_on.month, self.birth_on.day)
        return on.year - self.birth_on.year - (0 if had_birthday else 1)


class RestrictionKind(models.TextChoices):
    MANUAL = "manual", _("By the staff")
    ADDRESS = "address", _("Address is not valid")
    CONDUCT = "conduct", _("Broke the library's rules")


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def in_force(self, on: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=on), lifted_at=None)


class Restriction(models.Model):
    """A stop put on a patron's card, for a time or until it is lifted."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="restrictions")
    kind = models.CharField(max_length=20, choices=RestrictionKind.choices)
    until = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("reason"), max_length=300, blank=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=150)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = RestrictionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.patron_id} {self.kind}"
