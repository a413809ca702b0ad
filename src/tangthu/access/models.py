from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tangthu.access import policy
from tangthu.access.permissions import AccessPermission
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.text.folding import fold


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the staff whom the actor administers, and the actor."""
        if actor.everywhere:
            return self
        return self.filter(
            Q(library__in=actor.libraries(AccessPermission.MANAGE_USERS)) | Q(pk=actor.user_id)
        )

    def matching(self, text: str) -> Self:
        """Return those whose name or user name holds the text, typed with its marks or without.

        A network has a few hundred members of staff at most, so they are compared one by one.
        """
        wanted = fold(text)
        people = self.values_list("pk", "name", "username")
        return self.filter(
            pk__in=[pk for pk, name, username in people if wanted in fold(f"{name} {username}")]
        )

    def for_list(self) -> Self:
        return self.select_related("library").prefetch_related("grants__role", "grants__library")


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, actor: Actor) -> UserQuerySet:
        return self.get_queryset().visible_to(actor)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username or "")


class User(AbstractBaseUser):
    """A member of staff who may log in."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(_("full name"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    library = models.ForeignKey(Library, models.PROTECT, related_name="staff")
    is_active = models.BooleanField(_("may log in"), default=True)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("staff user")
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="username_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A named set of permissions; with `everything`, all there are now and later."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    permissions = models.JSONField(default=list)
    everything = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("role")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """A role that a user holds at a library and at all those below it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants")
    library = models.ForeignKey(Library, models.PROTECT, related_name="grants")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "library"], name="one_grant_each"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id} at {self.library_id}"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def valid(self, at: datetime) -> Self:
        """Return the tokens that open something at that moment."""
        unexpired = Q(expires_at=None) | Q(expires_at__gt=at)
        return self.filter(unexpired, revoked_at=None, user__is_active=True)


class ApiToken(models.Model):
    """A key for programs. Only its digest is kept; `prefix` lets a person recognise it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class StaffSession(models.Model):
    """A browser in which a user is logged in, so that it can be seen and ended."""

    user = models.ForeignKey(User, models.CASCADE, related_name="staff_sessions")
    session_key = models.CharField(max_length=64, unique=True)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} since {self.began_at}"

    @property
    def browser_name(self) -> str:
        return policy.browser_name(self.browser) or "–"


class LoginAttemptQuerySet(models.QuerySet["LoginAttempt"]):
    def failures(self, since: datetime) -> Self:
        """Return the failures after that moment that still count."""
        return self.filter(at__gt=since, succeeded=False, forgiven=False)


class LoginAttempt(models.Model):
    """One try to log in whose password was looked at.

    Throttling and lock-out count the failures, until they are forgiven. What was typed as a name
    but cannot be one (it may be a password) stands here as a digest.
    """

    username = models.CharField(max_length=150)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()
    succeeded = models.BooleanField(default=False)
    forgiven = models.BooleanField(default=False)

    objects = LoginAttemptQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["username", "at"], name="login_by_username"),
            models.Index(fields=["address", "at"], name="login_by_address"),
            models.Index(fields=["at"], name="login_at"),
        ]

    def __str__(self) -> str:
        return f"{self.username} {'in' if self.succeeded else 'refused'}"
