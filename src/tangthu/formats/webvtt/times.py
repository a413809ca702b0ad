"""Moments of a recording, in milliseconds from its beginning, as people and captions write them."""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)(?:[.,](\d{1,3}))?\Z")
HOUR, MINUTE, SECOND = 3_600_000, 60_000, 1_000


def moment(text: str) -> int | None:
    """Return the moment that `1:02:03`, `02:03` or `02:03,450` names; None for what names none."""
    found = _WRITTEN.match(text.strip())
    if found is None:
        return None
    hours, minutes, seconds, rest = found.groups()
    whole = int(hours or 0) * HOUR + int(minutes) * MINUTE + int(seconds) * SECOND
    return whole + int((rest or "0").ljust(3, "0"))


def clock(at: int, *, exact: bool = False) -> str:
    """Return the moment as people read it, `2:03` or `1:02:03`; `exact`: as WebVTT wants it."""
    hours, rest = divmod(at, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds, thousandths = divmod(rest, SECOND)
    if exact:
        return f"{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"
    if hours:
        return f"{hours}:{minutes:02}:{seconds:02}"
    return f"{minutes}:{seconds:02}"
