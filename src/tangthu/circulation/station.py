"""A self-service station: the browser that holds its key, and the reader who stands there.

The browser's session belongs to the station, to nobody of the staff and to no reader's account:
whatever is typed there, the desk does not open. The reader is remembered only in that session,
and forgotten when they finish or when they walk away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from tangthu.access.tokens import digest_of
from tangthu.circulation.models import Station
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core.actor import Actor, Face
from tangthu.core.permissions import Permission
from tangthu.libraries.models import Library
from tangthu.libraries.reading import preference
from tangthu.patrons.models import Patron

STATION_KEY = "station"
VISIT_KEY = "station_visit"
MISSES_KEY = "station_misses"

OPEN_FOR = timedelta(days=90)
"""A station's browser may be switched off for the summer; its key can be ended at any time."""
MOST_MISSES = 6
MISSES_WITHIN = timedelta(minutes=2)
MOST_LINES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An open station: whose it is, who acts there, and how long it waits for somebody."""

    station: Station
    actor: Actor
    seconds: int
    asks_password: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was done in this visit, as the slip tells it: no name, no card."""

    deed: str
    title: str
    barcode: str
    due: str = ""


def take_over(request: HttpRequest, station: Station, key: str) -> None:
    """Make this browser the station: whoever was logged in here is so no more."""
    request.session.flush()
    request.session.create()
    request.session[STATION_KEY] = {"pk": station.pk, "key": key}
    request.session.set_expiry(int(OPEN_FOR.total_seconds()))
    rotate_token(request)


def place_of(request: HttpRequest) -> Place | None:
    """Return the station whose key this browser holds; `None` once it was closed elsewhere."""
    held = request.session.get(STATION_KEY)
    if not isinstance(held, dict):
        return None
    station = Station.objects.select_related("library").filter(pk=str(held.get("pk"))).first()
    if station is None or not station.is_open:
        return None
    if not constant_time_compare(station.digest, digest_of(str(held.get("key")))):
        return None
    library = station.library
    return Place(
        station=station,
        actor=_actor(station),
        seconds=int(preference(library, "station_seconds")),
        asks_password=preference(library, "station_proof") == "password",
    )


def _actor(station: Station) -> Actor:
    """Return who acts at the station: it lends what its library and those below it own."""
    below = Library.objects.under(station.library).values_list("pk", flat=True)
    grants: dict[Permission, frozenset[int]] = {CirculationPermission.LEND: frozenset(below)}
    return Actor(face=Face.STATION, name=station.name, library_id=station.library_id, grants=grants)


def reader_at(request: HttpRequest, place: Place, *, now: datetime) -> Patron | None:
    """Return the reader of this visit; nobody once the station has waited long enough.

    The page counts down from the last touch, the server from the last request, so the server
    waits a little longer: it is there for a browser whose script has stopped.
    """
    visit = request.session.get(VISIT_KEY)
    if not isinstance(visit, dict):
        return None
    if now.timestamp() - float(visit["seen"]) > 3 * place.seconds:
        forget_reader(request)
        return None
    patron = Patron.objects.select_related("category", "library").filter(pk=visit["patron"]).first()
    if patron is None:
        forget_reader(request)
        return None
    visit["seen"] = now.timestamp()
    request.session.modified = True
    return patron


def remember_reader(request: HttpRequest, patron: Patron) -> None:
    """Begin the visit of a reader; nothing of an earlier one is left."""
    now = timezone.now().timestamp()
    request.session[VISIT_KEY] = {"patron": patron.pk, "seen": now, "lines": []}
    request.session.pop(MISSES_KEY, None)


def forget_reader(request: HttpRequest) -> list[Line]:
    """End the visit, and return what was done in it for the slip."""
    lines = lines_of(request)
    request.session.pop(VISIT_KEY, None)
    return lines


def lines_of(request: HttpRequest) -> list[Line]:
    visit = request.session.get(VISIT_KEY) or {}
    return [Line(**line) for line in visit.get("lines", [])]


def note(request: HttpRequest, line: Line) -> None:
    """Add a line to the slip of this visit; a return without a card has no slip."""
    visit = request.session.get(VISIT_KEY)
    if visit and len(visit["lines"]) < MOST_LINES:
        visit["lines"].append(
            {"deed": line.deed, "title": line.title, "barcode": line.barcode, "due": line.due}
        )
        request.session.modified = True


def must_wait(request: HttpRequest, *, now: datetime) -> bool:
    """Tell whether too many unknown cards were tried here lately: somebody may be guessing."""
    return len(_misses(request, now)) >= MOST_MISSES


def note_miss(request: HttpRequest, *, now: datetime) -> None:
    """Remember that a card was unknown here."""
    request.session[MISSES_KEY] = [*_misses(request, now), now.timestamp()]


def _misses(request: HttpRequest, now: datetime) -> list[float]:
    since = (now - MISSES_WITHIN).timestamp()
    return [at for at in request.session.get(MISSES_KEY, []) if float(at) > since]
