"""The first library, its roles and its administrator."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from tangthu.access.actions.roles import create_default_roles
from tangthu.access.actions.users import UserData, create_user, grant_role
from tangthu.access.default_roles import NETWORK_ADMINISTRATOR
from tangthu.access.errors import AlreadySetUp
from tangthu.access.models import User
from tangthu.core.actor import Actor
from tangthu.libraries.actions import LibraryData, create_library
from tangthu.libraries.models import Library
from tangthu.libraries.policy import PARENT_KINDS, LibraryKind

NETWORK = LibraryData(code="NET", name="Mạng lưới thư viện", kind=LibraryKind.NETWORK)
"""The root above all libraries. Its name is data of a Vietnamese library, and may be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupData:
    """The first library and who administers it."""

    code: str
    name: str
    kind: LibraryKind
    username: str


@transaction.atomic
def set_up(data: SetupData, *, by: Actor) -> tuple[User, str]:
    """Make the network, its first library, the default roles and an administrator of it all.

    Returns the administrator and the first password. Raises AlreadySetUp when there is any staff
    user, so that nobody becomes administrator of a system in use by running it again.
    """
    if User.objects.exists():
        raise AlreadySetUp
    root = _root(data.kind, by=by)
    library = create_library(
        LibraryData(code=data.code, name=data.name, kind=data.kind, parent=root), by=by
    )
    roles = create_default_roles(by=by)
    admin = UserData(username=data.username, name=data.username, library=library)
    user, first = create_user(admin, by=by)
    grant_role(user, roles[NETWORK_ADMINISTRATOR], root or library, by=by)
    return user, first


def _root(kind: LibraryKind, *, by: Actor) -> Library | None:
    """Return the network under which this kind stands; None for one that stands alone."""
    if LibraryKind.NETWORK not in PARENT_KINDS[kind]:
        return None
    known = Library.objects.filter(kind=LibraryKind.NETWORK, parent=None).first()
    return known or create_library(NETWORK, by=by)
