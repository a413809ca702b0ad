"""Who may administer whom: asked by the actions before they change a user or a role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tangthu.access import policy
from tangthu.access.errors import AboveYou, CannotGive, LastAdministrator
from tangthu.access.grants import grants_of, permissions_of
from tangthu.access.models import Role, RoleGrant, User
from tangthu.access.permissions import AccessPermission
from tangthu.core.actor import Actor
from tangthu.core.permissions import Permission
from tangthu.libraries.models import Library

ADMINISTRATION = frozenset({AccessPermission.MANAGE_USERS, AccessPermission.MANAGE_ROLES})


def require_over(user: User, *, by: Actor) -> None:
    """Raise unless the actor administers the user's library and holds all that the user holds."""
    by.require(AccessPermission.MANAGE_USERS, at=user.library_id)
    if not is_over(user, by=by):
        raise AboveYou(user=user.pk)


def is_over(user: User, *, by: Actor) -> bool:
    """Tell whether the user holds nothing that the actor does not hold as well."""
    own = by.user_id is not None and by.user_id == user.pk
    return by.everywhere or own or policy.covers(by.grants, grants_of(user))


def may_give(role: Role, library: Library, *, by: Actor) -> bool:
    """Tell whether the actor holds everything in the role, at the library and all below it."""
    if by.everywhere:
        return True
    below = frozenset(Library.objects.under(library).values_list("pk", flat=True))
    return policy.covers(by.grants, dict.fromkeys(permissions_of(role), below))


def require_network(permissions: frozenset[Permission], *, by: Actor) -> None:
    """Raise CannotGive unless the actor holds these, and the defining of roles, everywhere."""
    for root in Library.objects.filter(parent=None):
        by.require(AccessPermission.MANAGE_ROLES, at=root.pk)
        for permission in permissions:
            if not by.may(permission, at=root.pk):
                raise CannotGive(permission=str(permission))


@contextmanager
def administrators_remain() -> Iterator[None]:
    """Undo the deed inside (by raising LastAdministrator) if it leaves no administrator.

    To be used in a transaction. The roots of the tree are locked, so that two administrators who
    bar each other in the same moment do not both succeed.
    """
    list(Library.objects.select_for_update().filter(parent=None).order_by("pk"))
    before = administrators()
    yield
    if before and not administrators():
        raise LastAdministrator


def administrators() -> frozenset[int]:
    """Return the ids of the users who administer a whole tree of libraries."""
    held = RoleGrant.objects.filter(library__parent=None, user__is_active=True)
    return frozenset(
        grant.user_id
        for grant in held.select_related("role")
        if permissions_of(grant.role) >= ADMINISTRATION
    )
