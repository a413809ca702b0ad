"""The stages that a document goes through, and how it moves between them.

Stages are data: each project has its own list. What the program does at a stage is its *effect*;
a stage without one is work that only people do. The usual list is that of Vietnamese libraries'
plans and of TCVN 12200:2018 (choose, prepare, scan, process, check, describe, hand over).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MOST_STAGES = 20
MOST_DAYS = 365


class Effect(StrEnum):
    """What the program does when a stage is begun or finished."""

    NONE = "none"
    FETCH = "fetch"
    SCAN = "scan"
    CHECK = "check"
    PUBLISH = "publish"


class Doer(StrEnum):
    """Who does a stage, by the permission that is asked for. The codes are those permissions'."""

    PLAN = "digitisation.plan"
    WORK = "digitisation.work"
    DESCRIBE = "repository.edit"
    PUBLISH = "repository.publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePlan:
    """A stage as it is planned. `gives_back`: the copy returns to the stack when it is finished."""

    name: str
    effect: Effect = Effect.NONE
    doer: Doer = Doer.WORK
    days: int = 3
    gives_back: bool = False


class StagesFault(StrEnum):
    """What is wrong with a list of stages."""

    NONE_AT_ALL = "none_at_all"
    TOO_MANY = "too_many"
    NAMED_TWICE = "named_twice"
    EFFECT_TWICE = "effect_twice"
    OUT_OF_ORDER = "out_of_order"
    NEVER_GIVEN_BACK = "never_given_back"


_ORDER = (Effect.FETCH, Effect.SCAN, Effect.CHECK, Effect.PUBLISH)


def fault_in(stages: Sequence[StagePlan]) -> StagesFault | None:
    """Say what is wrong with the list: None where a document can go through it.

    What is fetched must be given back, and only after it was scanned.
    """
    if not stages:
        return StagesFault.NONE_AT_ALL
    if len(stages) > MOST_STAGES:
        return StagesFault.TOO_MANY
    if len({stage.name.casefold() for stage in stages}) < len(stages):
        return StagesFault.NAMED_TWICE
    effects = [stage.effect for stage in stages if stage.effect is not Effect.NONE]
    if len(set(effects)) < len(effects):
        return StagesFault.EFFECT_TWICE
    if effects != sorted(effects, key=_ORDER.index):
        return StagesFault.OUT_OF_ORDER
    return _fault_of_return(stages)


def _fault_of_return(stages: Sequence[StagePlan]) -> StagesFault | None:
    fetched = _first(stages, Effect.FETCH)
    if fetched is None:
        return None
    scanned = _first(stages, Effect.SCAN)
    after = fetched if scanned is None else scanned
    if any(stage.gives_back for stage in stages[after:]):
        return None
    return StagesFault.NEVER_GIVEN_BACK


def _first(stages: Sequence[StagePlan], effect: Effect) -> int | None:
    return next((at for at, stage in enumerate(stages) if stage.effect is effect), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document is in its list: the place of its stage, and of the last one.

    `back_to` is the farthest stage it had reached before it was sent back; it lies ahead.
    """

    at: int
    last: int
    back_to: int | None = None


def finished(place: Place) -> Place | None:
    """Go on to the next stage; None where there is no further one."""
    if place.at >= place.last:
        return None
    at = place.at + 1
    ahead = place.back_to if place.back_to is not None and place.back_to > at else None
    return Place(at, place.last, ahead)


def sent_back(place: Place, to: int) -> Place:
    """Go back to an earlier stage, remembering how far it had come. Raises ValueError else."""
    if not 0 <= to < place.at:
        raise ValueError(to)
    reached = place.at if place.back_to is None else max(place.at, place.back_to)
    return Place(to, place.last, reached)


def resumed(place: Place) -> Place:
    """Go forward to where it was before it was sent back. Raises ValueError where it was not."""
    if place.back_to is None:
        raise ValueError(place)
    return Place(place.back_to, place.last)


def due_on(today: date, days: int) -> date:
    """Return the last day on which the stage is in time."""
    return today + timedelta(days=days)
