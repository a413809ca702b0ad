"""Judge a return: what the desk does with a copy that came back, and what it should know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tangthu.circulation.policy.facts import CheckinFacts, ItemState


class NextAction(StrEnum):
    """What the desk does with a copy that came back."""

    SHELVE = "shelve"
    SET_ASIDE = "set_aside"
    HOLD = "hold"
    TRANSIT = "transit"


class CheckinNotice(StrEnum):
    """What the desk should know about a copy that came back."""

    WAS_NOT_ON_LOAN = "was_not_on_loan"
    WAS_OVERDUE = "was_overdue"
    WAS_LOST = "was_lost"
    IS_DAMAGED = "is_damaged"
    IS_WITHDRAWN = "is_withdrawn"
    BELONGS_ELSEWHERE = "belongs_elsewhere"
    WAS_SENT_ELSEWHERE = "was_sent_elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckinVerdict:
    """What follows from a return. A return is never refused: the copy is there."""

    next_action: NextAction
    notices: tuple[CheckinNotice, ...] = ()
    late_by: timedelta = timedelta(0)
    is_found: bool = False


def ended_at(lent_at: datetime, given_at: datetime | None, *, now: datetime) -> datetime:
    """Say when the loan of a copy ends that comes back now: when its reader gave it away.

    A moment that lies ahead, or before the loan, says nothing of this loan: then it ends now.
    """
    if given_at is None or not lent_at <= given_at <= now:
        return now
    return given_at


def judge_checkin(facts: CheckinFacts) -> CheckinVerdict:
    """Say what follows from a copy's coming back.

    A lost copy is found by it. One that was withdrawn from the register does not return to
    the shelf: it is set aside for a person to look at.
    """
    late_by = max(facts.now - facts.due_at, timedelta(0)) if facts.due_at else timedelta(0)
    checks = {
        CheckinNotice.WAS_NOT_ON_LOAN: facts.due_at is None,
        CheckinNotice.WAS_OVERDUE: late_by > timedelta(0),
        CheckinNotice.WAS_LOST: facts.state is ItemState.LOST,
        CheckinNotice.IS_DAMAGED: facts.state is ItemState.DAMAGED,
        CheckinNotice.IS_WITHDRAWN: facts.state is ItemState.WITHDRAWN,
        CheckinNotice.BELONGS_ELSEWHERE: not facts.belongs_here,
    }
    withdrawn = facts.state is ItemState.WITHDRAWN
    return CheckinVerdict(
        next_action=NextAction.SET_ASIDE if withdrawn else NextAction.SHELVE,
        notices=tuple(notice for notice, applies in checks.items() if applies),
        late_by=late_by,
        is_found=facts.state is ItemState.LOST,
    )
