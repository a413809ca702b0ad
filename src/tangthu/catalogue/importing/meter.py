"""How fast a long job goes, in figures and as a line on a terminal."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from tangthu.catalogue.models import ImportJob

_WIDTH = 30
_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a job is, its rate in records a second, and the seconds left if known."""

    percent: int
    rate: int
    seconds_left: int | None


def pace_of(job: ImportJob, now: datetime) -> Pace:
    """Reckon by bytes: how many records a file holds is known only at its end."""
    percent = min(100, job.position * 100 // job.file_size) if job.file_size else 100
    if job.started_at is None:
        return Pace(percent, 0, None)
    seconds = max((now - job.started_at).total_seconds(), 0.001)
    done = job.position - job.resumed_from
    if done <= 0:
        return Pace(percent, 0, None)
    share = done / max(job.position, 1)
    left = (job.file_size - job.position) * seconds / done
    return Pace(percent, round(job.read * share / seconds), round(left))


class Meter:
    """A progress bar that one person watches; silent where nobody does."""

    def __init__(self, stream: TextIO, label: str) -> None:
        self._stream = stream
        self._label = label
        self._shown_at = 0.0
        self._is_watched = stream.isatty()

    def show(self, job: ImportJob, now: datetime) -> None:
        """Draw the bar anew, ten times a second at most."""
        moment = time.monotonic()
        if not self._is_watched or moment - self._shown_at < _EVERY:
            return
        self._shown_at = moment
        pace = pace_of(job, now)
        bar = "█" * (pace.percent * _WIDTH // 100)
        left = (
            ""
            if pace.seconds_left is None
            else f" · {pace.seconds_left // 60}:{pace.seconds_left % 60:02}"
        )
        counts = f"{pace.percent:3} % · {job.read} · {pace.rate}/s{left}"
        self._stream.write(f"\r{self._label} {bar:<{_WIDTH}} {counts}\x1b[K")
        self._stream.flush()

    def clear(self) -> None:
        """Leave an empty line behind."""
        if self._is_watched:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
