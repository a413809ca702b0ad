"""Who holds an import job: one process of one machine, told apart even when it died."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass, field
from pathlib import Path


def _new_name() -> str:
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True)
class Holder:
    """One run of an import. Two runs in one process are two holders."""

    name: str = field(default_factory=_new_name)


def is_gone(name: str) -> bool:
    """Tell whether the holder is known to be dead: its process is no longer on this machine.

    Of a holder on another machine nothing is known, so the answer is no.
    """
    host, _, rest = name.partition(":")
    process = rest.partition(":")[0]
    if host != socket.gethostname()[:60] or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _is_zombie(int(process))


def _is_zombie(process: int) -> bool:
    """Tell whether Linux keeps of the process nothing but its exit status."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[:1] == ["Z"]
