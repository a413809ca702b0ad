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
    # 0: clean; 1: found; 2: it could not look, as when the daemon does not run.
    return Scan(_DAEMON, done=ended.returncode in {0, 1}, found=ended.returncode == 1)
