"""The reference of a transfer: short, plain, and found again in what banks make of it.

`TT`, six signs and one that checks them, of digits and letters that are not mistaken for each
other. Banks drop spaces, fold case and put words of their own around; none of this hides it.
"""

from __future__ import annotations

import re

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 signs, a prime: any one sign wrong, or two neighbours swapped, fails the check."""

PREFIX = "TT"
_SIGNS = 6
POSSIBLE = len(ALPHABET) ** _SIGNS

_NOT_PLAIN = re.compile("[^0-9A-Z]+")
_LIKE_ONE = re.compile(f"(?=({PREFIX}[{ALPHABET}]{{{_SIGNS + 1}}}))")


def reference(number: int) -> str:
    """Return the reference of a number below `POSSIBLE`."""
    signs = ""
    for _ in range(_SIGNS):
        number, digit = divmod(number, len(ALPHABET))
        signs = ALPHABET[digit] + signs
    return PREFIX + signs + _check(signs)


def references_in(text: str) -> tuple[str, ...]:
    """Return every reference that stands in a text, whatever stands around and between it."""
    plain = _NOT_PLAIN.sub("", text.upper())
    found = (match.group(1) for match in _LIKE_ONE.finditer(plain))
    return tuple(dict.fromkeys(each for each in found if _is_one(each)))


def _is_one(text: str) -> bool:
    return _check(text[len(PREFIX) : -1]) == text[-1]


def _check(signs: str) -> str:
    weighed = (place * ALPHABET.index(sign) for place, sign in enumerate(signs, 1))
    return ALPHABET[sum(weighed) % len(ALPHABET)]
