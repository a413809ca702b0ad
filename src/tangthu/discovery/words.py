"""The two forms of a word: folded, by which it is found, and with marks, by which it ranks."""

from __future__ import annotations

import re
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from tangthu.text import fold_token, search_key, tokens
from tangthu.text.memory import Memory

# The one word with a space inside that `tokens` knows: H’ Hen.
_SPACED_WORD = re.compile(r"[hH][^\w\s][ \u00a0]")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
LONGEST_HEADING = 200
"""Characters of a heading that is remembered; longer ones hardly come again."""
_ROOM = 1 << 16
"""Words that are remembered: nearly all that a catalogue of a province has."""
_ISBN_LENGTHS = frozenset({10, 13})


class Forms(NamedTuple):
    """A word folded, and its exact form where that says more: `má` is (ma, má), `ma` (ma, "")."""

    folded: str
    marked: str


class Spelt(NamedTuple):
    """A text as the index takes it: folded, and its words with marks alone."""

    folded: str
    marked: str


_folded, _marked = itemgetter(0), itemgetter(1)


def _forms(token: str) -> Forms:
    folded = fold_token(token)
    if token.isascii():
        return Forms(folded, "")
    exact = search_key(token)
    return Forms(folded, "" if exact.isascii() else exact)


forms = Memory(_forms, room=_ROOM).__getitem__
"""Return both forms of one token."""


def forms_of(text: str) -> list[Forms]:
    """Return both forms of every word of a text, in order."""
    return list(chain.from_iterable(map(_FORMS_BETWEEN_SPACES.__getitem__, _pieces(text))))


def spelt(text: str) -> Spelt:
    """Return a text folded, and the words of it that bear marks as they are spelt.

    Words are parted by one space or more.
    """
    pieces = list(map(_SPELT_BETWEEN_SPACES.__getitem__, _pieces(text)))
    return Spelt(" ".join(map(_folded, pieces)), " ".join(map(_marked, pieces)))


known = Memory(spelt, longest=LONGEST_HEADING).__getitem__
"""`spelt` for texts that come again and again: names, subject headings, publishers."""


def folded(text: str) -> str:
    """Return the folded words of a text, parted by single spaces."""
    return " ".join(spelt(text).folded.split())


def compact(identifier: str) -> str:
    """Return a number without its dashes, dots and spaces: `978-604-1` is `9786041`."""
    if identifier.isalnum():
        return identifier.lower()
    return _NOT_ALPHANUMERIC.sub("", identifier).lower()


def equivalents(identifier: str) -> tuple[str, ...]:
    """Return a compact identifier and, for a valid ISBN, its form of the other length."""
    number = compact(identifier)
    if len(number) not in _ISBN_LENGTHS:
        return (number,)
    other = _thirteen(number) if len(number) == 10 else _ten(number)
    return (number, other) if other else (number,)


def _pieces(text: str) -> list[str]:
    """Cut a text at its spaces: most pieces were met before, and their forms are remembered."""
    return [text] if _SPACED_WORD.search(text) else text.split()


def _forms_between_spaces(piece: str) -> tuple[Forms, ...]:
    return tuple(form for form in map(forms, tokens(piece)) if form.folded)


def _spelt_between_spaces(piece: str) -> Spelt:
    words = _FORMS_BETWEEN_SPACES[piece]
    return Spelt(
        " ".join([form.folded for form in words]),
        " ".join([form.marked for form in words if form.marked]),
    )


_FORMS_BETWEEN_SPACES = Memory(_forms_between_spaces, room=_ROOM)
forms_between_spaces = _FORMS_BETWEEN_SPACES.__getitem__
"""Return the forms of what stands between two spaces."""
_SPELT_BETWEEN_SPACES = Memory(_spelt_between_spaces, room=_ROOM)


def _thirteen(ten: str) -> str:
    nine = ten[:9]
    if not nine.isdecimal() or not nine.isascii() or ten[9] != _check_of_ten(nine):
        return ""
    return _with_check_of_thirteen(f"978{nine}")


def _ten(thirteen: str) -> str:
    nine = thirteen[3:12]
    if not thirteen.startswith("978") or not thirteen.isdecimal() or not thirteen.isascii():
        return ""
    if _with_check_of_thirteen(thirteen[:12]) != thirteen:
        return ""
    return nine + _check_of_ten(nine)


def _check_of_ten(nine: str) -> str:
    """ISO 2108: weights 10 to 2, modulo 11."""
    rest = -sum(int(digit) * (10 - at) for at, digit in enumerate(nine)) % 11
    return "x" if rest == 10 else str(rest)


def _with_check_of_thirteen(twelve: str) -> str:
    """ISO 2108: weights 1 and 3 in turn, modulo 10."""
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"
