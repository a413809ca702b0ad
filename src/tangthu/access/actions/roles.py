"""Roles: sets of rights with a name, the same for the whole network."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from tangthu.access.authority import administrators_remain, require_network
from tangthu.access.default_roles import DEFAULT_ROLES
from tangthu.access.errors import RoleCodeTaken, RoleFixed, RoleInUse, UnknownPermission
from tangthu.access.grants import permissions_of
from tangthu.access.models import Role
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.permissions import every_permission
from tangthu.text.normal import normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleData:
    """A role as a manager describes it; `permissions` are codes."""

    code: str
    name: str
    permissions: frozenset[str]


@transaction.atomic
def create_role(data: RoleData, *, by: Actor) -> Role:
    """Define a role. Nobody puts into it what they do not hold in the whole network."""
    role = Role()
    _fill(role, data, by=by)
    _note("role.created", role, by=by, after=audit.snapshot(role))
    return role


@transaction.atomic
def change_role(role: Role, data: RoleData, *, by: Actor) -> Role:
    """Change what the role allows to all who hold it.

    Refused for the role that always holds everything, for rights (given or taken) that the
    actor does not hold, and when it would leave the network without an administrator.
    """
    role = Role.objects.select_for_update().get(pk=role.pk)
    if role.everything:
        raise RoleFixed
    before = audit.snapshot(role)
    with administrators_remain():
        _fill(role, data, by=by)
    _note("role.changed", role, by=by, before=before, after=audit.snapshot(role))
    return role


@transaction.atomic
def remove_role(role: Role, *, by: Actor) -> None:
    """Remove a role that nobody holds. Raises RoleInUse."""
    if role.everything:
        raise RoleFixed
    require_network(permissions_of(role), by=by)
    before, key = audit.snapshot(role), role.pk
    try:
        role.delete()
    except ProtectedError:
        raise RoleInUse(role=role.name) from None
    audit.record("role.removed", by=by, kind="role", key=key, before=before)


@transaction.atomic
def create_default_roles(*, by: Actor) -> dict[str, Role]:
    """Make the roles that a library begins with, and return them by code.

    A role that is there already stays as its managers have made it.
    """
    require_network(frozenset(every_permission()), by=by)
    roles: dict[str, Role] = {}
    for default in DEFAULT_ROLES:
        roles[default.code], is_new = Role.objects.get_or_create(
            code=default.code,
            defaults={
                "name": default.name,
                "permissions": sorted(default.permissions),
                "everything": default.everything,
            },
        )
        if is_new:
            role = roles[default.code]
            _note("role.created", role, by=by, after=audit.snapshot(role))
    return roles


def _fill(role: Role, data: RoleData, *, by: Actor) -> None:
    known = {str(permission): permission for permission in every_permission()}
    for code in data.permissions - known.keys():
        raise UnknownPermission(field="permissions", permission=code)
    wanted = frozenset(known[code] for code in data.permissions)
    require_network(wanted ^ permissions_of(role), by=by)
    role.code = normalise(data.code).lower()
    role.name = normalise(data.name)
    role.permissions = sorted(data.permissions)
    try:
        with transaction.atomic():
            role.save()
    except IntegrityError:
        raise RoleCodeTaken(field="code") from None


def _note(
    action: str,
    role: Role,
    *,
    by: Actor,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(action, by=by, kind="role", key=role.pk, before=before, after=after)
