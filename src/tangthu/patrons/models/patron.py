from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons import policy, sealing
from tangthu.patrons.models.categories import PatronCategory
from tangthu.patrons.models.photos import Photo
from tangthu.patrons.models.restrictions import Restriction
from tangthu.patrons.permissions import PatronsPermission
from tangthu.text.folding import prefix_forms
from tangthu.text.phones import local_phone, read_citizen_number
from tangthu.text.words import tokens

MOST_WORDS = 8
"""Of a search. Nobody's name has more, and each word is one more comparison per reader."""


class CardStatus(models.TextChoices):
    ACTIVE = "active", _("In use")
    LOST = "lost", _("Reported lost")
    WITHDRAWN = "withdrawn", _("Card withdrawn")


def _exactly(text: str, by: Actor | None) -> Q:
    """Return the condition that the text is a patron's card, phone or citizen number."""
    named = Q(card=policy.normal_card(text)[: policy.LONGEST_CARD])
    phone = policy.stored_phone(text)
    if phone is not None:
        named |= Q(phone=phone)
    citizen = read_citizen_number(text)
    if citizen is not None and by is not None and by.may(PatronsPermission.SEE_CITIZEN_NUMBER):
        known = Q(citizen_number_digest__in=sealing.every_digest(citizen.digits))
        if not by.everywhere:
            known &= Q(library__in=by.libraries(PatronsPermission.SEE_CITIZEN_NUMBER))
        named |= known
    return named


def _begins_a_word(beginnings: Iterable[str]) -> Q:
    condition = Q()
    for beginning in beginnings:
        condition |= Q(folded_name__startswith=beginning)
        condition |= Q(folded_name__contains=f" {beginning}")
    return condition


class PatronQuerySet(models.QuerySet["Patron"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the patrons of the libraries whose readers the actor may see.

        Of somebody who was erased only a line without a name is left, and that nobody sees.
        """
        known = self.filter(erased_at=None)
        if actor.everywhere:
            return known
        own = Q(pk=actor.patron_id) if actor.patron_id else Q(pk=None)
        return known.filter(Q(library__in=actor.libraries(PatronsPermission.SEE_PATRONS)) | own)

    def for_list(self) -> Self:
        return self.select_related("category", "library").order_by("sort_key", "id")

    def by_card(self, text: str) -> Self:
        """Return the patron of exactly this card, in any case and with any spaces."""
        return self.filter(card=policy.normal_card(text))

    def matching(self, text: str, *, by: Actor | None = None) -> Self:
        """Return the patrons whom a typed or scanned text names.

        A card, a phone (0… or +84…), or a citizen number where `by` may see it, is taken
        exactly, and hides everything else; other text is words of the name, in any order, with
        their marks or without, each perhaps only begun. Words are compared along the index of
        the names: 10 to 40 ms at 60,000 readers, on both databases.
        """
        exact = list(self.filter(_exactly(text, by)).values_list("pk", flat=True)[:100])
        if exact:
            return self.filter(pk__in=exact)
        words = [word for word in tokens(text) if any(map(str.isalpha, word))]
        if not words:
            return self.none()
        named = Patron.objects.order_by()
        for word in words[:MOST_WORDS]:
            named = named.filter(_begins_a_word(prefix_forms(word)))
        # Apart, so that SQLite reads the names from their index and not from the rows.
        return self.filter(pk__in=named.values("pk"))

    def expired(self, on: date) -> Self:
        return self.filter(expires_on__lt=on)

    def restricted(self, on: date) -> Self:
        """Return the patrons with a restriction in force on that day."""
        return self.filter(pk__in=Restriction.objects.in_force(on).values("patron"))


class Patron(models.Model):
    """A reader and the card. The citizen number is kept encrypted, and hashed for look-up."""

    card = models.CharField(_("card number"), max_length=40, unique=True)
    card_status = models.CharField(
        max_length=10, choices=CardStatus.choices, default=CardStatus.ACTIVE
    )
    name = models.CharField(_("full name"), max_length=150)
    sort_name = models.CharField(_("sort name"), max_length=160)
    sort_key = models.BinaryField(max_length=255, editable=False)
    folded_name = models.CharField(max_length=320, editable=False, db_index=True)
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
    photo = models.ForeignKey(Photo, models.SET_NULL, null=True, blank=True, related_name="+")
    is_temporary = models.BooleanField(_("temporary card"), default=False)
    note = models.TextField(_("note"), blank=True)
    registered_on = models.DateField(_("registered on"))
    expires_on = models.DateField(_("card valid until"))
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = PatronQuerySet.as_manager()

    class Meta:
        verbose_name = _("patron")
        indexes = [
            models.Index(fields=["library", "sort_key", "id"], name="patron_list"),
            models.Index(fields=["sort_key", "id"], name="patron_list_of_all"),
            models.Index(fields=["expires_on"], name="patron_expiry"),
        ]

    def __str__(self) -> str:
        return self.name

    def age(self, on: date) -> int | None:
        return None if self.birth_on is None else policy.age_on(self.birth_on, on)

    @property
    def dialled_phone(self) -> str:
        """The phone number as people write and dial it at home."""
        return local_phone(self.phone)

    @property
    def dialled_guardian_phone(self) -> str:
        return local_phone(self.guardian_phone)

    @property
    def has_citizen_number(self) -> bool:
        return self.citizen_number_digest is not None
