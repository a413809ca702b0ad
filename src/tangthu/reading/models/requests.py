from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.patrons.models import Patron
from tangthu.reading.permissions import ReadingPermission
from tangthu.reading.policy.requests import Grant
from tangthu.repository.models import DigitalObject


class RequestState(models.TextChoices):
    WAITING = "waiting", _("Waiting for an answer")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Taken back by the reader")
    REVOKED = "revoked", _("Approval taken back")


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the requests for documents of the libraries where the actor decides them."""
        if actor.everywhere:
            return self
        return self.filter(object__library__in=actor.libraries(ReadingPermission.REQUESTS))

    def for_account(self, patron_id: int) -> Self:
        """Return a reader's own requests with their documents, the newest first."""
        return self.filter(patron=patron_id).select_related("object__library").order_by("-id")

    def waiting(self) -> Self:
        return self.filter(state=RequestState.WAITING)

    def granting(self, obj: DigitalObject, patron_id: int, *, now: datetime) -> Self:
        """Return the approvals of this reader for this document that have not ended, in order."""
        mine = self.filter(object=obj, patron=patron_id, state=RequestState.APPROVED)
        return mine.filter(expires_at__gt=now).order_by("expires_at", "id")

    def standing(self, obj: DigitalObject, patron_id: int) -> Self:
        """Return this reader's requests for this document that stand, the newest first."""
        mine = self.filter(object=obj, patron=patron_id)
        return mine.exclude(state=RequestState.WITHDRAWN).order_by("-id")

    def named(self) -> Self:
        return self.exclude(patron=None)


class AccessRequest(models.Model):
    """That a reader asks to open a document shown on request; what staff answered, what was used.

    `visit_from` and `visit_until` tell of the opening that runs: going on with it counts nothing.
    """

    object = models.ForeignKey(DigitalObject, models.PROTECT, related_name="access_requests")
    patron = models.ForeignKey(Patron, models.SET_NULL, null=True, related_name="+")
    purpose = models.TextField(blank=True)
    contact = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=10, choices=RequestState.choices, default=RequestState.WAITING
    )
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    expires_at = models.DateTimeField(null=True)
    views_limit = models.PositiveIntegerField(null=True)
    views_used = models.PositiveIntegerField(default=0)
    visit_from = models.DateTimeField(null=True)
    visit_until = models.DateTimeField(null=True)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to open a document")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["object", "patron"],
                condition=Q(state="waiting"),
                name="reader_waits_once_for_object",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(expires_at__isnull=False),
                name="approval_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(views_limit=None) | Q(views_used__lte=models.F("views_limit")),
                name="approval_not_used_up_twice",
            ),
        ]
        indexes = [
            models.Index(fields=["patron", "object", "state"], name="request_of_reader"),
            models.Index(fields=["state", "asked_at"], name="request_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.object_id} {self.state}"

    @property
    def grant(self) -> Grant | None:
        """What it grants; nothing unless it was approved."""
        if self.state != RequestState.APPROVED or self.expires_at is None:
            return None
        return Grant(
            expires_at=self.expires_at,
            views_limit=self.views_limit,
            views_used=self.views_used,
            visit_from=self.visit_from,
            visit_until=self.visit_until,
        )

    @property
    def last_day(self) -> date | None:
        """The last day on which an approval opens the document, as staff named it."""
        if self.expires_at is None:
            return None
        return timezone.localdate(self.expires_at - timedelta(microseconds=1))

    @property
    def views_left(self) -> int | None:
        """How many more openings are left; None where they are not limited, or not granted."""
        return self.grant.views_left if self.grant else None
