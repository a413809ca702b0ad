"""`tangthu ocr`: read pages until stopped, on this machine, at low priority."""

from __future__ import annotations

import os
import signal
import threading
from argparse import ArgumentParser
from types import FrameType

from django.core.management.base import BaseCommand

from tangthu.digitisation.worker import work

NICENESS = 10
"""Below everything that somebody waits for: the desk stays quick while pages are read."""


class Command(BaseCommand):
    help = "Recognise the text of pages that wait for it. `tangthu serve` starts it by itself."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--workers", type=int, default=0, help="how many pages at once; half of the processors"
        )
        parser.add_argument("--once", action="store_true", help="end when nothing waits any more")

    def handle(self, *, workers: int, once: bool, **_options: object) -> None:
        stop = threading.Event()

        def told(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, told)
        signal.signal(signal.SIGINT, told)
        os.nice(NICENESS)
        count = workers if workers > 0 else max(1, (os.cpu_count() or 2) // 2)
        pages = work(count, stop=stop, once=once)
        if once:
            self.stdout.write(f"{pages} pages read")
