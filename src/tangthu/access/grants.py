"""From the roles a user holds to the grants an Actor carries."""

from __future__ import annotations

from collections import defaultdict

from tangthu.access.models import RoleGrant, User
from tangthu.core.actor import Actor, Face
from tangthu.core.permissions import Permission, every_permission
from tangthu.libraries.models import Library


def grants_of(user: User) -> dict[Permission, frozenset[int]]:
    """Return, per permission, the libraries at which the user's roles give it.

    A role held at a node of the tree holds at all nodes below. Two queries.
    """
    known = {str(permission): permission for permission in every_permission()}
    held = list(RoleGrant.objects.filter(user=user).select_related("role", "library"))
    if not held:
        return {}
    tree = list(Library.objects.values_list("id", "path"))
    libraries: defaultdict[Permission, set[int]] = defaultdict(set)
    for grant in held:
        below = {pk for pk, path in tree if path.startswith(grant.library.path)}
        for code in grant.role.permissions:
            if code in known:
                libraries[known[code]] |= below
    return {permission: frozenset(ids) for permission, ids in libraries.items()}


def actor_for(user: User, *, face: Face, library_id: int | None = None) -> Actor:
    """Return the actor that this user is, at the library where they now work."""
    return Actor(
        face=face,
        name=user.name or user.username,
        user_id=user.pk,
        library_id=library_id or user.library_id,
        grants=grants_of(user),
    )
