"""Where a list goes on: all of it in a signed word, so that nothing is kept between two requests.

A word that was altered is refused; one of another day is good, for a harvester may have slept. The
place is the last item told, by when it changed and its key, so that every answer costs what the
first one costs, however far it lies.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.core import signing

from tangthu.formats.oaipmh.errors import Fault, OaiError

LIFETIME = timedelta(days=7)
LONGEST = 1500
_SALT = "tangthu.protocols.oai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What was asked for, and how far it was answered.

    `stage` names the stretch of the list, such as the records of one library; `at` and `pk` the
    last item told of it.
    """

    verb: str
    prefix: str = ""
    set_spec: str = ""
    since: str = ""
    before: str = ""
    stage: str = ""
    at: str = ""
    pk: int = 0
    told: int = 0


def written(place: Place) -> str:
    """Return the word for a place."""
    values = {name: value for name, value in asdict(place).items() if value}
    return signing.dumps(values, salt=_SALT, compress=True)


def read(token: str, *, verb: str) -> Place:
    """Return the place of the word. Raises OaiError for what we did not write, or not lately."""
    try:
        if len(token) > LONGEST:
            raise signing.BadSignature
        values = signing.loads(token, salt=_SALT, max_age=LIFETIME)
        place = Place(**values)
    except (signing.BadSignature, TypeError, ValueError):
        raise refused() from None
    if place.verb != verb:
        raise refused()
    return place


def refused() -> OaiError:
    """Return the refusal of a token that leads nowhere."""
    return OaiError(Fault.BAD_RESUMPTION_TOKEN, "The token is not one of ours, or too old.")


def said(moment: datetime | None) -> str:
    """Return a moment as a token keeps it."""
    return moment.isoformat() if moment else ""


def heard(text: str) -> datetime | None:
    """Return the moment that a token keeps."""
    return datetime.fromisoformat(text) if text else None
