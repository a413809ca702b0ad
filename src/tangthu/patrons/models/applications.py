from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons import policy, sealing
from tangthu.patrons.models.categories import PatronCategory
from tangthu.patrons.models.patron import Patron
from tangthu.patrons.models.photos import Photo
from tangthu.patrons.permissions import PatronsPermission
from tangthu.patrons.policy import applying
from tangthu.text.phones import local_phone


class ApplicationState(models.TextChoices):
    DRAFT = applying.ApplicationState.DRAFT.value, _("Not sent yet")
    WAITING = applying.ApplicationState.WAITING.value, _("Waiting for the library")
    RETURNED = applying.ApplicationState.RETURNED.value, _("Returned for correction")
    APPROVED = applying.ApplicationState.APPROVED.value, _("Approved")
    REFUSED = applying.ApplicationState.REFUSED.value, _("Refused")


class ReturnReason(models.TextChoices):
    """Why an application goes back or is refused; the words are the applicant's to read."""

    NAME = "name", _("The name is not complete, or not as on your papers.")
    PHOTO = (
        "photo",
        _("The photo does not show your face clearly. Take another one, from the front."),
    )
    CONTACT = "contact", _("We could not reach you. Check the phone number and the e-mail address.")
    GUARDIAN = "guardian", _("A parent or guardian must be named, with a phone number.")
    ADDRESS = "address", _("The address is not complete.")
    KNOWN = "known", _("You have a card of this library already. Come to the desk to renew it.")
    ELSEWHERE = (
        "elsewhere",
        _("Another library of the network is nearer to you. Choose it instead."),
    )
    OTHER = "other", _("Another reason")


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the applications sent to the libraries whose readers the actor registers."""
        sent = self.exclude(state=ApplicationState.DRAFT)
        if actor.everywhere:
            return sent
        return sent.filter(library__in=actor.libraries(PatronsPermission.EDIT_PATRONS))

    def by_code(self, code: str) -> Self:
        """Return the application of this secret code; none for what cannot be one."""
        plain = applying.normal_code(code)
        if len(plain) != applying.CODE_LENGTH:
            return self.none()
        return self.filter(code_digest__in=sealing.every_digest(plain))

    def waiting(self) -> Self:
        return self.filter(state=ApplicationState.WAITING)

    def for_queue(self) -> Self:
        """Return them oldest first, with what a line of the queue shows."""
        return self.select_related("library", "category", "patron").order_by("sent_at", "id")

    def to_forget(self, now: datetime) -> Self:
        """Return those whose time is over, by their state."""
        over = Q(pk=None)
        for state, kept in applying.KEPT.items():
            over |= Q(state=state.value, changed_at__lt=now - kept)
        return self.filter(over)


class Application(models.Model):
    """Somebody asks for a card from afar. Until it is sent, nobody of the staff sees it."""

    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    code_sealed = models.BinaryField(editable=False, null=True)
    state = models.CharField(
        max_length=10, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    library = models.ForeignKey(
        Library, models.PROTECT, null=True, blank=True, related_name="card_applications"
    )
    category = models.ForeignKey(PatronCategory, models.PROTECT, null=True, blank=True)
    name = models.CharField(_("full name"), max_length=150, blank=True)
    folded_name = models.CharField(max_length=320, blank=True, editable=False, db_index=True)
    birth_on = models.DateField(_("date of birth"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    guardian_name = models.CharField(_("guardian's name"), max_length=150, blank=True)
    guardian_phone = models.CharField(_("guardian's phone"), max_length=20, blank=True)
    guardian_relation = models.CharField(_("relation"), max_length=60, blank=True)
    citizen_number_sealed = models.BinaryField(null=True, editable=False)
    citizen_number_digest = models.CharField(  # noqa: DJ001
        max_length=64, null=True, blank=True, db_index=True, editable=False
    )
    photo = models.ForeignKey(Photo, models.SET_NULL, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=5, default="vi")
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=20, choices=ReturnReason.choices, blank=True)
    reason_text = models.CharField(max_length=500, blank=True)
    patron = models.ForeignKey(
        Patron, models.CASCADE, null=True, blank=True, related_name="applications"
    )
    version = models.PositiveIntegerField(default=1)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("card application")
        indexes = [
            models.Index(fields=["state", "sent_at", "id"], name="application_queue"),
            models.Index(fields=["state", "changed_at"], name="application_age"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="approved", patron__isnull=False)
                | (~Q(state="approved") & Q(patron__isnull=True)),
                name="an_approved_application_made_a_patron",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_citizen_number(self) -> bool:
        return self.citizen_number_digest is not None

    @property
    def is_changeable(self) -> bool:
        return self.state in applying.CHANGEABLE

    @property
    def dialled_phone(self) -> str:
        return local_phone(self.phone)

    @property
    def dialled_guardian_phone(self) -> str:
        return local_phone(self.guardian_phone)

    def age(self, on: date) -> int | None:
        return None if self.birth_on is None else policy.age_on(self.birth_on, on)

    @property
    def why(self) -> str:
        """Why it was returned or refused, in the words that the applicant reads."""
        known = "" if self.reason in {"", ReturnReason.OTHER} else self.get_reason_display()
        return " ".join(part for part in (str(known), self.reason_text) if part)


class Knock(models.Model):
    """Somebody without a name did something that could be done a thousand times."""

    kind = models.CharField(max_length=20)
    address = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "address", "at"], name="knock_count")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
