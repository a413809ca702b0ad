"""When a reader is reminded of a loan: before the due date, and in steps after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WINDOW = 30
"""Days after its step in which the last reminder still makes sense. A loan that was late for long
when reminders were switched on, or that was settled otherwise, is not dug up."""


class Reminder(StrEnum):
    """What a reader is told; the codes are those of the notices."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    OVERDUE_AGAIN = "overdue_again"
    OVERDUE_LAST = "overdue_last"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDays:
    """A library's days: before the due date, and after it. 0 is never."""

    before: int = 3
    first: int = 1
    second: int = 7
    last: int = 21

    @property
    def steps(self) -> tuple[tuple[int, Reminder], ...]:
        """The steps after the due date, in the order of their days."""
        named = (
            (self.first, Reminder.OVERDUE),
            (self.second, Reminder.OVERDUE_AGAIN),
            (self.last, Reminder.OVERDUE_LAST),
        )
        return tuple(sorted((day, step) for day, step in named if day > 0))


def reminder(*, lent_on: date, due_on: date, today: date, days: ReminderDays) -> Reminder | None:
    """Return the one reminder that is called for today, or none.

    Of several steps that have passed only the latest: a machine that was off for a week does not
    send three. Nobody is reminded on the day on which they borrowed.
    """
    late = (today - due_on).days
    if late <= 0:
        soon = days.before > 0 and -late <= days.before and lent_on < today
        return Reminder.DUE_SOON if soon else None
    passed = [(day, step) for day, step in days.steps if day <= late]
    if not passed:
        return None
    day, step = passed[-1]
    return step if late <= day + WINDOW else None


def reach(days: ReminderDays) -> tuple[int, int]:
    """Return how many days before and after the due date anybody is reminded at all."""
    return days.before, max((day for day, _ in days.steps), default=0) + WINDOW
