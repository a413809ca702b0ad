"""What is kept of protected loans: the licence at an LCP server, and the reader's passphrase."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from tangthu.patrons.models import Patron
from tangthu.reading.models.loans import DigitalLoan
from tangthu.reading.policy.protection import LcpStatus, Wanted


class LcpLoanQuerySet(models.QuerySet["LcpLoan"]):
    def pending(self, now: datetime) -> Self:
        """Return those of which the licence server is to be told something by that moment."""
        return self.exclude(wanted=Wanted.NOTHING).exclude(identifier="").filter(next_at__lte=now)

    def to_look_at(self, before: datetime) -> Self:
        """Return the issued ones of open loans whose state was not asked for since."""
        unseen = Q(checked_at=None) | Q(checked_at__lt=before)
        return (
            self.filter(unseen, loan__returned_at=None, wanted=Wanted.NOTHING)
            .exclude(identifier="")
            .filter(status__in=[LcpStatus.READY, LcpStatus.ACTIVE])
        )


class LcpLoan(models.Model):
    """The licence of one loan at the LCP server.

    `user` is what the server knows the borrower by, for this loan alone: it learns neither who it
    is nor what else they borrow. `identifier` is empty until the licence was issued. `wanted` is
    what the server is still to be told, and is tried again from `next_at` on.
    """

    loan = models.OneToOneField(DigitalLoan, models.CASCADE, related_name="lcp")
    user = models.UUIDField(unique=True)
    identifier = models.CharField(max_length=100, blank=True)
    status = models.CharField(
        max_length=10, choices=[(each, each) for each in LcpStatus], default=LcpStatus.READY
    )
    wanted = models.CharField(
        max_length=10, choices=[(each, each) for each in Wanted], blank=True, default=""
    )
    asked_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True)

    objects = LcpLoanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["identifier"], condition=~Q(identifier=""), name="an_lcp_licence_is_of_one"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=~Q(wanted=""), name="lcp_to_be_told"),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.status}"


class Passphrase(models.Model):
    """By which a reader opens protected books: its digest, sealed, and the reader's own hint."""

    patron = models.OneToOneField(Patron, models.CASCADE, related_name="+")
    sealed = models.BinaryField(max_length=200)
    hint = models.CharField(max_length=120)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.patron_id}"
