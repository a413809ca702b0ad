from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tangthu.access.policy import browser_name
from tangthu.patrons.models.patron import Patron


class ReaderAccount(models.Model):
    """What a patron needs to log in, and what they chose for their account."""

    patron = models.OneToOneField(Patron, models.CASCADE, related_name="account")
    password = models.CharField(max_length=128, blank=True)
    must_change_password = models.BooleanField(default=False)
    start_password_until = models.DateTimeField(null=True, blank=True)
    keeps_history_since = models.DateTimeField(_("keeps past loans since"), null=True, blank=True)
    history_text = models.CharField(max_length=20, blank=True)
    logged_in_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.patron_id}"


class ReaderSession(models.Model):
    """A browser in which a reader is logged in. Without this row its session opens nothing."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="reader_sessions")
    session_key = models.CharField(max_length=64, unique=True)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)
    is_kept = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.patron_id} since {self.began_at}"

    @property
    def browser_name(self) -> str:
        return browser_name(self.browser) or "–"


class ReaderProgram(models.Model):
    """A program (an e-reader) in which a reader is logged in, and the two tokens it holds.

    Only their digests are kept: of the key, which both begin with and which stays; of the secret
    that opens the account for a while; and of the one that is changed for the next pair, once.
    """

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="reader_programs")
    digest = models.CharField(max_length=64, unique=True)
    opening_digest = models.CharField(max_length=64)
    opens_until = models.DateTimeField()
    renewing_digest = models.CharField(max_length=64)
    renewable_until = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    program = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField()
    renewed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.patron_id} since {self.began_at}"

    @property
    def program_name(self) -> str:
        return browser_name(self.program) or "–"


class LoginCode(models.Model):
    """A code asked for, whether or not anybody is known by what was typed. Kept for a week.

    The code itself is never kept: its keyed digest is, from when it is sent.
    """

    name = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    patrons = models.JSONField(default=list)
    wrong = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["name", "asked_at"], name="code_by_name"),
            models.Index(fields=["address", "asked_at"], name="code_by_address"),
            models.Index(fields=["asked_at"], name="code_asked"),
        ]

    def __str__(self) -> str:
        return f"code {self.pk}"


class LoginTryQuerySet(models.QuerySet["LoginTry"]):
    def failures(self, since: datetime) -> Self:
        """Return the failures after that moment that still count."""
        return self.filter(at__gt=since, succeeded=False, forgiven=False)


class LoginTry(models.Model):
    """One try of a reader to log in whose password or code was looked at. Kept for a week."""

    name = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()
    succeeded = models.BooleanField(default=False)
    forgiven = models.BooleanField(default=False)

    objects = LoginTryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["name", "at"], name="try_by_name"),
            models.Index(fields=["address", "at"], name="try_by_address"),
            models.Index(fields=["at"], name="try_at"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {'in' if self.succeeded else 'refused'}"


class Identity(models.Model):
    """An account of another place (OpenID Connect) by which a patron logs in."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()
    linked_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_card_per_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.patron_id} at {self.issuer}"
