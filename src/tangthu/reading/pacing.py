"""How fast each visit fetches pictures, counted by all web processes of this machine together.

One small file is mapped into each of them: a row for each visit, and a lock held for microseconds.
A tile is asked for hundreds of times a second; the database is not asked about any of them.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import time
from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.conf import settings

from tangthu.reading.policy.pace import Allowance

ROWS = 16_384
"""Visits that are told apart. Two that share a row push each other out, and begin anew."""

_ROW = struct.Struct("<qdd")


def take(view: int, pixels: int) -> float:
    """Count a picture that a visit fetches; return how many seconds too early it was, else 0."""
    return _table(str(Path(settings.DATA) / "pace"), os.getpid()).take(view, pixels, time.time())


class Table:
    """The rows of all visits, in a file that several processes share."""

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(self._file, ROWS * _ROW.size)
        self._rows = mmap.mmap(self._file, ROWS * _ROW.size)

    def take(self, view: int, pixels: int, now: float) -> float:
        """Count a picture of the visit at this second of the clock."""
        at = view % ROWS * _ROW.size
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX, _ROW.size, at)
            try:
                known, left, last = _ROW.unpack_from(self._rows, at)
                # A clock that was set back gives nothing, and takes nothing away.
                found = Allowance(left, min(last, now)) if known == view else Allowance(at=now)
                early = found.take(pixels, now=now)
                _ROW.pack_into(self._rows, at, view, found.left, found.at)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, _ROW.size, at)
        return early


@lru_cache(maxsize=4)
def _table(path: str, process: int) -> Table:
    """Return the table as this process has it: a forked one opens it anew, for its own locks."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return Table(Path(path))
