"""Numbers as addresses and forms say them."""

from __future__ import annotations

LONGEST = 18
"""Digits: what every column of either database can hold."""


def whole_number(text: str) -> int | None:
    """Return the number that the text says in plain digits; None for anything else, or a larger."""
    said = text.isascii() and text.isdigit() and len(text) <= LONGEST
    return int(text) if said else None
