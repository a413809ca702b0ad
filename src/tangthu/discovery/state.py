"""Whether search can answer now, for the site to say so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tangthu.discovery.embedded.shelf import Progress
from tangthu.discovery.errors import IndexFault, IndexUnavailable
from tangthu.discovery.search import shelf


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
    """Return whether there is an index, and how far a new one has come."""
    progress = shelf().progress()
    try:
        shelf().live()
    except IndexUnavailable as error:
        building = Readiness.BUILDING if progress else Readiness.MISSING
        return IndexState(building, progress, error.fault)
    if shelf().is_damaged():
        building = Readiness.BUILDING if progress else Readiness.MISSING
        return IndexState(building, progress, IndexFault.DAMAGED)
    return IndexState(Readiness.READY, progress)
