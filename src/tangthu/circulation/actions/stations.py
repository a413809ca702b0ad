"""Self-service stations: founded, opened in one browser, closed again."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.access.tokens import digest_of
from tangthu.circulation.errors import StationNameTaken
from tangthu.circulation.models import Station
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library


@transaction.atomic
def add_station(library: Library, name: str, *, by: Actor) -> Station:
    """Set up a station at the library, still closed. Raises StationNameTaken."""
    by.require(CirculationPermission.OPEN_STATIONS, at=library.pk)
    try:
        with transaction.atomic():
            station = Station.objects.create(library=library, name=" ".join(name.split()))
    except IntegrityError:
        raise StationNameTaken("name") from None
    _leave_trace("station.added", station, by=by)
    return station


@transaction.atomic
def open_station(station: Station, *, by: Actor) -> str:
    """Give out a new key for the station, which the browser keeps; the former opens nothing more.

    The key is returned once: only its digest is stored.
    """
    station = _locked(station, by=by)
    key = secrets.token_urlsafe(32)
    station.digest = digest_of(key)
    station.opened_at = timezone.now()
    station.opened_by = by.name
    station.save(update_fields=["digest", "opened_at", "opened_by"])
    _leave_trace("station.opened", station, by=by)
    return key


@transaction.atomic
def close_station(station: Station, *, by: Actor) -> None:
    """Close the station, wherever its browser is: its key opens nothing from now on."""
    station = _locked(station, by=by)
    if not station.is_open:
        return
    station.digest = ""
    station.save(update_fields=["digest"])
    _leave_trace("station.closed", station, by=by)


@transaction.atomic
def remove_station(station: Station, *, by: Actor) -> None:
    """Take the station off the list. What was lent there stays as it is."""
    station = _locked(station, by=by)
    _leave_trace("station.removed", station, by=by)
    station.delete()


def _locked(station: Station, *, by: Actor) -> Station:
    by.require(CirculationPermission.OPEN_STATIONS, at=station.library_id)
    return Station.objects.select_for_update(no_key=True).get(pk=station.pk)


def _leave_trace(action: str, station: Station, *, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="station",
        key=station.pk,
        library=station.library_id,
        after={"name": station.name},
    )
