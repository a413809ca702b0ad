"""The way of a parcel as one table: from which state a step leads where, and by whom.

A delivery goes out to the reader, or it is a collection that comes back from one. Whatever a
step brings with it (a copy kept back, a fee, a loan that begins) stands in its line as well, so
that what one step did and another undoes can be read side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Leg(StrEnum):
    """Which way it goes."""

    OUT = "out"
    BACK = "back"


class State(StrEnum):
    """Where a delivery is. The codes are stable."""

    ASKED = "asked"
    APPROVED = "approved"
    PICKED = "picked"
    PACKED = "packed"
    ON_THE_WAY = "on_the_way"
    FAILED = "failed"
    DELIVERED = "delivered"
    COLLECTED = "collected"
    RECEIVED = "received"
    CAME_BACK = "came_back"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    LOST = "lost"


class StepName(StrEnum):
    """A step that somebody takes. The codes are stable."""

    APPROVE = "approve"
    REJECT = "reject"
    CANCEL = "cancel"
    PICK = "pick"
    PACK = "pack"
    HAND_OVER = "hand_over"
    DELIVER = "deliver"
    FAIL = "fail"
    RETRY = "retry"
    COME_BACK = "come_back"
    LOSE = "lose"
    COLLECT = "collect"
    RECEIVE = "receive"


class Who(StrEnum):
    """In which part somebody acts. One person may play several."""

    READER = "reader"
    APPROVER = "approver"
    HANDLER = "handler"
    CARRIER = "carrier"


class Effect(StrEnum):
    """What a step brings with it beside the new state."""

    SET_ASIDE = "set_aside"
    RELEASE = "release"
    CHARGE = "charge"
    REVERSE_FEE = "reverse_fee"
    START_LOANS = "start_loans"
    END_LOANS = "end_loans"
    MARK_LOST = "mark_lost"


class FailReason(StrEnum):
    """Why a parcel could not be handed to the reader, or fetched there."""

    NOT_HOME = "not_home"
    WRONG_ADDRESS = "wrong_address"
    REFUSED = "refused"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table."""

    name: StepName
    leg: Leg
    sources: frozenset[State]
    target: State
    who: frozenset[Who]
    effects: frozenset[Effect] = frozenset()
    needs_reason: bool = False


_DOOR = frozenset({State.ON_THE_WAY, State.FAILED})
_STAFF = frozenset({Who.HANDLER})
_APPROVER = frozenset({Who.APPROVER})
_AT_THE_DOOR = frozenset({Who.HANDLER, Who.CARRIER})
_EITHER = frozenset({Who.READER, Who.HANDLER})
_UNDO = frozenset({Effect.RELEASE, Effect.REVERSE_FEE})


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


STEPS: tuple[Step, ...] = (
    Step(
        StepName.APPROVE,
        Leg.OUT,
        _from(State.ASKED),
        State.APPROVED,
        _APPROVER,
        frozenset({Effect.SET_ASIDE, Effect.CHARGE}),
    ),
    Step(
        StepName.REJECT,
        Leg.OUT,
        _from(State.ASKED),
        State.REJECTED,
        _APPROVER,
        needs_reason=True,
    ),
    Step(
        StepName.CANCEL,
        Leg.OUT,
        _from(State.ASKED, State.APPROVED),
        State.CANCELLED,
        _EITHER,
        _UNDO,
    ),
    Step(
        StepName.CANCEL,
        Leg.OUT,
        _from(State.PICKED, State.PACKED),
        State.CANCELLED,
        _STAFF,
        _UNDO,
        needs_reason=True,
    ),
    Step(StepName.PICK, Leg.OUT, _from(State.APPROVED), State.PICKED, _STAFF),
    Step(StepName.PACK, Leg.OUT, _from(State.PICKED), State.PACKED, _STAFF),
    Step(StepName.HAND_OVER, Leg.OUT, _from(State.PACKED), State.ON_THE_WAY, _STAFF),
    Step(
        StepName.DELIVER,
        Leg.OUT,
        _DOOR,
        State.DELIVERED,
        _AT_THE_DOOR,
        frozenset({Effect.RELEASE, Effect.START_LOANS}),
    ),
    Step(
        StepName.FAIL,
        Leg.OUT,
        _from(State.ON_THE_WAY),
        State.FAILED,
        _AT_THE_DOOR,
        needs_reason=True,
    ),
    Step(StepName.RETRY, Leg.OUT, _from(State.FAILED), State.ON_THE_WAY, _AT_THE_DOOR),
    Step(
        StepName.COME_BACK,
        Leg.OUT,
        _DOOR,
        State.CAME_BACK,
        _STAFF,
        frozenset({Effect.RELEASE}),
    ),
    Step(
        StepName.LOSE,
        Leg.OUT,
        _DOOR,
        State.LOST,
        _STAFF,
        _UNDO | {Effect.MARK_LOST},
        needs_reason=True,
    ),
    Step(
        StepName.APPROVE,
        Leg.BACK,
        _from(State.ASKED),
        State.APPROVED,
        _APPROVER,
        frozenset({Effect.CHARGE}),
    ),
    Step(
        StepName.REJECT,
        Leg.BACK,
        _from(State.ASKED),
        State.REJECTED,
        _APPROVER,
        needs_reason=True,
    ),
    Step(
        StepName.CANCEL,
        Leg.BACK,
        _from(State.ASKED, State.APPROVED),
        State.CANCELLED,
        _EITHER,
        frozenset({Effect.REVERSE_FEE}),
    ),
    Step(
        StepName.CANCEL,
        Leg.BACK,
        _from(State.FAILED),
        State.CANCELLED,
        _STAFF,
        needs_reason=True,
    ),
    Step(StepName.HAND_OVER, Leg.BACK, _from(State.APPROVED), State.ON_THE_WAY, _STAFF),
    Step(StepName.COLLECT, Leg.BACK, _DOOR, State.COLLECTED, _AT_THE_DOOR),
    Step(
        StepName.FAIL,
        Leg.BACK,
        _from(State.ON_THE_WAY),
        State.FAILED,
        _AT_THE_DOOR,
        needs_reason=True,
    ),
    Step(StepName.RETRY, Leg.BACK, _from(State.FAILED), State.ON_THE_WAY, _AT_THE_DOOR),
    Step(
        StepName.RECEIVE,
        Leg.BACK,
        _from(State.ON_THE_WAY, State.COLLECTED),
        State.RECEIVED,
        _STAFF,
        frozenset({Effect.END_LOANS}),
    ),
    Step(
        StepName.LOSE,
        Leg.BACK,
        _from(State.COLLECTED),
        State.LOST,
        _STAFF,
        frozenset({Effect.END_LOANS, Effect.MARK_LOST, Effect.REVERSE_FEE}),
        needs_reason=True,
    ),
)
"""The reader is never charged for what the library lost on the way, in either direction. A parcel
that comes back from the door keeps its fee: it was carried."""

CLOSED_STATES = frozenset(
    {
        State.DELIVERED,
        State.RECEIVED,
        State.CAME_BACK,
        State.REJECTED,
        State.CANCELLED,
        State.LOST,
    }
)


class Refusal(StrEnum):
    """Why a step cannot be taken. The codes are stable, and each has its sentence."""

    WRONG_STATE = "wrong_state"
    NOT_YOURS = "not_yours"
    REASON_NEEDED = "reason_needed"
    ADDRESS_STILL_WRONG = "address_still_wrong"
    NOT_ALL_PICKED = "not_all_picked"
    NOT_ALL_PACKED = "not_all_packed"
    NOTHING_LEFT = "nothing_left"
    ALREADY_UNDER_WAY = "already_under_way"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """What is known when somebody takes a step.

    `lines` counts the books still meant to go, `picked` and `packed` those found and scanned.
    """

    leg: Leg
    state: State
    who: frozenset[Who]
    reason: str = ""
    lines: int = 1
    picked: int = 1
    packed: int = 1
    failed_for: str = ""
    failed_at: datetime | None = None
    address_changed_at: datetime | None = None


def find_step(name: StepName, *, leg: Leg, state: State) -> Step | None:
    """Return the line of the table for this step from this state; `None` when there is none."""
    return next(
        (step for step in STEPS if step.name is name and step.leg is leg and state in step.sources),
        None,
    )


def steps_from(leg: Leg, state: State, who: frozenset[Who]) -> tuple[Step, ...]:
    """Return the steps that somebody in these parts may take from here, in the table's order."""
    return tuple(
        step for step in STEPS if step.leg is leg and state in step.sources and step.who & who
    )


def open_states(leg: Leg) -> tuple[State, ...]:
    """Return the states of that leg in which something is still to be done, in their order."""
    of_leg = {state for step in STEPS if step.leg is leg for state in step.sources}
    return tuple(state for state in State if state in of_leg)


def judge_step(name: StepName, facts: StepFacts) -> Refusal | None:
    """Say why the step cannot be taken now; `None` when it can."""
    step = find_step(name, leg=facts.leg, state=facts.state)
    if step is None:
        return Refusal.WRONG_STATE
    if not step.who & facts.who:
        return Refusal.NOT_YOURS
    if step.needs_reason and not facts.reason.strip():
        return Refusal.REASON_NEEDED
    return next(_objections(name, facts), None)


def _objections(name: StepName, facts: StepFacts) -> Iterator[Refusal]:
    if name in {StepName.APPROVE, StepName.PICK, StepName.PACK} and facts.lines == 0:
        yield Refusal.NOTHING_LEFT
    if name is StepName.PICK and facts.picked < facts.lines:
        yield Refusal.NOT_ALL_PICKED
    if name is StepName.PACK and facts.packed < facts.lines:
        yield Refusal.NOT_ALL_PACKED
    if name is StepName.RETRY and _is_still_wrong(facts):
        yield Refusal.ADDRESS_STILL_WRONG


def _is_still_wrong(facts: StepFacts) -> bool:
    """Tell whether the address proved wrong and nobody has corrected it since."""
    if facts.failed_for != FailReason.WRONG_ADDRESS or facts.failed_at is None:
        return False
    changed = facts.address_changed_at
    return changed is None or changed < facts.failed_at
