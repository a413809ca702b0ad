"""What a place or a mark in a document may say, whatever reader made it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime

LONGEST_LOCATOR = 2000
MOST_KEYS = 12
MOST_MARKS = 1000
"""Of one reader in one document."""
LONGEST_QUOTE, LONGEST_NOTE, LONGEST_LABEL = 2000, 5000, 80
COLOURS = ("yellow", "green", "blue", "red")


def is_locator(value: object) -> bool:
    """Tell whether it names a place: a page and a part of it, a CFI, a second.

    Each reader writes its own names; here only that it is flat, short and of plain values.
    """
    if not isinstance(value, Mapping) or not 0 < len(value) <= MOST_KEYS:
        return False
    if not all(isinstance(key, str) and _is_plain(each) for key, each in value.items()):
        return False
    return len(json.dumps(value, ensure_ascii=False)) <= LONGEST_LOCATOR


def progress_of(value: object) -> float:
    """Return how much was read, from 0 to 1; 0 for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return min(max(float(value), 0.0), 1.0)


def moment_of(value: object, *, now: datetime) -> datetime:
    """Return when a device did it, by its clock in milliseconds; never later than now."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return now
    try:
        told = datetime.fromtimestamp(value / 1000, tz=now.tzinfo)
    except (OverflowError, OSError, ValueError):
        return now
    return min(told, now)


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, list):
        return len(value) <= MOST_KEYS and all(
            isinstance(each, int | float) and math.isfinite(each) for each in value
        )
    return value is None or isinstance(value, int)
