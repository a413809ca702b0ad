"""A whole `tangthu serve` in processes of its own, for tests that ask it from outside."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen


@dataclass(frozen=True, slots=True)
class Served:
    """A running `tangthu serve`: its process, address, data folder and log."""

    process: subprocess.Popen[bytes]
    address: str
    data: Path
    log: Path

    def status(self, path: str = "/healthz") -> int:
        """Return the status of an answer; 0 when nobody answers."""
        try:
            with urlopen(self.address + path, timeout=5) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code
        except (URLError, OSError):
            return 0

    def children(self) -> dict[str, int]:
        """Return the process of each program, by the last line in which it was started."""
        started = [line for line in self.lines() if line.get("message", "").startswith("started")]
        return {line["program"]: int(line["message"].split()[-1]) for line in started}

    def lines(self) -> list[dict[str, str]]:
        """Return the log lines; whatever is not one fails here."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


def start(folder: Path, *options: str, environment: Mapping[str, str] | None = None) -> Served:
    """Start it on a free port with a new data folder below `folder`."""
    port, data, log = free_port(), folder / "data", folder / "log"
    process = launch(data, log, "--port", str(port), *options, environment=environment)
    return Served(process, f"http://127.0.0.1:{port}", data, log)


def launch(
    data: Path, log: Path, *options: str, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start `tangthu serve` on that data folder and the database of this run."""
    given = os.environ | {"TANGTHU_DATA": str(data), "TANGTHU_LOG_LEVEL": "INFO"}
    with log.open("wb") as errors, log.with_suffix(".out").open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "tangthu.site.cli", "serve", *options],
            env=given | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )


def eventually(holds: Callable[[], bool], *, within: float = 120.0) -> bool:
    """Wait until it holds; False when it does not in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return holds()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
