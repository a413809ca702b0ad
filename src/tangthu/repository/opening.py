"""What opens an object to one reader: a loan of it, or a request that staff approved.

The apps that keep such grants stand above this one. They register here who may answer; an object
whose level a grant can lift (`policy.access.GRANTED`) opens when one of them says so. Nobody is
asked about other levels, and nobody opens what is not published, under embargo, or kept back by a
community.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tangthu.core.actor import Actor
from tangthu.repository.models import DigitalObject

Opener = Callable[[DigitalObject, Actor, datetime], bool]
"""Tell whether this visitor has, now, what opens this object. It reads and never writes."""

_openers: list[Opener] = []


def register(opener: Opener) -> None:
    """Let this function open objects to those who were granted it."""
    if opener not in _openers:
        _openers.append(opener)


def is_opened(obj: DigitalObject, actor: Actor, now: datetime) -> bool:
    """Tell whether somebody granted this visitor the object, as the openers know it now."""
    return any(opener(obj, actor, now) for opener in _openers)
