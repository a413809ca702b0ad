from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models.patron import Patron
from tangthu.patrons.permissions import PatronsPermission
from tangthu.patrons.policy import rights
from tangthu.text.phones import local_phone


class ContactState(models.TextChoices):
    WAITING = "waiting", _("Waiting for the library")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn by the reader")


class ContactChangeQuerySet(models.QuerySet["ContactChange"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.everywhere:
            return self
        own = Q(patron=actor.patron_id) if actor.patron_id else Q(pk=None)
        at = actor.libraries(PatronsPermission.EDIT_PATRONS)
        return self.filter(Q(patron__library__in=at) | own)

    def waiting(self) -> Self:
        return self.filter(state=ContactState.WAITING)

    def for_queue(self) -> Self:
        return self.select_related("patron__library", "patron__category").order_by("asked_at", "id")


class ContactChange(models.Model):
    """A reader's wish to be reached otherwise. What is null stays as it is."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="contact_changes")
    phone = models.CharField(_("phone"), max_length=20, null=True, blank=True)  # noqa: DJ001
    email = models.EmailField(_("e-mail"), null=True, blank=True)  # noqa: DJ001
    address = models.CharField(  # noqa: DJ001
        _("address"), max_length=300, null=True, blank=True
    )
    state = models.CharField(
        max_length=10, choices=ContactState.choices, default=ContactState.WAITING
    )
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = ContactChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"], name="contact_change_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["patron"],
                condition=Q(state="waiting"),
                name="one_contact_change_waits_per_patron",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patron_id} {self.state}"

    @property
    def dialled_phone(self) -> str | None:
        return None if self.phone is None else local_phone(self.phone)


class RequestKind(models.TextChoices):
    EXPORT = rights.RequestKind.EXPORT.value, _("A copy of the data")
    CORRECT = rights.RequestKind.CORRECT.value, _("Correction")
    ERASE = rights.RequestKind.ERASE.value, _("Erasure")


class RequestState(models.TextChoices):
    WAITING = rights.RequestState.WAITING.value, _("Waiting for the library")
    POSTPONED = rights.RequestState.POSTPONED.value, _("Postponed")
    DONE = rights.RequestState.DONE.value, _("Done")
    REFUSED = rights.RequestState.REFUSED.value, _("Refused")
    WITHDRAWN = rights.RequestState.WITHDRAWN.value, _("Withdrawn by the reader")


IS_OPEN = Q(state__in=sorted(state.value for state in rights.OPEN))


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.everywhere:
            return self
        own = Q(patron=actor.patron_id) if actor.patron_id else Q(pk=None)
        at = actor.libraries(PatronsPermission.ANSWER_DATA_REQUESTS)
        return self.filter(Q(library__in=at) | own)

    def open(self) -> Self:
        return self.filter(IS_OPEN)

    def for_queue(self) -> Self:
        """Return them by the day on which the answer is due."""
        return self.select_related("patron__category", "library").order_by("answer_by", "id")

    def late(self, today: date) -> Self:
        return self.filter(state=RequestState.WAITING, answer_by__lt=today)


class DataRequest(models.Model):
    """A person uses their right over what the library holds on them, with the law's clock.

    The line stays when the reader is erased, as proof that it was done; it names nobody then.
    """

    kind = models.CharField(max_length=10, choices=RequestKind.choices)
    state = models.CharField(
        max_length=10, choices=RequestState.choices, default=RequestState.WAITING
    )
    patron = models.ForeignKey(Patron, models.PROTECT, related_name="data_requests")
    library = models.ForeignKey(Library, models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000, blank=True)
    asked_at = models.DateTimeField()
    answer_by = models.DateField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=150, blank=True)
    answer = models.CharField(max_length=1000, blank=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "answer_by"], name="data_request_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["patron", "kind"], condition=IS_OPEN, name="one_open_request_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.patron_id}"

    @property
    def is_open(self) -> bool:
        return self.state in rights.OPEN

    def is_late(self, today: date) -> bool:
        return self.state == RequestState.WAITING and self.answer_by < today
