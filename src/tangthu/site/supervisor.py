"""Run several programs as one: start them, restart what dies, stop them in order.

Nothing here knows Django or the library. Each program is a process in a session of its own, so
that Ctrl+C reaches the supervisor alone; and the kernel tells each to stop should the supervisor
itself be killed.
"""

from __future__ import annotations

import ctypes
import fcntl
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

logger = logging.getLogger("tangthu.supervisor")

POLL = 0.2
FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
SETTLED = 60.0
PR_SET_PDEATHSIG = 1


class AlreadyRunning(Exception):
    """Another supervisor holds the lock; `pid` is its process, 0 when it did not say."""

    def __init__(self, pid: int) -> None:
        super().__init__(pid)
        self.pid = pid


@dataclass(frozen=True, slots=True)
class Program:
    """A process to keep alive, and the seconds it gets to end by itself when told to."""

    name: str
    command: tuple[str, ...]
    grace: float = 10.0


@dataclass(slots=True)
class Child:
    """A program with its present process, and when it may be started again."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    failures: int = 0


@dataclass(slots=True)
class Supervisor:
    """Keeps the programs alive until SIGINT, SIGTERM or SIGHUP, then ends them in their order."""

    programs: Sequence[Program]
    environment: Mapping[str, str] = field(default_factory=dict)
    _children: list[Child] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _hurry: bool = False

    def run(self) -> None:
        """Start every program and return when all have ended after a signal."""
        self._children = [Child(program) for program in self.programs]
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told_to_stop)
        try:
            while not self._stop.is_set():
                for child in self._children:
                    self._tend(child)
                self._stop.wait(POLL)
        finally:
            self._end_all()

    def _told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        # The second signal is a person who does not want to wait.
        self._hurry = self._stop.is_set()
        self._stop.set()

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at:
                self._start(child)
        elif (code := child.process.poll()) is not None:
            sweep(child.process)
            child.process = None
            child.failures = 0 if now - child.started > SETTLED else child.failures + 1
            delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (child.failures - 1))
            child.start_at = now + delay
            logger.error(
                "ended by itself with %s; starting again in %.1f s",
                code,
                delay,
                extra={"program": child.program.name},
            )

    def _start(self, child: Child) -> None:
        program = child.program
        child.started = time.monotonic()
        child.process = subprocess.Popen(  # noqa: S603
            program.command,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **self.environment, "TANGTHU_PROCESS": program.name},
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        logger.info("started as %d", child.process.pid, extra={"program": program.name})

    def _end_all(self) -> None:
        for child in self._children:
            if child.process is not None:
                self._end(child.process, child.program)
        logger.info("all stopped")

    def _end(self, process: subprocess.Popen[bytes], program: Program) -> None:
        process.terminate()
        deadline = time.monotonic() + program.grace
        while process.poll() is None and time.monotonic() < deadline and not self._hurry:
            time.sleep(POLL / 4)
        if process.poll() is None:
            logger.warning("did not stop in time; killed", extra={"program": program.name})
        sweep(process)
        process.wait()


def sweep(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and whatever it left behind in its session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def end_with_parent() -> None:
    """Ask Linux to send us SIGTERM when our parent dies; elsewhere there is no such thing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold the lock file while running. Raises AlreadyRunning when another process does.

    The kernel lets go of it however the holder ends, so that it is never stale.
    """
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip()
            raise AlreadyRunning(int(holder) if holder.isdecimal() else 0) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
