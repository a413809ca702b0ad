"""The accounts of the staff, and the roles they hold at the libraries."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.access import policy
from tangthu.access.actions.logins import end_all_sessions, set_password
from tangthu.access.authority import administrators_remain, may_give, require_over
from tangthu.access.errors import (
    AlreadyGranted,
    CannotGive,
    NotYourself,
    UsernameInvalid,
    UsernameTaken,
)
from tangthu.access.models import Role, RoleGrant, User
from tangthu.access.permissions import AccessPermission
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.text.normal import normalise

_HIDE = frozenset({"password"})
_CLEAR_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


@dataclass(frozen=True, slots=True, kw_only=True)
class UserData:
    """What an administrator says about a member of staff."""

    username: str
    name: str
    library: Library
    email: str = ""


@transaction.atomic
def create_user(data: UserData, *, by: Actor, password: str | None = None) -> tuple[User, str]:
    """Make an account and return it with its first password, which nobody can read again.

    A password that the system makes must be changed at the first log-in; one that is given, as by
    the demo, need not. Raises UsernameInvalid, UsernameTaken, WeakPassword.
    """
    by.require(AccessPermission.MANAGE_USERS, at=data.library.pk)
    first = password or first_password()
    user = User()
    _fill(user, data)
    set_password(user, first, must_change=password is None)
    _save(user)
    _note("user.created", user, by=by, after=audit.snapshot(user, hide=_HIDE))
    return user, first


@transaction.atomic
def change_user(user: User, data: UserData, *, by: Actor) -> User:
    """Correct the account. To move it, the actor administers both libraries."""
    user = _locked(user)
    require_over(user, by=by)
    by.require(AccessPermission.MANAGE_USERS, at=data.library.pk)
    before = audit.snapshot(user, hide=_HIDE)
    _fill(user, data)
    _save(user)
    _note("user.changed", user, by=by, before=before, after=audit.snapshot(user, hide=_HIDE))
    return user


@transaction.atomic
def bar_user(user: User, *, by: Actor) -> None:
    """Stop the user from logging in, and end what is open: browsers at once, tokens too.

    Refused for oneself, and for the last administrator of the network.
    """
    user = _locked(user)
    require_over(user, by=by)
    if user.pk == by.user_id:
        raise NotYourself
    with administrators_remain():
        user.is_active = False
        user.save(update_fields=["is_active"])
    end_all_sessions(user)
    _note("user.barred", user, by=by, before={"is_active": True}, after={"is_active": False})


@transaction.atomic
def readmit_user(user: User, *, by: Actor) -> None:
    """Let a barred user log in again, with the rights and the password of before."""
    user = _locked(user)
    require_over(user, by=by)
    user.is_active = True
    user.save(update_fields=["is_active"])
    _note("user.readmitted", user, by=by, before={"is_active": False}, after={"is_active": True})


@transaction.atomic
def reset_password(user: User, *, by: Actor) -> str:
    """Give the user a new first password, log them out everywhere, and return it.

    The keys of their programs open nothing any more either: whoever knew the password may have
    made some. Refused for oneself: who is logged in changes it by knowing the present one.
    """
    user = _locked(user)
    require_over(user, by=by)
    if user.pk == by.user_id:
        raise NotYourself
    first = first_password()
    set_password(user, first, must_change=True)
    end_all_sessions(user)
    user.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    _note("user.password_reset", user, by=by)
    return first


@transaction.atomic
def grant_role(user: User, role: Role, library: Library, *, by: Actor) -> RoleGrant:
    """Give the user a role at the library and at all below it.

    Raises CannotGive unless the actor holds everything in the role there, AlreadyGranted.
    """
    require_over(user, by=by)
    by.require(AccessPermission.MANAGE_USERS, at=library.pk)
    if not may_give(role, library, by=by):
        raise CannotGive(role=role.code)
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(user=user, role=role, library=library)
    except IntegrityError:
        raise AlreadyGranted(role=role.name, library=library.name) from None
    _note("user.role_given", user, by=by, after={"role": role.code, "library": library.code})
    return grant


@transaction.atomic
def revoke_role(grant: RoleGrant, *, by: Actor) -> None:
    """Take the role away. Refused for the last administrator of the network."""
    user = grant.user
    require_over(user, by=by)
    by.require(AccessPermission.MANAGE_USERS, at=grant.library_id)
    if not may_give(grant.role, grant.library, by=by):
        raise CannotGive(role=grant.role.code)
    held: dict[str, object] = {"role": grant.role.code, "library": grant.library.code}
    with administrators_remain():
        grant.delete()
    _note("user.role_taken", user, by=by, before=held)


def first_password() -> str:
    """Return a password that can be read out over the telephone: `kx7m-9fqr-2hwd`."""
    groups = ("".join(secrets.choice(_CLEAR_LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _fill(user: User, data: UserData) -> None:
    user.username = policy.login_name(data.username)
    if not policy.is_username(user.username):
        raise UsernameInvalid(field="username")
    user.name = normalise(data.name)
    user.email = normalise(data.email)
    user.library = data.library


def _save(user: User) -> None:
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise UsernameTaken(field="username") from None


def _note(
    action: str,
    user: User,
    *,
    by: Actor,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(
        action,
        by=by,
        kind="user",
        key=user.pk,
        library=user.library_id,
        before=before,
        after=after,
    )
