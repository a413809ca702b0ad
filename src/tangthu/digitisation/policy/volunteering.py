"""When volunteers' answers count, and how many are taken from one person."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tangthu.text import normalise

NEEDED = 2
MOST_A_DAY = 500
MOST_A_MINUTE = 40
LONGEST, MOST_WORDS = 60, 4
# From so many answers on, one in this many may be wrong.
JUDGED_FROM, MOST_WRONG = 20, 0.4


class Verdict(StrEnum):
    """What the answers to one word come to."""

    WAITING = "waiting"
    AGREED = "agreed"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict, and the word that was agreed upon."""

    verdict: Verdict
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a volunteer did so far: answers today, in the last minute, and how they turned out."""

    today: int = 0
    last_minute: int = 0
    right: int = 0
    wrong: int = 0
    is_barred: bool = False


class Stop(StrEnum):
    """Why a volunteer cannot go on now."""

    BARRED = "barred"
    TOO_MANY_WRONG = "too_many_wrong"
    ENOUGH_TODAY = "enough_today"
    TOO_FAST = "too_fast"


def judge(answers: Sequence[str]) -> Outcome:
    """Say what the answers of different people come to; an empty one could not read the word.

    Two who read the same have decided. Two who read differently, or two who could not read it,
    leave it to the library.
    """
    given = Counter(answer for answer in answers if answer)
    for answer, count in given.most_common(1):
        if count >= NEEDED:
            return Outcome(Verdict.AGREED, answer)
    if len(given) > 1 or list(answers).count("") >= NEEDED:
        return Outcome(Verdict.DISPUTED)
    return Outcome(Verdict.WAITING)


def stop_of(record: Record) -> Stop | None:
    """Return what keeps this volunteer from answering now, if anything does."""
    decided = record.right + record.wrong
    if record.is_barred:
        return Stop.BARRED
    if decided >= JUDGED_FROM and record.wrong > decided * MOST_WRONG:
        return Stop.TOO_MANY_WRONG
    if record.today >= MOST_A_DAY:
        return Stop.ENOUGH_TODAY
    if record.last_minute >= MOST_A_MINUTE:
        return Stop.TOO_FAST
    return None


def word_typed(text: str) -> str | None:
    """Return what was typed in its one form; None where it is nothing that stands on a page."""
    word = normalise(text)
    if len(word) > LONGEST or len(word.split()) > MOST_WORDS or "://" in word:
        return None
    known = all(unicodedata.category(each)[0] in "LMNPZ" or each in "+=<>|°§$^~`" for each in word)
    return word if known else None
