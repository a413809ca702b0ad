"""Workers in processes of their own, which tests kill in the middle of their work."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from types import FrameType

from django.core.management import call_command
from django.db import connections


def begun(run: Callable[[], object]) -> int:
    """Do it in a process of its own; return its number at once."""
    # Two processes must not speak over one connection.
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        run()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(pid: int) -> int:
    """Wait for it; return its exit code, or less than nothing for the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def work(queue: str = "default") -> None:
    """Be the worker of that queue until nothing waits in it."""
    call_command("worker", "--batch", "--no-startup-delay", "--queue-name", queue, verbosity=0)


def run_until(stage: str, run: Callable[[], object]) -> None:
    """Do it until this is reached, `call name` or `return name`, and die of SIGKILL."""
    event, name = stage.split()

    def watch(frame: FrameType, found: str, _argument: object) -> None:
        ours = "tangthu/repository" in frame.f_code.co_filename
        if ours and found == event and frame.f_code.co_qualname == name:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch)
    run()
