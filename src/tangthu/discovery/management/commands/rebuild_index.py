from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tangthu.core.wording import explain
from tangthu.discovery import indexer
from tangthu.discovery.embedded.shelf import Progress
from tangthu.discovery.errors import WriterBusy
from tangthu.discovery.rebuilding import rebuild
from tangthu.discovery.search import shelf


class Command(BaseCommand):
    help = "Build the search index anew beside the live one, which answers until it is replaced."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--processes", type=int, help="prepare records in so many processes; 0: in this one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        last = Progress(0, 0)

        def report(progress: Progress) -> None:
            nonlocal last
            last = progress
            rate = progress.done / (time.monotonic() - began)
            self.stdout.write(f"{progress.done} / {progress.total}  {rate:.0f}/s")

        try:
            rebuild(
                shelf(),
                catch_up=indexer.apply_all,
                report=report,
                processes=options["processes"],
            )
        except WriterBusy as error:
            raise CommandError(explain(error)) from error
        self.stdout.write(f"{last.done} records in {time.monotonic() - began:.1f} s")
