"""Whether search can answer now, for the site to say so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tangthu.discovery.embedded.shelf import Progress, Shelf
from tangthu.discovery.errors import IndexFault, IndexUnavailable
from tangthu.discovery.search import page_shelf, shelf


class Readiness(StrEnum):
    READY = "ready"
    BUILDING = "building"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class IndexState:
    """`progress` is there while an index is being built, beside a live one or instead of it."""

    readiness: Readiness
    progress: Progress | None = None
    fault: IndexFault | None = None

    @property
    def is_ready(self) -> bool:
        return self.readiness is Readiness.READY


def state() -> IndexState:
    """Return whether there is an index of records, and how far a new one has come."""
    return _state(shelf())


def state_of_pages() -> IndexState:
    """Return the same of the index of pages."""
    return _state(page_shelf())


def _state(place: Shelf) -> IndexState:
    progress = place.progress()
    waiting = Readiness.BUILDING if progress else Readiness.MISSING
    try:
        place.live()
    except IndexUnavailable as error:
        return IndexState(waiting, progress, error.fault)
    if place.is_damaged():
        return IndexState(waiting, progress, IndexFault.DAMAGED)
    return IndexState(Readiness.READY, progress)
