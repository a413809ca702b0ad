"""Opening and changing the stacks of a library."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.libraries.actions.traces import note, require_words
from tangthu.libraries.errors import LibraryRefused
from tangthu.libraries.models import Library, Location, StackAccess
from tangthu.libraries.permissions import LibrariesPermission


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationData:
    """What is said of a stack."""

    code: str
    name: str
    access: StackAccess = StackAccess.OPEN
    on_site_only: bool = False
    is_active: bool = True


def add_location(library: Library, data: LocationData, *, by: Actor) -> Location:
    """Open a stack in the library; raises LibraryRefused when its code is taken there."""
    by.require(LibrariesPermission.MANAGE_LIBRARIES, at=library.pk)
    return _save_location(Location(library=library), data, by=by)


def change_location(location: Location, data: LocationData, *, by: Actor) -> Location:
    """Change a stack, or take it out of use: its copies keep it. Refused as `add_location`."""
    by.require(LibrariesPermission.MANAGE_LIBRARIES, at=location.library_id)
    return _save_location(location, data, by=by)


def _save_location(location: Location, data: LocationData, *, by: Actor) -> Location:
    try:
        return _saved_location(location, data, by=by)
    except IntegrityError:
        raise LibraryRefused("code", fault="taken") from None


@transaction.atomic
def _saved_location(location: Location, data: LocationData, *, by: Actor) -> Location:
    before = audit.snapshot(location) if location.pk else None
    for name, value in asdict(data).items():
        setattr(location, name, value)
    require_words(code=location.code, name=location.name)
    location.save()
    action = "location.change" if before else "location.add"
    note(action, location, by=by, before=before, after=audit.snapshot(location))
    return location
