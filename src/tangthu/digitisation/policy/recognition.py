"""Rules of text recognition: languages, limits, which picture of a page to try, when to try again.

The figures come from measurements (bench/ocr.py): no way of preparing a page is best for all, and
the engine's mean confidence in its words tells which was best for this one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum


class JobState(StrEnum):
    """Where a page stands in the queue."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = frozenset({JobState.WAITING, JobState.RUNNING})


class Priority(IntEnum):
    """Who goes first: a reader waits, staff work on it, or whenever the machine is idle."""

    NOW = 1
    NORMAL = 5
    IDLE = 9


class Variant(StrEnum):
    """A picture of the page that the engine is shown."""

    RAW = "raw"
    DESKEWED = "deskewed"
    SMOOTHED = "smoothed"


LEASE = timedelta(minutes=17)
"""Longer than all variants of a page together may take; a worker that is silent so long is dead."""

PREPARE_SECONDS = 60
ENGINE_SECONDS = 180
ENGINE_MEMORY = 3 * 1024**3
MOST_TRIES = 3
DISK_FULL = "disk_full"
"""No fault of the page: it passes when somebody makes room."""

WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
MOST_PIXELS = 80_000_000
"""A larger picture is made smaller for the engine: an A3 page at 600 dpi has 70 million."""

SURE_ENOUGH = 0.92
"""A page read with this mean confidence is not read again in another way."""

SKEW_TO_MEND = 0.3
"""Degrees. Below it lines are straight enough, and turning costs sharpness."""

_MODELS = {
    "vie": "vie",
    "fre": "fra",
    "fra": "fra",
    "eng": "eng",
    "rad": "vie",
    "jra": "vie",
    "bdq": "vie",
    "cmo": "vie",
    "chi": "chi_tra",
}
_SECOND = {"vie": "Vietnamese"}
"""Another model of the same letters: better on pages that the first is unsure of (a sixth fewer
letters wrong), no better on others, a quarter slower. So it is asked only about those."""

HIGHLAND = frozenset({"rad", "jra", "bdq", "cmo"})


def models_for(languages: Sequence[str], *, installed: Collection[str]) -> tuple[str, ...]:
    """Return the engine's models for a document's languages, the first the most important.

    The highland languages are read as Vietnamese, whose letters they mostly share: no model knows
    theirs. A document that names no language is taken for Vietnamese; empty where no model that it
    needs is installed.
    """
    wanted = [_MODELS[code] for code in languages if code in _MODELS] or ["vie"]
    return tuple(model for model in dict.fromkeys(wanted) if model in installed)


def second_opinion(models: Sequence[str], *, installed: Collection[str]) -> tuple[str, ...]:
    """Return the models to ask where these were unsure; empty where there are no better ones.

    What two models say of their own sureness cannot be taken for comparable: that it is with these
    was measured (docs/develop/recognition.md).
    """
    others = tuple(_SECOND.get(model, model) for model in models)
    return others if others != tuple(models) and set(others) <= set(installed) else ()


def is_highland(languages: Sequence[str]) -> bool:
    """Tell whether the document has text in a language of the Central Highlands."""
    return any(code in HIGHLAND for code in languages)


@dataclass(frozen=True, slots=True)
class Look:
    """What was measured on the picture of a page: its skew in degrees, and whether it is grainy."""

    skew: float
    is_grainy: bool


def variants_for(look: Look) -> tuple[Variant, ...]:
    """Return the pictures to try, the likeliest first; the rest only where it was not enough."""
    if look.is_grainy:
        return (Variant.SMOOTHED, Variant.DESKEWED, Variant.RAW)
    if abs(look.skew) >= SKEW_TO_MEND:
        return (Variant.DESKEWED, Variant.SMOOTHED, Variant.RAW)
    return (Variant.RAW, Variant.SMOOTHED)


def wait_before(tries: int) -> timedelta:
    """Return how long a page rests after it failed for the nth time."""
    return WAITS[min(max(tries, 1), len(WAITS)) - 1]
