"""Counting a drawer."""

from __future__ import annotations

from collections.abc import Mapping

NOTES = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200)
"""The notes in circulation, đồng. Coins have not been seen for years."""

MOST_NOTES = 100_000


def counted(notes: Mapping[int, int]) -> int:
    """Return what so many of each note are worth.

    Raises ValueError for a note that does not exist or a number that nobody can have counted.
    """
    for note, number in notes.items():
        if note not in NOTES or not 0 <= number <= MOST_NOTES:
            raise ValueError(f"{number} notes of {note}")
    return sum(note * number for note, number in notes.items())
