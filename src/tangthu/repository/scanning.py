"""Looking through files for viruses, where ClamAV is installed."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

# The daemon keeps its signatures in memory. The plain program loads them anew for each file, which
# takes longer than all else that is done to it, so it is not used.
_DAEMON = "clamdscan"
_SECONDS = 600
_PING_SECONDS = 10

# How `clamdscan` ends: 0 is clean, 1 found something, 2 could not look, as when no daemon runs.
_CLEAN = 0
_FOUND = 1

# What it "finds" in a file larger than its limits, where `AlertExceedsMax` is on: it did not look.
_BEYOND_LIMITS = b"Heuristics.Limits.Exceeded"


@dataclass(frozen=True, slots=True)
class Scan:
    """What came of it: no program where there is none, and `done` only where it said so."""

    program: str = ""
    done: bool = False
    found: bool = False


def scan_for_viruses(path: Path) -> Scan:
    """Let the ClamAV daemon look through the file; without one, nothing is looked through."""
    program = shutil.which(_DAEMON)
    if program is None:
        return Scan()
    command = [program, "--no-summary", "--fdpass", str(path)]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return Scan(_DAEMON)
    if ended.returncode not in {_CLEAN, _FOUND} or _BEYOND_LIMITS in ended.stdout:
        return Scan(_DAEMON)
    return Scan(_DAEMON, done=True, found=ended.returncode == _FOUND)


def daemon_answers() -> bool | None:
    """Say whether the daemon answers; None where its program is not installed."""
    program = shutil.which(_DAEMON)
    if program is None:
        return None
    try:
        ended = subprocess.run(  # noqa: S603
            [program, "--ping", "1"], capture_output=True, timeout=_PING_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == _CLEAN
