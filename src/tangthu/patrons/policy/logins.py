"""The rules of readers' logging in. Pure.

Wrong tries are slowed as those of staff are (`access.policy`); here is what a reader types, and
how often a code may be sent. What is unknown is judged like what is known, so that nobody learns
from an answer who is a reader.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tangthu.patrons.policy import age_on, is_card, normal_card, stored_phone

CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=10)
WRONG_CODES = 5
"""So often a code may be mistyped. Five guesses at a million codes are worth one in 200,000."""

CODES_COUNT_FOR = timedelta(hours=1)
CODES_PER_NAME = 5
CODES_PER_ADDRESS = 60
"""An hour. A whole school sits behind one address; each code costs the library a message."""
CODES_APART = timedelta(seconds=60)

PENDING_LASTS = timedelta(minutes=10)
"""How long somebody who proved a phone may take to choose one of its cards."""
START_PASSWORD_LASTS = timedelta(days=14)
KEPT_FOR = timedelta(days=30)
IDLE_FOR = timedelta(hours=1)
"""A session on a device that may be shared ends after so long without a step."""
PROGRAM_KEPT_FOR = timedelta(days=30)
"""So long a program may stay away before its reader logs in there again."""
PROGRAM_OPENS_FOR = timedelta(minutes=30)
"""So long one token opens the account; the program then renews it."""
RENEWED_TWICE_WITHIN = timedelta(seconds=10)
"""A program that renews twice at once is no thief: after so long, whoever has the old token is."""
PROGRAMS_AT_ONCE = 20
"""Of one reader. A further one ends the one that was longest unused."""
TRIES_ARE_KEPT = timedelta(days=7)
TRIED_AT_ONE_PHONE = 2
"""Passwords compared for one phone, known or not. Each comparison costs a third of a second."""

ADULT = 18
"""Whose guardian no longer acts for them (Bộ luật Dân sự 2015, Điều 20)."""


@dataclass(frozen=True, slots=True)
class Named:
    """What somebody typed to say who they are: a card, or the telephone they have."""

    card: str
    phone: str = ""

    @property
    def key(self) -> str:
        """The name under which tries are counted: a digest of what can be neither."""
        if self.phone:
            return self.phone
        if is_card(self.card):
            return self.card
        return f"#{hashlib.sha256(self.card.encode('utf-8', 'replace')).hexdigest()[:32]}"


def named(typed: str) -> Named:
    """Read a card number or a telephone number as typed."""
    return Named(card=normal_card(typed)[:200], phone=stored_phone(typed) or "")


def is_acted_for(birth_on: date | None, today: date) -> bool:
    """Tell whether a guardian still acts for this reader: until 18, or while the age is unknown."""
    return birth_on is None or age_on(birth_on, today) < ADULT


def next_code_at(
    now: datetime, *, of_name: Sequence[datetime], of_address: Sequence[datetime]
) -> datetime | None:
    """Return until when no further code is sent; None when one may be sent now.

    The moments are those of the codes asked for in the last hour, by this name and from this
    address.
    """
    waits = [
        _full_until(of_name, CODES_PER_NAME),
        _full_until(of_address, CODES_PER_ADDRESS),
        max(of_name) + CODES_APART if of_name else None,
    ]
    ahead = [moment for moment in waits if moment is not None and moment > now]
    return max(ahead, default=None)


def _full_until(moments: Sequence[datetime], limit: int) -> datetime | None:
    if len(moments) < limit:
        return None
    return sorted(moments)[-limit] + CODES_COUNT_FOR
