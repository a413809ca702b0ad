"""The rules of what a person may ask of those who keep data on them.

Law 91/2025/QH15 and decree 356/2025/NĐ-CP: a request is answered within two working days. Days of
the calendar are counted by the state's working week (Monday to Friday, no public holiday), not by
the hours at which a library opens.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

WORKING_DAYS = 2
_SATURDAY = 5


class RequestKind(StrEnum):
    """What is asked for."""

    EXPORT = "export"
    CORRECT = "correct"
    ERASE = "erase"


class RequestState(StrEnum):
    """Where a request stands. Of a postponed one the reader has been told why."""

    WAITING = "waiting"
    POSTPONED = "postponed"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({RequestState.WAITING, RequestState.POSTPONED})


def answer_by(asked_on: date, *, holidays: Collection[date], worked: Collection[date] = ()) -> date:
    """Return the last day for the answer: the second working day after that of the request."""
    day, left = asked_on, WORKING_DAYS
    while left:
        day += timedelta(days=1)
        if is_working_day(day, holidays=holidays, worked=worked):
            left -= 1
    return day


def is_working_day(day: date, *, holidays: Collection[date], worked: Collection[date] = ()) -> bool:
    """Tell whether public offices work on that day, perhaps in exchange for another."""
    return day in worked or (day.weekday() < _SATURDAY and day not in holidays)
