"""From the roles a user holds to the grants an Actor carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from tangthu.access.models import Role, RoleGrant, User
from tangthu.core.actor import Actor, Face
from tangthu.core.permissions import Permission, every_permission
from tangthu.core.stamps import Remembered
from tangthu.libraries.models import Library, LibraryQuerySet


def permissions_of(role: Role) -> frozenset[Permission]:
    """Return what the role allows. A code that no app knows any more allows nothing."""
    if role.everything:
        return frozenset(every_permission())
    codes = frozenset(role.permissions)
    return frozenset(permission for permission in every_permission() if str(permission) in codes)


Grants = Mapping[Permission, frozenset[int]]


def grants_of(user: User) -> Grants:
    """Return, per permission, the libraries at which the user's roles give it.

    A role held at a node of the tree holds at all nodes below. One query; two more when
    libraries, roles or grants have changed.
    """
    known = _GRANTS.get()
    if user.pk not in known:
        known[user.pk] = read_grants(user)
    return known[user.pk]


def read_grants(user: User) -> Grants:
    """Ask the database for what `grants_of` remembers. Two queries."""
    held = list(RoleGrant.objects.filter(user=user).select_related("role", "library"))
    if not held:
        return {}
    tree = list(Library.objects.values_list("id", "path"))
    libraries: defaultdict[Permission, set[int]] = defaultdict(set)
    for grant in held:
        below = {pk for pk, path in tree if path.startswith(grant.library.path)}
        for permission in permissions_of(grant.role):
            libraries[permission] |= below
    return {permission: frozenset(ids) for permission, ids in libraries.items()}


_GRANTS = Remembered[dict[int, Grants]](dict)


def actor_for(user: User, *, face: Face, library_id: int | None = None) -> Actor:
    """Return the actor that this user is, at the library where they now work.

    That is their own library where none is named, or one at which they hold nothing any more.
    """
    return actor_with(grants_of(user), user, face=face, library_id=library_id)


def actor_with(grants: Grants, user: User, *, face: Face, library_id: int | None = None) -> Actor:
    """Return the actor that this user is with these grants."""
    held = library_id is not None and any(library_id in ids for ids in grants.values())
    return Actor(
        face=face,
        name=user.name or user.username,
        user_id=user.pk,
        library_id=library_id if held else user.library_id,
        grants=grants,
    )


def working_libraries(actor: Actor) -> LibraryQuerySet:
    """Return the libraries at which the actor holds anything: where they may choose to work."""
    every = Library.objects.in_tree_order()
    if actor.everywhere:
        return every
    return every.filter(pk__in=frozenset().union(*actor.grants.values()))
