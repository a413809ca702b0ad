"""The process that runs the schedule, and the postman beside it."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from tangthu.notices.postman import delivering
from tangthu.site.jobs import jobs
from tangthu.site.schedule import Memory, run_due

LOOK_EVERY = 30.0


class Command(BaseCommand):
    help = "Run the housekeeping whose time has come, until stopped. `tangthu serve` starts it."
    requires_system_checks = ()

    def handle(self, **_options: object) -> None:
        stop = threading.Event()

        def told(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, told)
        signal.signal(signal.SIGINT, told)
        path = Path(settings.DATA) / "schedule.json"
        with delivering():
            while not stop.is_set():
                close_old_connections()
                memory = run_due(jobs(), Memory.load(path), timezone.now())
                memory.save(path)
                stop.wait(LOOK_EVERY)
