"""Who is acting, at which library, through which face, with which permissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tangthu.core.errors import NotPermitted
from tangthu.core.permissions import Permission


class Face(StrEnum):
    """The way by which a deed reached the library."""

    STAFF = "staff"
    OPAC = "opac"
    API = "api"
    SIP2 = "sip2"
    STATION = "station"
    DELIVERY = "delivery"
    OFFLINE = "offline"
    COMMAND = "command"
    JOB = "job"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts. Grants name, per permission, the libraries at which it holds.

    `everywhere` is for the machine itself: commands, jobs and tests of deeds.
    """

    face: Face
    name: str = ""
    user_id: int | None = None
    patron_id: int | None = None
    library_id: int | None = None
    grants: Mapping[Permission, frozenset[int]] = field(default_factory=dict)
    everywhere: bool = False

    @classmethod
    def machine(
        cls, name: str, *, face: Face = Face.COMMAND, library_id: int | None = None
    ) -> Actor:
        """Return the actor for work that the system does by itself."""
        return cls(face=face, name=name, library_id=library_id, everywhere=True)

    @property
    def is_staff(self) -> bool:
        return self.everywhere or self.user_id is not None

    @property
    def is_reader(self) -> bool:
        return self.patron_id is not None

    def may(self, permission: Permission, *, at: int | None = None) -> bool:
        """Tell whether the permission holds at that library, or, without one, anywhere."""
        if self.everywhere:
            return True
        libraries = self.grants.get(permission, frozenset())
        return at in libraries if at is not None else bool(libraries)

    def require(self, permission: Permission, *, at: int | None = None) -> None:
        """Raise NotPermitted unless the permission holds there."""
        if not self.may(permission, at=at):
            raise NotPermitted(permission=str(permission), library=at)

    def libraries(self, permission: Permission) -> frozenset[int]:
        """Return the ids of the libraries at which the permission holds.

        Empty for an actor with `everywhere`, who needs no such list: ask that first.
        """
        return self.grants.get(permission, frozenset())


NOBODY = Actor(face=Face.OPAC)
